#include "ui/workloads/workloadwords.h"

#include "ui/look/words.h"

namespace cloudnode {

QString WorkloadWords::result(const WorkloadRecord &record)
{
    switch (record.status) {
    case WorkloadRecord::Status::Running:
        return tr("Running");
    case WorkloadRecord::Status::Completed:
        return tr("Completed");
    case WorkloadRecord::Status::Cancelled:
        return tr("Cancelled");
    case WorkloadRecord::Status::Lost:
        return tr("Ended unseen");
    case WorkloadRecord::Status::Failed:
        break;
    }
    if (record.exitCode)
        return tr("Failed, code %1").arg(*record.exitCode);
    return record.signalName.isEmpty() ? tr("Failed") : tr("Failed, %1").arg(record.signalName);
}

QString WorkloadWords::reported(const WorkloadRecord &record)
{
    return record.reported ? tr("Its requester has the result.")
                           : tr("The result is sent as soon as the broker can be reached.");
}

QString WorkloadWords::uploading(const WorkloadUpload &upload)
{
    return tr("Uploading %1 of %2").arg(upload.filesDone).arg(upload.files);
}

QString WorkloadWords::uploadDetails(const WorkloadUpload &upload)
{
    const QString done = tr("%1 of %2 of its result files are sent.")
                             .arg(Words::bytes(upload.bytesDone), Words::bytes(upload.bytes));
    return upload.problem.isEmpty() ? done : done + u' ' + tr("They wait: %1").arg(upload.problem);
}

QString WorkloadWords::stopping(const WorkloadRecord &record, const QDateTime &now)
{
    if (!record.cancel->forceAt.isValid() || graceIsOver(record, now))
        return tr("Stopping");
    const qint64 left = (now.msecsTo(record.cancel->forceAt) + 999) / 1000;
    return tr("Stopping, %1").arg(Words::span(static_cast<double>(left)));
}

bool WorkloadWords::graceIsOver(const WorkloadRecord &record, const QDateTime &now)
{
    constexpr qint64 patienceMs = 10'000; // where the node names no end of its patience
    if (!record.cancel)
        return false;
    const QDateTime end =
        record.cancel->forceAt.isValid() ? record.cancel->forceAt : record.cancel->at.addMSecs(patienceMs);
    return now >= end;
}

} // namespace cloudnode
