#include "base/isotime.h"

#include "base/isotimestamp.h"

namespace cloudnode {

// QDateTime::toString() takes ten times as long, which a node with many short workloads feels.
std::string isoTimestamp(const QDateTime &moment)
{
    using namespace std::chrono;
    if (!moment.isValid())
        return {};
    return isoTimestamp(sys_time<milliseconds>(milliseconds(moment.toMSecsSinceEpoch())));
}

QString isoTime(const QDateTime &moment)
{
    return QString::fromStdString(isoTimestamp(moment));
}

} // namespace cloudnode
