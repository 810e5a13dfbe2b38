#include "platform/stopsignals.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

namespace cloudnode {

namespace {

volatile std::sig_atomic_t writingEnd = -1;

/// Writing one byte is all that a signal handler may safely do here.
void tell(int signalNumber)
{
    const int errnoBefore = errno;
    const char byte = static_cast<char>(signalNumber);
    if (::write(writingEnd, &byte, 1) < 0) {
        // The pipe is full of requests to stop: one more changes nothing.
    }
    errno = errnoBefore;
}

std::array<int, 2> makePipe()
{
    std::array<int, 2> ends = {-1, -1};
    if (::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0)
        qFatal("no pipe for the signals to stop");
    return ends;
}

void handleWith(void (*handler)(int))
{
    struct sigaction action = {};
    action.sa_handler = handler;
    action.sa_flags = SA_RESTART;
    ::sigaction(SIGTERM, &action, nullptr);
    ::sigaction(SIGINT, &action, nullptr);
}

} // namespace

StopSignals::StopSignals(QObject *parent)
    : QObject(parent),
      m_pipe(makePipe()),
      m_notifier(m_pipe[0], QSocketNotifier::Read)
{
    connect(&m_notifier, &QSocketNotifier::activated, this, &StopSignals::readSignals);
    writingEnd = m_pipe[1];
    handleWith(tell);
}

StopSignals::~StopSignals()
{
    handleWith(SIG_DFL);
    writingEnd = -1;
    ::close(m_pipe[0]);
    ::close(m_pipe[1]);
}

void StopSignals::readSignals()
{
    char byte = 0;
    while (::read(m_pipe[0], &byte, 1) == 1)
        emit requested(byte);
}

} // namespace cloudnode
