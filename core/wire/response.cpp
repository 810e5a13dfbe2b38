#include "wire/response.h"

#include "base/isotime.h"

#include <QJsonDocument>

#include <algorithm>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

namespace {

template <typename T, typename Convert>
QJsonValue valueOrNull(const std::optional<T> &value, Convert convert)
{
    return value ? QJsonValue(convert(*value)) : QJsonValue(QJsonValue::Null);
}

/// The clock may have been set between the two times: less than nothing it never took.
std::optional<std::chrono::milliseconds> durationOf(const WorkloadReport &report)
{
    if (report.duration || !report.startedAt || !report.endedAt)
        return report.duration;
    return std::chrono::milliseconds(std::max<qint64>(0, report.startedAt->msecsTo(*report.endedAt)));
}

} // namespace

QString toString(WorkloadReport::Status status)
{
    switch (status) {
    case WorkloadReport::Status::Running:
        return u"running"_s;
    case WorkloadReport::Status::Completed:
        return u"completed"_s;
    case WorkloadReport::Status::Failed:
        return u"failed"_s;
    case WorkloadReport::Status::Cancelled:
        return u"cancelled"_s;
    case WorkloadReport::Status::Lost:
        return u"lost"_s;
    }
    Q_UNREACHABLE();
}

QJsonObject WorkloadReport::toJson() const
{
    return {
        {u"pid"_s, pid > 0 ? QJsonValue(pid) : QJsonValue(QJsonValue::Null)},
        {u"type"_s, toString(type)},
        {u"status"_s, toString(status)},
        {u"success"_s,
         status == Status::Running ? QJsonValue(QJsonValue::Null) : QJsonValue(status == Status::Completed)},
        {u"exit_code"_s, valueOrNull(exitCode, [](int code) { return code; })},
        {u"signal"_s, signalName.isEmpty() ? QJsonValue(QJsonValue::Null) : QJsonValue(signalName)},
        {u"started_at"_s, valueOrNull(startedAt, isoTime)},
        {u"ended_at"_s, valueOrNull(endedAt, isoTime)},
        {u"duration_seconds"_s,
         valueOrNull(durationOf(*this),
                     [](auto time) { return std::chrono::duration<double>(time).count(); })},
        {u"output_truncated"_s, outputTruncated},
    };
}

Response Response::success(const RequestId &id, const QJsonValue &output)
{
    return {.ok = true, .requestId = id, .output = output, .error = {}, .workload = {}};
}

Response Response::failure(const RequestId &id, const QString &error)
{
    return {.ok = false, .requestId = id, .output = QJsonValue::Undefined, .error = error, .workload = {}};
}

QByteArray Response::toJson(const Instance &from) const
{
    QJsonObject message{
        {u"status"_s, ok ? u"ok"_s : u"error"_s},
        {u"request_id"_s, requestId.toJson()},
        {u"slug"_s, from.slug},
        {u"instance_uuid"_s, from.uuid},
    };
    if (!output.isUndefined())
        message.insert(u"output"_s, output);
    if (!ok)
        message.insert(u"error"_s, error);
    if (workload)
        message.insert(u"workload"_s, workload->toJson());
    return QJsonDocument(message).toJson(QJsonDocument::Compact);
}

} // namespace cloudnode
