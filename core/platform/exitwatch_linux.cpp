#include "platform/descriptor.h"
#include "platform/pollingexitwatch.h"
#include "platform/processstat.h"

#include <QSocketNotifier>

namespace cloudnode {

namespace {

/// Linux 5.3 and later: the kernel makes the descriptor readable when the process has ended.
class PidfdExitWatch final : public ExitWatch {
public:
    explicit PidfdExitWatch(Descriptor pidfd)
        : m_pidfd(std::move(pidfd)),
          m_notifier(m_pidfd.get(), QSocketNotifier::Read)
    {
        connect(&m_notifier, &QSocketNotifier::activated, this, [this] {
            m_notifier.setEnabled(false);
            emit ended();
        });
    }

private:
    Descriptor m_pidfd;
    QSocketNotifier m_notifier; // needs m_pidfd
};

} // namespace

std::unique_ptr<ExitWatch> ExitWatch::open(const ProcessIdentity &process)
{
    // Opened first, looked at afterwards: what the descriptor names can then no longer change.
    Descriptor pidfd(openPidfd(static_cast<pid_t>(process.pid)));
    if (pidfd.isOpen() && process.isAlive())
        return std::make_unique<PidfdExitWatch>(std::move(pidfd));
    // Over already, or the kernel or a sandbox refuses pidfds: polling deals with either.
    return std::make_unique<PollingExitWatch>(process);
}

} // namespace cloudnode
