#include "base/isotimestamp.h"

#include <cstdio>

namespace cloudnode {

// The calendar of C++, as those of C and of Qt ask for the time zone of this computer, each time or once a
// process.
std::string isoTimestamp(std::chrono::sys_time<std::chrono::milliseconds> time)
{
    using namespace std::chrono;
    const auto day = floor<days>(time);
    const year_month_day date(day);
    const hh_mm_ss clock(time - day);
    char text[64];
    std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                  static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                  static_cast<int>(clock.seconds().count()), static_cast<int>(clock.subseconds().count()));
    return text;
}

} // namespace cloudnode
