#pragma once

#include "base/jsontext.h"
#include "wire/instance.h"
#include "wire/requestid.h"
#include "wire/workloadtype.h"

#include <QDateTime>
#include <QList>

#include <chrono>
#include <optional>

namespace cloudnode {

/// How far a node has got. Whether it is busy is another question: see NodeStatus::isBusy.
enum class NodeState { Starting, Installing, Registering, Connecting, Ready, Stopping };

QString toString(NodeState state);

/// Everything a face may show of a node, at one moment: the answer to `status`, and whatever else asks.
struct NodeStatus {
    /// How far a workload says it is.
    struct Progress {
        double fraction = 0; ///< 0 to 1
        QString text;        ///< its words for it; may be empty

        bool operator==(const Progress &other) const = default;
    };
    /// Somebody has asked for its end.
    struct Cancel {
        QString signalName;
        QDateTime at;
        QDateTime forceAt; ///< when SIGKILL follows if it has not ended by then
    };
    struct Active {
        qint64 pid = 0;
        WorkloadType type = WorkloadType::Inference;
        RequestId requestId;
        std::chrono::milliseconds runningFor{0};
        QString key;                        ///< its name in the state directory
        std::optional<QDateTime> startedAt; ///< none while it is being started
        std::optional<double> cpuPercent;   ///< of one core, its whole tree; none: not known (yet)
        std::optional<qint64> memoryBytes;  ///< likewise
        std::optional<Progress> progress;
        std::optional<Cancel> cancel;
        QString stdoutPath;
        QString stderrPath;
    };
    /// The result files of one workload on their way to the backend.
    struct Upload {
        RequestId requestId;
        QString key; ///< its name in the state directory
        QString workloadUuid;
        int files = 0;
        int filesDone = 0; ///< stored, or given up
        qint64 bytes = 0;
        qint64 bytesDone = 0;
        QString problem; ///< what they wait for; empty: nothing is wrong
    };
    struct Beat {
        QDateTime at;
        bool ok = false;
        std::optional<std::chrono::milliseconds> roundTrip; ///< if it got through
    };
    struct Heartbeat {
        std::optional<QDateTime> lastOk;
        std::chrono::seconds interval{0};
        int failures = 0; ///< in a row
        qint64 failuresTotal = 0;
        std::optional<std::chrono::milliseconds> roundTrip; ///< of the last one that got through
        std::optional<QDateTime> nextDue;                   ///< none while the node is not registered
        QList<Beat> history;                                ///< oldest first; the Heartbeat bounds it
    };
    struct Broker {
        QString host;
        quint16 port = 0;
        bool tls = false;
        bool connected = false;
        std::optional<QDateTime> since; ///< when `connected` became what it is; none: never tried
    };
    /// What keeps the node from its work just now.
    struct Problem {
        QString what;
        QDateTime since;
        QString remedy; ///< may be empty
    };

    Instance instance;
    QString workspaceSlug; ///< empty: the token's
    QString profileSlug;
    QString apiUrl;       ///< of the backend, without any login
    QString controlPlane; ///< how it is spoken to: "rest" or "mqtt"; empty: that is being found out
    NodeState state = NodeState::Starting;
    bool paused = false; ///< by its owner: new workloads are refused
    bool hasInference = false;
    bool hasTraining = false;
    bool hasSimulate = false;
    QList<Active> activeWorkloads;
    int maxConcurrentWorkloads = 1;
    QList<Upload> uploads;     ///< the first of them, if there are very many
    int unreportedResults = 0; ///< ended, but not yet acknowledged by the broker
    Heartbeat heartbeat;
    Broker broker;
    std::optional<Problem> problem;
    qint64 pid = 0; ///< the node's own
    QString stateDir;
    QString configFile; ///< empty: none was read
    QString version;
    std::chrono::seconds uptime{0};

    /// Whether another workload would be refused for want of room. A pause is another question.
    bool isBusy() const { return activeWorkloads.size() >= maxConcurrentWorkloads; }
    /// The specification's keys, and ours beside them.
    JsonText toJson() const;
};

} // namespace cloudnode
