#include "wire/response.h"

#include <algorithm>
#include <utility>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

namespace {

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

JsonText WorkloadReport::facts() const
{
    const auto took = durationOf(*this);
    return JsonText()
        .add("pid", pid > 0 ? std::optional(pid) : std::nullopt)
        .add("type", toString(type))
        .add("status", toString(status))
        .add("exit_code", exitCode)
        .add("signal", signalName.isEmpty() ? std::nullopt : std::optional(signalName))
        .add("started_at", startedAt)
        .add("ended_at", endedAt)
        .add("duration_seconds",
             took ? std::optional(std::chrono::duration<double>(*took).count()) : std::nullopt);
}

JsonText WorkloadReport::toJson() const
{
    const bool isOver = status != Status::Running;
    return facts()
        .add("success", isOver ? std::optional(status == Status::Completed) : std::nullopt)
        .add("output_truncated", outputTruncated);
}

Response Response::success(const RequestId &id, const QString &output)
{
    return {.ok = true, .requestId = id, .output = output, .error = {}, .workload = {}};
}

Response Response::success(const RequestId &id, JsonText output)
{
    return {.ok = true, .requestId = id, .output = std::move(output), .error = {}, .workload = {}};
}

Response Response::failure(const RequestId &id, const QString &error)
{
    return {.ok = false, .requestId = id, .output = {}, .error = error, .workload = {}};
}

QByteArray Response::toJson(const Instance &from) const
{
    JsonText message;
    message.add("status", ok ? "ok" : "error")
        .add("request_id", requestId.toJson())
        .add("slug", from.slug)
        .add("instance_uuid", from.uuid);
    if (const auto *text = std::get_if<QString>(&output))
        message.add("output", *text);
    else if (const auto *object = std::get_if<JsonText>(&output))
        message.add("output", *object);
    if (!ok)
        message.add("error", error);
    if (workload)
        message.add("workload", workload->toJson());
    return message.object();
}

} // namespace cloudnode
