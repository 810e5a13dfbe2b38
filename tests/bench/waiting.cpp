#include "bench/waiting.h"

#include <QCoreApplication>
#include <QTimer>

namespace cloudnode::bench {

bool runUntil(const std::function<bool()> &done, std::chrono::milliseconds patience)
{
    bool late = false;
    QTimer limit;
    limit.setSingleShot(true);
    QObject::connect(&limit, &QTimer::timeout, &limit, [&late] { late = true; });
    limit.start(patience);
    while (!done() && !late)
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
    return !late || done();
}

void runFor(std::chrono::milliseconds time)
{
    runUntil([] { return false; }, time);
}

double millisecondsBetween(Clock::time_point from, Clock::time_point to)
{
    return std::chrono::duration<double, std::milli>(to - from).count();
}

} // namespace cloudnode::bench
