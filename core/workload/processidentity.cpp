#include "workload/processidentity.h"

#include "record/processstat.h"

#include <cerrno>

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
