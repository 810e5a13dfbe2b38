#include "platform/pollingexitwatch.h"

using namespace std::chrono_literals;

namespace cloudnode {

PollingExitWatch::PollingExitWatch(ProcessIdentity process) : m_process(std::move(process))
{
    connect(&m_timer, &QTimer::timeout, this, &PollingExitWatch::look);
    m_timer.start(0ms); // the first look comes at once, but not before our maker can listen
}

void PollingExitWatch::look()
{
    if (m_process.isAlive()) {
        m_timer.setInterval(1s);
        return;
    }
    m_timer.stop();
    emit ended();
}

} // namespace cloudnode
