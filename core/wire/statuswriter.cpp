#include "wire/statuswriter.h"

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

JsonText toJson(const NodeFacts &facts)
{
    return JsonText()
        .add("workspace_slug", facts.workspaceSlug)
        .add("profile_slug", facts.profileSlug)
        .add("api_url", facts.apiUrl)
        .add("has_inference", facts.hasInference)
        .add("has_training", facts.hasTraining)
        .add("has_simulate", facts.hasSimulate)
        .add("max_concurrent_workloads", facts.maxConcurrentWorkloads)
        .add("pid", facts.pid)
        .add("state_dir", facts.stateDir)
        .add("config_file", facts.configFile)
        .add("version", facts.version);
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

template <typename Part>
const JsonText &StatusWriter::Kept<Part>::of(const Part &part)
{
    if (m_part != part) {
        m_part = part;
        m_text = toJson(part);
    }
    return m_text;
}

StatusWriter::StatusWriter(const NodeFacts &facts)
    : m_facts(toJson(facts)),
      m_mostWorkloads(facts.maxConcurrentWorkloads)
{
}

JsonText StatusWriter::write(const NodeStatus &status)
{
    JsonText text;
    text.add("slug", status.instance.slug)
        .add("instance_uuid", status.instance.uuid)
        .addAll(m_facts)
        .add("control_plane", textOrNone(status.controlPlane))
        .add("is_busy", status.activeWorkloads.size() >= m_mostWorkloads)
        .add("active_workloads", allInJson(status.activeWorkloads))
        .add("uploads", allInJson(status.uploads))
        .add("unreported_results", status.unreportedResults)
        .add("state", toString(status.state))
        .add("heartbeat", m_heartbeat.of(status.heartbeat))
        .add("paused", status.paused)
        .add("broker", m_broker.of(status.broker))
        .add("problem", inJson(status.problem))
        .add("uptime_seconds", status.uptime.count());
    return text;
}

} // namespace cloudnode
