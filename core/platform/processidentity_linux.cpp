#include "platform/processidentity.h"
#include "platform/processstat.h"

#include <cerrno>
#include <ctime>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

namespace {

const QString &bootIdOfNow()
{
    static const QString id = QString::fromStdString(currentBootId());
    return id;
}

} // namespace

std::optional<ProcessIdentity> ProcessIdentity::of(qint64 pid)
{
    const auto stat = ProcessStat::read(static_cast<pid_t>(pid));
    if (!stat)
        return std::nullopt;
    return ProcessIdentity{pid, stat->startTicks, bootIdOfNow()};
}

bool ProcessIdentity::isAlive() const
{
    if (isFromEarlierBoot())
        return false;
    const auto stat = ProcessStat::read(static_cast<pid_t>(pid));
    return stat && stat->startTicks == startTicks && !stat->isOver();
}

bool ProcessIdentity::isFromEarlierBoot() const
{
    return bootId != bootIdOfNow();
}

std::chrono::milliseconds ProcessIdentity::age() const
{
    static const auto ticksPerSecond = static_cast<quint64>(clockTicksPerSecond());
    timespec now = {};
    ::clock_gettime(CLOCK_BOOTTIME, &now);
    const auto since = std::chrono::milliseconds(startTicks * 1000 / ticksPerSecond);
    return std::chrono::seconds(now.tv_sec) + std::chrono::milliseconds(now.tv_nsec / 1'000'000) - since;
}

Result<bool> ProcessIdentity::signal(int number) const
{
    if (isFromEarlierBoot())
        return false;
    const int refused = signalProcess(static_cast<pid_t>(pid), startTicks, number);
    if (refused != 0 && refused != ESRCH)
        return fail(u"cannot signal: "_s + systemError(refused), u"process %1"_s.arg(pid));
    return refused == 0;
}

} // namespace cloudnode
