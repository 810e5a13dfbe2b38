#include "bench/window/eventloopgaps.h"

#include "bench/waiting.h"

#include <QMetaObject>
#include <QSemaphore>

#include <ctime>

using namespace std::chrono_literals;

namespace cloudnode::bench {

namespace {

constexpr auto betweenPings = 2ms;

/// Processor time of the thread that calls. Unit: milliseconds.
double workOfThisThread()
{
    timespec used = {};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
    return static_cast<double>(used.tv_sec) * 1e3 + static_cast<double>(used.tv_nsec) / 1e6;
}

} // namespace

/// Shared, because the observed thread may come to it after we have stopped looking.
struct EventLoopGaps::Ping {
    QSemaphore handled;
    Clock::time_point at; ///< guarded by `handled`
    double work = 0;      ///< likewise: of the observed thread since it started
};

EventLoopGaps::EventLoopGaps(QObject &inhabitant) : m_thread([this, &inhabitant] { look(inhabitant); }) {}

EventLoopGaps::~EventLoopGaps()
{
    stop();
}

void EventLoopGaps::stop()
{
    m_stopped = true;
    if (m_thread.joinable())
        m_thread.join();
}

Summary EventLoopGaps::waits() const
{
    return m_waits.summary();
}

Summary EventLoopGaps::work() const
{
    return m_work.summary();
}

void EventLoopGaps::look(QObject &inhabitant)
{
    std::optional<double> workBefore;
    while (!m_stopped) {
        const auto ping = std::make_shared<Ping>();
        const auto sent = Clock::now();
        QMetaObject::invokeMethod(
            &inhabitant,
            [ping] {
                ping->at = Clock::now();
                ping->work = workOfThisThread();
                ping->handled.release();
            },
            Qt::QueuedConnection);
        while (!ping->handled.tryAcquire(1, 20)) {
            if (m_stopped)
                return;
        }
        m_waits.add(millisecondsBetween(sent, ping->at));
        if (workBefore)
            m_work.add(ping->work - *workBefore);
        workBefore = ping->work;
        std::this_thread::sleep_for(betweenPings);
    }
}

} // namespace cloudnode::bench
