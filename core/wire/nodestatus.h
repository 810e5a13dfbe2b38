#pragma once

#include "wire/instance.h"
#include "wire/requestid.h"
#include "wire/workloadtype.h"

#include <QDateTime>
#include <QJsonObject>
#include <QList>

#include <chrono>
#include <optional>

namespace cloudnode {

/// How far a node has got. Whether it is busy is another question: see NodeStatus::isBusy.
enum class NodeState { Starting, Installing, Registering, Connecting, Ready, Stopping };

QString toString(NodeState state);

/// Everything a face may show of a node, at one moment: the answer to `status`, and whatever else asks.
struct NodeStatus {
    struct Active {
        qint64 pid = 0;
        WorkloadType type = WorkloadType::Inference;
        RequestId requestId;
        std::chrono::milliseconds runningFor{0};
    };
    struct Heartbeat {
        std::optional<QDateTime> lastOk;
        std::chrono::seconds interval{0};
        int failures = 0; ///< in a row
        qint64 failuresTotal = 0;
        std::optional<std::chrono::milliseconds> roundTrip; ///< of the last one that got through
    };

    Instance instance;
    QString profileSlug;
    NodeState state = NodeState::Starting;
    bool hasInference = false;
    bool hasTraining = false;
    bool hasSimulate = false;
    QList<Active> activeWorkloads;
    int maxConcurrentWorkloads = 1;
    int unreportedResults = 0; ///< ended, but not yet acknowledged by the broker
    Heartbeat heartbeat;
    bool brokerConnected = false;
    QString version;
    std::chrono::seconds uptime{0};

    /// Whether another workload would be refused.
    bool isBusy() const { return activeWorkloads.size() >= maxConcurrentWorkloads; }
    /// The specification's keys, and ours beside them.
    QJsonObject toJson() const;
};

} // namespace cloudnode
