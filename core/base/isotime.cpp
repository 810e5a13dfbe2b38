#include "base/isotime.h"

#include "base/isotimestamp.h"

namespace cloudnode {

QString isoTime(const QDateTime &moment)
{
    // QDateTime::toString() takes ten times as long, which a node with many short workloads feels.
    using namespace std::chrono;
    if (!moment.isValid())
        return {};
    return QString::fromStdString(
        isoTimestamp(sys_time<milliseconds>(milliseconds(moment.toMSecsSinceEpoch()))));
}

} // namespace cloudnode
