#include "samples.h"

using namespace Qt::Literals::StringLiterals;

namespace cloudnode::samples {

namespace {

constexpr int interval = 30;
constexpr int missedBeat = 41;

QDateTime before(qint64 seconds)
{
    return QDateTime::currentDateTimeUtc().addSecs(-seconds);
}

} // namespace

NodeSnapshot readyNode()
{
    NodeSnapshot node;
    node.slug = u"my-gpu-node"_s;
    node.instanceUuid = u"6c03af00-cf59-4a64-96c0-c4746bda05ba"_s;
    node.workspaceSlug = u"robotics"_s;
    node.profileSlug = u"gpu-a100"_s;
    node.apiUrl = u"https://api.cyberwave.com"_s;
    node.state = NodeState::Ready;
    node.version = u"0.1.0"_s;
    node.maxConcurrentWorkloads = 4;
    node.broker = {u"mqtt.cyberwave.com"_s, 8883, true, true, before(3 * 3600 + 12 * 60)};
    node.heartbeat.lastOk = before(4);
    node.heartbeat.intervalSeconds = interval;
    node.heartbeat.roundTripSeconds = 0.023;
    node.heartbeat.nextDue = before(-(interval - 4));
    for (int i = 0; i < NodeSnapshot::historyLength; ++i)
        node.heartbeat.history.append(
            {before((NodeSnapshot::historyLength - i) * interval), i != missedBeat, 0.02});
    return node;
}

WorkloadRecord active(const QString &requestId, const QString &type)
{
    WorkloadRecord workload;
    workload.requestId = requestId;
    workload.key = requestId;
    workload.type = type;
    workload.pid = 48211;
    workload.seconds = 4360;
    workload.receivedAt = before(4361);
    workload.startedAt = before(4360);
    workload.cpuPercent = 740;
    workload.memoryBytes = 6'100'000'000;
    return workload;
}

WorkloadRecord finished(const QString &requestId, WorkloadRecord::Status status)
{
    WorkloadRecord workload = active(requestId);
    workload.status = status;
    workload.exitCode = status == WorkloadRecord::Status::Failed ? 3 : 0;
    workload.endedAt = before(60);
    workload.seconds = 4300;
    workload.cpuPercent.reset();
    workload.memoryBytes.reset();
    return workload;
}

} // namespace cloudnode::samples
