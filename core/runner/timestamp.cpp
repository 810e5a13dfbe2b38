#include "runner/timestamp.h"

#include "base/isotimestamp.h"

#include <ctime>

namespace cloudnode {

std::chrono::nanoseconds sinceBoot()
{
    timespec now = {};
    ::clock_gettime(CLOCK_BOOTTIME, &now);
    return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

std::string wallClock()
{
    using namespace std::chrono;
    return isoTimestamp(floor<milliseconds>(system_clock::now()));
}

} // namespace cloudnode
