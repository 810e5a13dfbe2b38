#include "workload/orphanlimit.h"

#include <QTimer>

#include <algorithm>
#include <csignal>

using namespace std::chrono_literals;

namespace cloudnode {

namespace {

constexpr std::chrono::milliseconds longestWait = 1h; // a timer does not count the time the computer sleeps
constexpr auto patience = 30s;                        // beyond the grace, before it is told again
constexpr std::chrono::milliseconds longestTimer = 480h; // it counts milliseconds in an int

} // namespace

OrphanLimit::OrphanLimit(Launcher &launcher) : m_launcher(launcher) {}

void OrphanLimit::enforce(PooledWorkload &pooled)
{
    if (!pooled.watch || !pooled.watch->isOrphaned() || pooled.workload.spec.timeout <= 0s)
        return;
    auto *timer = new QTimer(pooled.watch.get());
    timer->setSingleShot(true);
    connect(timer, &QTimer::timeout, this, [this, &pooled, timer] { look(pooled, timer); });
    look(pooled, timer);
}

void OrphanLimit::look(PooledWorkload &pooled, QTimer *timer)
{
    const WorkloadSpec &spec = pooled.workload.spec;
    const std::chrono::milliseconds left = spec.timeout - pooled.start->workload.age();
    if (left > 0ms) {
        timer->start(std::min(left, longestWait));
        return;
    }
    // One that was cancelled first is not said to have been too slow.
    if (!pooled.workload.progress.cancel)
        pooled.watch->noteTimedOut();
    if (const auto told = m_launcher.signal(pooled.workload, *pooled.start, SIGTERM); !told)
        emit warning(told.error());
    timer->start(std::min<std::chrono::milliseconds>(spec.cancelGrace + patience, longestTimer));
}

} // namespace cloudnode
