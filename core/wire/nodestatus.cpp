#include "wire/nodestatus.h"

#include "wire/response.h"

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

namespace {

std::optional<double> seconds(const std::optional<std::chrono::milliseconds> &duration)
{
    return duration ? std::optional(static_cast<double>(duration->count()) / 1000) : std::nullopt;
}

std::optional<QString> textOrNone(const QString &text)
{
    return text.isEmpty() ? std::nullopt : std::optional(text);
}

JsonText toJson(const NodeStatus::Progress &progress);
JsonText toJson(const NodeStatus::Cancel &cancel);
JsonText toJson(const NodeStatus::Active &workload);
JsonText toJson(const NodeStatus::Upload &upload);
JsonText toJson(const NodeStatus::Beat &beat);
JsonText toJson(const NodeStatus::Problem &problem);

template <typename T>
std::optional<JsonText> inJson(const std::optional<T> &value)
{
    return value ? std::optional(toJson(*value)) : std::nullopt;
}

template <typename T>
QList<JsonText> allInJson(const QList<T> &values)
{
    QList<JsonText> texts;
    texts.reserve(values.size());
    for (const T &value : values)
        texts << toJson(value);
    return texts;
}

JsonText toJson(const NodeStatus::Progress &progress)
{
    return JsonText().add("fraction", progress.fraction).add("text", progress.text);
}

JsonText toJson(const NodeStatus::Cancel &cancel)
{
    return JsonText().add("signal", cancel.signalName).add("at", cancel.at).add("force_at", cancel.forceAt);
}

JsonText toJson(const NodeStatus::Active &workload)
{
    return JsonText()
        .add("pid", workload.pid > 0 ? std::optional(workload.pid) : std::nullopt)
        .add("type", toString(workload.type))
        .add("request_id", workload.requestId.toJson())
        .add("key", workload.key)
        .add("started_at", workload.startedAt)
        .add("running_for_seconds", seconds(workload.runningFor))
        .add("cpu_percent", workload.cpuPercent)
        .add("memory_bytes", workload.memoryBytes)
        .add("progress", inJson(workload.progress))
        .add("cancel", inJson(workload.cancel))
        .add("stdout_path", workload.stdoutPath)
        .add("stderr_path", workload.stderrPath);
}

JsonText toJson(const NodeStatus::Upload &upload)
{
    return JsonText()
        .add("request_id", upload.requestId.toJson())
        .add("key", upload.key)
        .add("workload_uuid", upload.workloadUuid)
        .add("files", upload.files)
        .add("files_done", upload.filesDone)
        .add("bytes", upload.bytes)
        .add("bytes_done", upload.bytesDone)
        .add("problem", textOrNone(upload.problem));
}

JsonText toJson(const NodeStatus::Beat &beat)
{
    return JsonText()
        .add("at", beat.at)
        .add("ok", beat.ok)
        .add("round_trip_seconds", seconds(beat.roundTrip));
}

JsonText toJson(const NodeStatus::Heartbeat &heartbeat)
{
    return JsonText()
        .add("last_ok", heartbeat.lastOk)
        .add("interval_seconds", heartbeat.interval.count())
        .add("failures", heartbeat.failures)
        .add("failures_total", heartbeat.failuresTotal)
        .add("round_trip_seconds", seconds(heartbeat.roundTrip))
        .add("next_due", heartbeat.nextDue)
        .add("history", allInJson(heartbeat.history));
}

JsonText toJson(const NodeStatus::Broker &broker)
{
    return JsonText()
        .add("host", broker.host)
        .add("port", broker.port)
        .add("tls", broker.tls)
        .add("connected", broker.connected)
        .add("since", broker.since);
}

JsonText toJson(const NodeStatus::Problem &problem)
{
    return JsonText().add("what", problem.what).add("since", problem.since).add("remedy", problem.remedy);
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

JsonText NodeStatus::toJson() const
{
    return JsonText()
        .add("slug", instance.slug)
        .add("instance_uuid", instance.uuid)
        .add("workspace_slug", workspaceSlug)
        .add("profile_slug", profileSlug)
        .add("api_url", apiUrl)
        .add("control_plane", textOrNone(controlPlane))
        .add("has_inference", hasInference)
        .add("has_training", hasTraining)
        .add("has_simulate", hasSimulate)
        .add("is_busy", isBusy())
        .add("active_workloads", allInJson(activeWorkloads))
        .add("max_concurrent_workloads", maxConcurrentWorkloads)
        .add("uploads", allInJson(uploads))
        .add("unreported_results", unreportedResults)
        .add("state", toString(state))
        .add("heartbeat", cloudnode::toJson(heartbeat))
        .add("paused", paused)
        .add("broker", cloudnode::toJson(broker))
        .add("problem", inJson(problem))
        .add("pid", pid)
        .add("state_dir", stateDir)
        .add("config_file", configFile)
        .add("version", version)
        .add("uptime_seconds", uptime.count());
}

} // namespace cloudnode
