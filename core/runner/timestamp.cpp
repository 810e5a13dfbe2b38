#include "runner/timestamp.h"

#include <cstdio>

namespace cloudnode {

timespec wallClock()
{
    timespec now = {};
    ::clock_gettime(CLOCK_REALTIME, &now);
    return now;
}

std::chrono::nanoseconds sinceBoot()
{
    timespec now = {};
    ::clock_gettime(CLOCK_BOOTTIME, &now);
    return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

std::string isoTimestamp(const timespec &time)
{
    tm utc = {};
    ::gmtime_r(&time.tv_sec, &utc);
    char seconds[32];
    std::strftime(seconds, sizeof seconds, "%Y-%m-%dT%H:%M:%S", &utc);
    char text[48];
    std::snprintf(text, sizeof text, "%s.%03ldZ", seconds, time.tv_nsec / 1'000'000);
    return text;
}

} // namespace cloudnode
