#include "base/isotimestamp.h"

namespace cloudnode {

namespace {

/// Its last digits. printf would take ten times as long, and there are many records with many times.
void append(std::string &text, unsigned number, unsigned digits, char behind)
{
    const std::size_t begin = text.size();
    text.append(digits, '0');
    for (std::size_t at = begin + digits; at > begin; number /= 10)
        text[--at] = static_cast<char>('0' + number % 10);
    text += behind;
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
    std::string text;
    text.reserve(24);
    append(text, static_cast<unsigned>(static_cast<int>(date.year())), 4, '-');
    append(text, static_cast<unsigned>(date.month()), 2, '-');
    append(text, static_cast<unsigned>(date.day()), 2, 'T');
    append(text, static_cast<unsigned>(clock.hours().count()), 2, ':');
    append(text, static_cast<unsigned>(clock.minutes().count()), 2, ':');
    append(text, static_cast<unsigned>(clock.seconds().count()), 2, '.');
    append(text, static_cast<unsigned>(clock.subseconds().count()), 3, 'Z');
    return text;
}

} // namespace cloudnode
