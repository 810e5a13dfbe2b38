#pragma once

#include "bench/samples.h"

#include <QObject>

#include <atomic>
#include <memory>
#include <thread>

namespace cloudnode::bench {

/// How long an event has to wait for the event loop of one thread: another thread posts one every other
/// millisecond, as a mouse or a keyboard might. Looks as long as it lives.
class EventLoopGaps {
public:
    /// `inhabitant` lives in the thread that is observed, and as long as this.
    explicit EventLoopGaps(QObject &inhabitant);
    ~EventLoopGaps();
    Q_DISABLE_COPY_MOVE(EventLoopGaps)

    /// Ends the looking.
    void stop();
    /// After stop(). Unit: milliseconds.
    Summary waits() const;
    /// Processor time that the observed thread used during each wait: what the gaps would be if nothing else
    /// ran on this machine and nothing had to be waited for. After stop(). Unit: milliseconds.
    Summary work() const;

private:
    struct Ping;

    void look(QObject &inhabitant);

    Samples m_waits;
    Samples m_work;
    std::atomic<bool> m_stopped = false;
    std::thread m_thread; // needs all of the above
};

} // namespace cloudnode::bench
