#include "ui/feed/nodesnapshot.h"

#include "ui/feed/jsonread.h"

#include <QJsonArray>

#include <array>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

namespace {

NodeState stateOf(const QString &name)
{
    static constexpr std::array states = {NodeState::Starting,    NodeState::Installing,
                                          NodeState::Registering, NodeState::Connecting,
                                          NodeState::Ready,       NodeState::Stopping};
    for (const NodeState state : states)
        if (toString(state) == name)
            return state;
    return NodeState::Starting;
}

NodeSnapshot::Heartbeat heartbeatOf(const QJsonObject &json)
{
    NodeSnapshot::Heartbeat heartbeat;
    heartbeat.lastOk = jsonread::time(json[u"last_ok"_s]);
    heartbeat.intervalSeconds = json[u"interval_seconds"_s].toInt();
    heartbeat.failures = json[u"failures"_s].toInt();
    heartbeat.failuresTotal = json[u"failures_total"_s].toInteger();
    heartbeat.roundTripSeconds = jsonread::number(json[u"round_trip_seconds"_s]);
    heartbeat.nextDue = jsonread::time(json[u"next_due"_s]);
    const QJsonArray history = json[u"history"_s].toArray();
    const qsizetype skipped = std::max<qsizetype>(0, history.size() - NodeSnapshot::historyLength);
    for (qsizetype i = skipped; i < history.size(); ++i) {
        const QJsonValue beat = history[i];
        heartbeat.history.append({jsonread::time(beat[u"at"_s]), beat[u"ok"_s].toBool(),
                                  jsonread::number(beat[u"round_trip_seconds"_s])});
    }
    return heartbeat;
}

NodeSnapshot::Broker brokerOf(const QJsonObject &json)
{
    return {json[u"host"_s].toString(), json[u"port"_s].toInt(), json[u"tls"_s].toBool(),
            json[u"connected"_s].toBool(), jsonread::time(json[u"since"_s])};
}

std::optional<NodeSnapshot::Problem> problemOf(const QJsonValue &value)
{
    if (!value.isObject())
        return std::nullopt;
    return NodeSnapshot::Problem{value[u"what"_s].toString(), jsonread::time(value[u"since"_s]),
                                 value[u"remedy"_s].toString()};
}

void readIdentity(NodeSnapshot &snapshot, const QJsonObject &json)
{
    snapshot.slug = json[u"slug"_s].toString();
    snapshot.instanceUuid = json[u"instance_uuid"_s].toString();
    snapshot.workspaceSlug = json[u"workspace_slug"_s].toString();
    snapshot.profileSlug = json[u"profile_slug"_s].toString();
    snapshot.apiUrl = json[u"api_url"_s].toString();
    snapshot.controlPlane = json[u"control_plane"_s].toString();
    snapshot.version = json[u"version"_s].toString();
    snapshot.pid = json[u"pid"_s].toInteger();
    snapshot.stateDir = json[u"state_dir"_s].toString();
    snapshot.configFile = json[u"config_file"_s].toString();
}

} // namespace

NodeSnapshot NodeSnapshot::fromJson(const QJsonObject &json)
{
    NodeSnapshot snapshot;
    readIdentity(snapshot, json);
    snapshot.state = stateOf(json[u"state"_s].toString());
    snapshot.paused = json[u"paused"_s].toBool();
    snapshot.isBusy = json[u"is_busy"_s].toBool();
    snapshot.maxConcurrentWorkloads = json[u"max_concurrent_workloads"_s].toInt(1);
    snapshot.unreportedResults = json[u"unreported_results"_s].toInt();
    snapshot.heartbeat = heartbeatOf(json[u"heartbeat"_s].toObject());
    snapshot.broker = brokerOf(json[u"broker"_s].toObject());
    snapshot.problem = problemOf(json[u"problem"_s]);
    const QJsonArray active = json[u"active_workloads"_s].toArray();
    for (const auto &workload : active)
        snapshot.activeWorkloads.append(WorkloadRecord::fromActive(workload.toObject()));
    const QJsonArray uploads = json[u"uploads"_s].toArray();
    for (const auto &upload : uploads)
        snapshot.uploads.append(WorkloadUpload::fromJson(upload.toObject()));
    return snapshot;
}

} // namespace cloudnode
