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

/// The first `most` characters, with none of them cut in two.
QString beginning(const QString &text, qsizetype most)
{
    const bool cuts = text.size() > most && text.at(most).isLowSurrogate();
    return text.left(cuts ? most - 1 : most);
}

/// The last ones likewise.
QString ending(const QString &text, qsizetype most)
{
    const bool cuts = text.size() > most && text.at(text.size() - most).isLowSurrogate();
    return text.right(cuts ? most - 1 : most);
}

/// What is known of its failure from outside.
QString summaryOf(const Workload &workload, const SecretMask &mask)
{
    return beginning(QString::fromUtf8(mask.mask(responses::summary(workload).toUtf8())), longestError);
}

QString tailOf(const QString &path, const SecretMask &mask)
{
    return QString::fromUtf8(maskedTail(path, tailBytes, mask).text).trimmed();
}

QString lastLine(const QString &text)
{
    const QString line = text.section(u'\n', -1, -1, QString::SectionSkipEmpty).trimmed();
    return beginning(line, longestError);
}

/// What the workload itself said last, else what is known without it.
void describeFailure(const Workload &workload, const SecretMask &mask, WorkloadUpdate &update)
{
    const QString err = tailOf(workload.stderrPath, mask);
    update.errorOutput = ending(err, longestOutput);
    update.error = lastLine(err.isEmpty() ? tailOf(workload.stdoutPath, mask) : err);
    if (update.error.isEmpty() || workload.end->timedOut || workload.end->memoryKills > 0)
        update.error = summaryOf(workload, mask);
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
        update.error = summaryOf(workload, mask);
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
    return {.status = Status::Failed, .error = beginning(reason, longestError)};
}

} // namespace cloudnode::updates
