#include "ui/feed/workloadrecord.h"

#include "ui/feed/jsonread.h"

#include <algorithm>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

namespace {

WorkloadRecord::Status statusOf(const QString &name)
{
    if (name == "running"_L1)
        return WorkloadRecord::Status::Running;
    if (name == "completed"_L1)
        return WorkloadRecord::Status::Completed;
    if (name == "cancelled"_L1)
        return WorkloadRecord::Status::Cancelled;
    return name == "lost"_L1 ? WorkloadRecord::Status::Lost : WorkloadRecord::Status::Failed;
}

std::optional<WorkloadRecord::Progress> progressOf(const QJsonValue &value)
{
    if (!value.isObject())
        return std::nullopt;
    WorkloadRecord::Progress progress{jsonread::number(value[u"fraction"_s]), value[u"text"_s].toString()};
    if (progress.fraction)
        progress.fraction = std::clamp(*progress.fraction, 0.0, 1.0);
    return progress;
}

std::optional<WorkloadRecord::Cancel> cancelOf(const QJsonValue &value)
{
    if (!value.isObject())
        return std::nullopt;
    return WorkloadRecord::Cancel{value[u"signal"_s].toString(), jsonread::time(value[u"at"_s]),
                                  jsonread::time(value[u"force_at"_s])};
}

WorkloadRecord common(const QJsonObject &json)
{
    WorkloadRecord record;
    record.requestId = json[u"request_id"_s];
    record.key = json[u"key"_s].toString(record.requestText());
    record.type = json[u"type"_s].toString();
    record.pid = jsonread::wholeNumber(json[u"pid"_s]).value_or(0);
    record.startedAt = jsonread::time(json[u"started_at"_s]);
    record.stdoutPath = json[u"stdout_path"_s].toString();
    record.stderrPath = json[u"stderr_path"_s].toString();
    return record;
}

} // namespace

QString WorkloadRecord::requestText() const
{
    return requestId.isString() ? requestId.toString() : requestId.toVariant().toString();
}

QString WorkloadRecord::name() const
{
    return type + u' ' + requestText();
}

WorkloadRecord WorkloadRecord::fromActive(const QJsonObject &json)
{
    WorkloadRecord record = common(json);
    record.receivedAt = record.startedAt;
    record.seconds = jsonread::number(json[u"running_for_seconds"_s]).value_or(0);
    record.cpuPercent = jsonread::number(json[u"cpu_percent"_s]);
    record.memoryBytes = jsonread::wholeNumber(json[u"memory_bytes"_s]);
    record.progress = progressOf(json[u"progress"_s]);
    record.cancel = cancelOf(json[u"cancel"_s]);
    return record;
}

WorkloadRecord WorkloadRecord::fromListed(const QJsonObject &json)
{
    WorkloadRecord record = common(json);
    record.status = statusOf(json[u"status"_s].toString());
    if (const auto code = jsonread::wholeNumber(json[u"exit_code"_s]))
        record.exitCode = static_cast<int>(*code);
    record.signalName = json[u"signal"_s].toString();
    record.receivedAt = jsonread::time(json[u"received_at"_s]);
    record.endedAt = jsonread::time(json[u"ended_at"_s]);
    record.seconds = jsonread::number(json[u"duration_seconds"_s]).value_or(0);
    record.reported = json[u"reported"_s].toBool(true);
    return record;
}

WorkloadUpload WorkloadUpload::fromJson(const QJsonObject &json)
{
    return {json[u"key"_s].toString(),    json[u"files"_s].toInt(),          json[u"files_done"_s].toInt(),
            json[u"bytes"_s].toInteger(), json[u"bytes_done"_s].toInteger(), json[u"problem"_s].toString()};
}

} // namespace cloudnode
