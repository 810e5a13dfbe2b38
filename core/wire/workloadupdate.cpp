#include "wire/workloadupdate.h"

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

QString toString(WorkloadUpdate::Status status)
{
    switch (status) {
    case WorkloadUpdate::Status::Running:
        return u"running"_s;
    case WorkloadUpdate::Status::Finalizing:
        return u"finalizing"_s;
    case WorkloadUpdate::Status::Completed:
        return u"completed"_s;
    case WorkloadUpdate::Status::Failed:
        return u"failed"_s;
    case WorkloadUpdate::Status::Cancelled:
        return u"cancelled"_s;
    }
    Q_UNREACHABLE();
}

QJsonObject WorkloadUpdate::toJson() const
{
    QJsonObject json{{u"status"_s, toString(status)}};
    const auto addText = [&json](const QString &key, const QString &text) {
        if (!text.isEmpty())
            json[key] = text;
    };
    addText(u"message"_s, message);
    addText(u"error"_s, error);
    addText(u"stderr"_s, errorOutput);
    addText(u"signal"_s, signalName);
    if (status == Status::Failed)
        addText(u"failure_detail"_s, error);
    if (pid > 0)
        json[u"pid"_s] = pid;
    if (status == Status::Finalizing)
        json[u"file_count"_s] = fileCount;
    if (success)
        json[u"success"_s] = *success;
    if (exitCode)
        json[u"exit_code"_s] = *exitCode;
    return json;
}

bool CloudWorkload::isOver() const
{
    return status == u"completed" || status == u"failed" || status == u"cancelled";
}

} // namespace cloudnode
