// A workload that prints: `cloudnode-bench-printer LINES_PER_SECOND SECONDS`, or with a rate of 0 as fast as
// it can until so many megabytes are out: `cloudnode-bench-printer 0 MEGABYTES`. Each line is 100 bytes long
// and begins with the time it was written, in microseconds of the monotonic clock.
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t lineBytes = 100;
constexpr auto tick = std::chrono::milliseconds(10);

void appendLine(std::string &text)
{
    char line[lineBytes + 1];
    const auto now = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now().time_since_epoch());
    const int length = std::snprintf(line, sizeof line, "%lld epoch 12 of 20, loss 0.0412 ",
                                     static_cast<long long>(now.count()));
    text.append(line, static_cast<std::size_t>(length));
    text.append(lineBytes - 1 - static_cast<std::size_t>(length), '.');
    text += '\n';
}

bool writeAll(const std::string &text)
{
    std::size_t done = 0;
    while (done < text.size()) {
        const ssize_t n = ::write(STDOUT_FILENO, text.data() + done, text.size() - done);
        if (n <= 0)
            return false;
        done += static_cast<std::size_t>(n);
    }
    return true;
}

int printAtRate(long linesPerSecond, std::chrono::seconds time)
{
    const auto begin = Clock::now();
    long printed = 0;
    for (auto now = begin; now < begin + time; now = Clock::now()) {
        const auto due = static_cast<long>(std::chrono::duration<double>(now - begin).count() *
                                           static_cast<double>(linesPerSecond));
        std::string text;
        for (; printed < due; ++printed)
            appendLine(text);
        if (!writeAll(text))
            return 1;
        std::this_thread::sleep_for(tick);
    }
    return 0;
}

int printMegabytes(long megabytes)
{
    std::string block;
    for (std::size_t i = 0; i < 10'000; ++i) // a megabyte
        appendLine(block);
    for (long i = 0; i < megabytes; ++i) {
        if (!writeAll(block))
            return 1;
    }
    return 0;
}

} // namespace

int main(int argc, char **argv)
{
    if (argc != 3) {
        std::fputs("usage: cloudnode-bench-printer LINES_PER_SECOND SECONDS | 0 MEGABYTES\n", stderr);
        return 2;
    }
    const long rate = std::strtol(argv[1], nullptr, 10);
    const long amount = std::strtol(argv[2], nullptr, 10);
    return rate > 0 ? printAtRate(rate, std::chrono::seconds(amount)) : printMegabytes(amount);
}
