#include "node/workloadupdates.h"

#include "node/maskedtail.h"
#include "node/workloadresponses.h"

#include <QStringList>

#include <algorithm>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode::updates {

namespace {

using Status = WorkloadUpdate::Status;

constexpr qint64 tailBytes = 4 * longestOutput; // a character of UTF-8 has up to four

QString tailOf(const QString &path, const SecretMask &mask)
{
    return QString::fromUtf8(maskedTail(path, tailBytes, mask).text).trimmed();
}

QString lastLine(const QString &text)
{
    const QString line = text.section(u'\n', -1, -1, QString::SectionSkipEmpty).trimmed();
    return line.left(longestError);
}

/// What the workload itself said last, else what is known from outside.
void describeFailure(const Workload &workload, const SecretMask &mask, WorkloadUpdate &update)
{
    const QString err = tailOf(workload.stderrPath, mask);
    update.errorOutput = err.right(longestOutput);
    update.error = lastLine(err.isEmpty() ? tailOf(workload.stdoutPath, mask) : err);
    if (update.error.isEmpty() || workload.end->timedOut || workload.end->memoryKills > 0)
        update.error = QString::fromUtf8(mask.mask(responses::summary(workload).toUtf8())).left(longestError);
}

} // namespace

WorkloadUpdate running(const Workload &workload)
{
    return {.status = Status::Running,
            .message = u"%1 started in background"_s.arg(toString(workload.spec.type)),
            .pid = workload.start ? workload.start->pid : 0};
}

WorkloadUpdate finalizing(const Workload &workload, int fileCount)
{
    return {.status = Status::Finalizing,
            .message = u"%1 uploads %2 result file(s)"_s.arg(toString(workload.spec.type)).arg(fileCount),
            .fileCount = fileCount};
}

WorkloadUpdate end(const Workload &workload, const SecretMask &mask)
{
    const WorkloadReport report = responses::report(workload);
    WorkloadUpdate update;
    switch (report.status) {
    case WorkloadReport::Status::Cancelled:
        update.status = Status::Cancelled;
        update.signalName = workload.progress.cancel->signalName;
        update.message = u"Workload cancelled by "_s + update.signalName;
        update.pid = report.pid;
        return update;
    case WorkloadReport::Status::Lost:
        update.status = Status::Failed;
        update.error = responses::summary(workload).left(longestError);
        return update;
    case WorkloadReport::Status::Running:
    case WorkloadReport::Status::Completed:
    case WorkloadReport::Status::Failed:
        break;
    }
    update.status =
        workload.end->outcome == WorkloadEnd::Outcome::NotStarted ? Status::Failed : Status::Completed;
    update.success = report.status == WorkloadReport::Status::Completed;
    update.exitCode = report.exitCode;
    if (!*update.success)
        describeFailure(workload, mask, update);
    return update;
}

WorkloadUpdate refused(const QString &reason)
{
    return {.status = Status::Failed, .error = reason.left(longestError)};
}

} // namespace cloudnode::updates
