#include "base/isotime.h"

#include <chrono>
#include <cstdio>

namespace cloudnode {

QString isoTime(const QDateTime &moment)
{
    // QDateTime::toString() takes ten times as long, which a node with many short workloads feels.
    using namespace std::chrono;
    if (!moment.isValid())
        return {};
    const sys_time<milliseconds> at(milliseconds(moment.toMSecsSinceEpoch()));
    const auto day = floor<days>(at);
    const year_month_day date(day);
    const hh_mm_ss time(at - day);
    char text[64];
    std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                  static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                  static_cast<int>(time.seconds().count()), static_cast<int>(time.subseconds().count()));
    return QString::fromLatin1(text);
}

} // namespace cloudnode
