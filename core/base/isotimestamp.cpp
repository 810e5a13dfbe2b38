#include "base/isotimestamp.h"

namespace cloudnode {

namespace {

/// Its last digits, and where the next part goes. printf would take ten times as long, and there are many
/// records with many times.
char *put(char *at, unsigned number, unsigned digits, char behind)
{
    for (unsigned i = digits; i > 0; number /= 10)
        at[--i] = static_cast<char>('0' + number % 10);
    at[digits] = behind;
    return at + digits + 1;
}

} // namespace

// The calendar of C++, as those of C and of Qt ask for the time zone of this computer, each time or once a
// process.
std::string isoTimestamp(std::chrono::sys_time<std::chrono::milliseconds> time)
{
    using namespace std::chrono;
    const auto day = floor<days>(time);
    const year_month_day date(day);
    const hh_mm_ss clock(time - day);
    char text[24];
    char *at = put(text, static_cast<unsigned>(static_cast<int>(date.year())), 4, '-');
    at = put(at, static_cast<unsigned>(date.month()), 2, '-');
    at = put(at, static_cast<unsigned>(date.day()), 2, 'T');
    at = put(at, static_cast<unsigned>(clock.hours().count()), 2, ':');
    at = put(at, static_cast<unsigned>(clock.minutes().count()), 2, ':');
    at = put(at, static_cast<unsigned>(clock.seconds().count()), 2, '.');
    at = put(at, static_cast<unsigned>(clock.subseconds().count()), 3, 'Z');
    return {text, at};
}

} // namespace cloudnode
