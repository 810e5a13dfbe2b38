#include "wire/nodestatus.h"

#include "wire/response.h"

#include <QJsonArray>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

namespace {

double seconds(std::chrono::milliseconds duration)
{
    return static_cast<double>(duration.count()) / 1000;
}

QJsonObject toJson(const NodeStatus::Active &workload)
{
    return {
        {u"pid"_s, workload.pid > 0 ? QJsonValue(workload.pid) : QJsonValue(QJsonValue::Null)},
        {u"type"_s, toString(workload.type)},
        {u"request_id"_s, workload.requestId.toJson()},
        {u"running_for_seconds"_s, seconds(workload.runningFor)},
    };
}

QJsonObject toJson(const NodeStatus::Heartbeat &heartbeat)
{
    return {
        {u"last_ok"_s,
         heartbeat.lastOk ? QJsonValue(isoTime(*heartbeat.lastOk)) : QJsonValue(QJsonValue::Null)},
        {u"interval_seconds"_s, static_cast<qint64>(heartbeat.interval.count())},
        {u"failures"_s, heartbeat.failures},
        {u"failures_total"_s, heartbeat.failuresTotal},
        {u"round_trip_seconds"_s,
         heartbeat.roundTrip ? QJsonValue(seconds(*heartbeat.roundTrip)) : QJsonValue(QJsonValue::Null)},
    };
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
    return {
        {u"slug"_s, instance.slug},
        {u"instance_uuid"_s, instance.uuid},
        {u"profile_slug"_s, profileSlug},
        {u"has_inference"_s, hasInference},
        {u"has_training"_s, hasTraining},
        {u"has_simulate"_s, hasSimulate},
        {u"is_busy"_s, isBusy()},
        {u"active_workloads"_s, workloads},
        {u"max_concurrent_workloads"_s, maxConcurrentWorkloads},
        {u"unreported_results"_s, unreportedResults},
        {u"state"_s, toString(state)},
        {u"heartbeat"_s, cloudnode::toJson(heartbeat)},
        {u"broker"_s, QJsonObject{{u"connected"_s, brokerConnected}}},
        {u"version"_s, version},
        {u"uptime_seconds"_s, static_cast<qint64>(uptime.count())},
    };
}

} // namespace cloudnode
