#include "wire/nodestatus.h"

#include "base/isotime.h"
#include "wire/response.h"

#include <QJsonArray>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

namespace {

double seconds(std::chrono::milliseconds duration)
{
    return static_cast<double>(duration.count()) / 1000;
}

template <typename T, typename Convert>
QJsonValue valueOrNull(const std::optional<T> &value, Convert convert)
{
    return value ? QJsonValue(convert(*value)) : QJsonValue(QJsonValue::Null);
}

QJsonValue timeOrNull(const std::optional<QDateTime> &moment)
{
    return valueOrNull(moment, isoTime);
}

QJsonObject toJson(const NodeStatus::Progress &progress)
{
    return {{u"fraction"_s, progress.fraction}, {u"text"_s, progress.text}};
}

QJsonObject toJson(const NodeStatus::Cancel &cancel)
{
    return {{u"signal"_s, cancel.signalName},
            {u"at"_s, isoTime(cancel.at)},
            {u"force_at"_s, isoTime(cancel.forceAt)}};
}

QJsonObject toJson(const NodeStatus::Active &workload)
{
    return {
        {u"pid"_s, workload.pid > 0 ? QJsonValue(workload.pid) : QJsonValue(QJsonValue::Null)},
        {u"type"_s, toString(workload.type)},
        {u"request_id"_s, workload.requestId.toJson()},
        {u"key"_s, workload.key},
        {u"started_at"_s, timeOrNull(workload.startedAt)},
        {u"running_for_seconds"_s, seconds(workload.runningFor)},
        {u"cpu_percent"_s, valueOrNull(workload.cpuPercent, [](double percent) { return percent; })},
        {u"memory_bytes"_s, valueOrNull(workload.memoryBytes, [](qint64 bytes) { return bytes; })},
        {u"progress"_s,
         valueOrNull(workload.progress, [](const auto &progress) { return toJson(progress); })},
        {u"cancel"_s, valueOrNull(workload.cancel, [](const auto &cancel) { return toJson(cancel); })},
        {u"stdout_path"_s, workload.stdoutPath},
        {u"stderr_path"_s, workload.stderrPath},
    };
}

QJsonObject toJson(const NodeStatus::Upload &upload)
{
    return {
        {u"request_id"_s, upload.requestId.toJson()},
        {u"key"_s, upload.key},
        {u"workload_uuid"_s, upload.workloadUuid},
        {u"files"_s, upload.files},
        {u"files_done"_s, upload.filesDone},
        {u"bytes"_s, upload.bytes},
        {u"bytes_done"_s, upload.bytesDone},
        {u"problem"_s, upload.problem.isEmpty() ? QJsonValue(QJsonValue::Null) : QJsonValue(upload.problem)},
    };
}

QJsonObject toJson(const NodeStatus::Beat &beat)
{
    return {{u"at"_s, isoTime(beat.at)},
            {u"ok"_s, beat.ok},
            {u"round_trip_seconds"_s, valueOrNull(beat.roundTrip, seconds)}};
}

QJsonObject toJson(const NodeStatus::Heartbeat &heartbeat)
{
    QJsonArray history;
    for (const NodeStatus::Beat &beat : heartbeat.history)
        history.append(toJson(beat));
    return {
        {u"last_ok"_s, timeOrNull(heartbeat.lastOk)},
        {u"interval_seconds"_s, static_cast<qint64>(heartbeat.interval.count())},
        {u"failures"_s, heartbeat.failures},
        {u"failures_total"_s, heartbeat.failuresTotal},
        {u"round_trip_seconds"_s, valueOrNull(heartbeat.roundTrip, seconds)},
        {u"next_due"_s, timeOrNull(heartbeat.nextDue)},
        {u"history"_s, history},
    };
}

QJsonObject toJson(const NodeStatus::Broker &broker)
{
    return {{u"host"_s, broker.host},
            {u"port"_s, broker.port},
            {u"tls"_s, broker.tls},
            {u"connected"_s, broker.connected},
            {u"since"_s, timeOrNull(broker.since)}};
}

QJsonObject toJson(const NodeStatus::Problem &problem)
{
    return {{u"what"_s, problem.what}, {u"since"_s, isoTime(problem.since)}, {u"remedy"_s, problem.remedy}};
}

} // namespace

QString toString(NodeState state)
{
    switch (state) {
    case NodeState::Starting:
        return u"starting"_s;
    case NodeState::Installing:
        return u"installing"_s;
    case NodeState::Registering:
        return u"registering"_s;
    case NodeState::Connecting:
        return u"connecting"_s;
    case NodeState::Ready:
        return u"ready"_s;
    case NodeState::Stopping:
        return u"stopping"_s;
    }
    Q_UNREACHABLE();
}

QJsonObject NodeStatus::toJson() const
{
    QJsonArray workloads;
    for (const Active &workload : activeWorkloads)
        workloads.append(cloudnode::toJson(workload));
    QJsonArray underWay;
    for (const Upload &upload : uploads)
        underWay.append(cloudnode::toJson(upload));
    return {
        {u"slug"_s, instance.slug},
        {u"instance_uuid"_s, instance.uuid},
        {u"workspace_slug"_s, workspaceSlug},
        {u"profile_slug"_s, profileSlug},
        {u"api_url"_s, apiUrl},
        {u"control_plane"_s, controlPlane.isEmpty() ? QJsonValue() : QJsonValue(controlPlane)},
        {u"has_inference"_s, hasInference},
        {u"has_training"_s, hasTraining},
        {u"has_simulate"_s, hasSimulate},
        {u"is_busy"_s, isBusy()},
        {u"active_workloads"_s, workloads},
        {u"max_concurrent_workloads"_s, maxConcurrentWorkloads},
        {u"uploads"_s, underWay},
        {u"unreported_results"_s, unreportedResults},
        {u"state"_s, toString(state)},
        {u"heartbeat"_s, cloudnode::toJson(heartbeat)},
        {u"paused"_s, paused},
        {u"broker"_s, cloudnode::toJson(broker)},
        {u"problem"_s, valueOrNull(problem, [](const Problem &p) { return cloudnode::toJson(p); })},
        {u"pid"_s, pid},
        {u"state_dir"_s, stateDir},
        {u"config_file"_s, configFile},
        {u"version"_s, version},
        {u"uptime_seconds"_s, static_cast<qint64>(uptime.count())},
    };
}

} // namespace cloudnode
