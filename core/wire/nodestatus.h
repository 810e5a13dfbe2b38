#pragma once

#include "wire/instance.h"
#include "wire/requestid.h"
#include "wire/workloadtype.h"

#include <QDateTime>
#include <QList>
#include <QString>

#include <chrono>
#include <optional>

namespace cloudnode {

/// How far a node has got. Whether it has room for a workload is another question.
enum class NodeState { Starting, Installing, Registering, Connecting, Ready, Stopping };

QString toString(NodeState state);

/// What a face may show of a node that stays as it is while it runs.
struct NodeFacts {
    QString workspaceSlug; ///< empty: the token's
    QString profileSlug;
    QString apiUrl; ///< of the backend, without any login
    bool hasInference = false;
    bool hasTraining = false;
    bool hasSimulate = false;
    int maxConcurrentWorkloads = 1;
    qint64 pid = 0; ///< the node's own
    QString stateDir;
    QString configFile; ///< empty: none was read
    QString version;
};

/// Everything else a face may show of it, at one moment: the answer to `status`, and whatever else asks.
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

        bool operator==(const Beat &other) const = default;
    };
    struct Heartbeat {
        std::optional<QDateTime> lastOk;
        std::chrono::seconds interval{0};
        int failures = 0; ///< in a row
        qint64 failuresTotal = 0;
        std::optional<std::chrono::milliseconds> roundTrip; ///< of the last one that got through
        std::optional<QDateTime> nextDue;                   ///< none while the node is not registered
        QList<Beat> history;                                ///< oldest first; the Heartbeat bounds it

        bool operator==(const Heartbeat &other) const = default;
    };
    struct Broker {
        QString host;
        quint16 port = 0;
        bool tls = false;
        bool connected = false;
        std::optional<QDateTime> since; ///< when `connected` became what it is; none: never tried

        bool operator==(const Broker &other) const = default;
    };
    /// What keeps the node from its work just now.
    struct Problem {
        QString what;
        QDateTime since;
        QString remedy; ///< may be empty
    };

    Instance instance;
    QString controlPlane; ///< how the backend is spoken to: "rest" or "mqtt"; empty: that is being found out
    NodeState state = NodeState::Starting;
    bool paused = false; ///< by its owner: new workloads are refused
    QList<Active> activeWorkloads;
    QList<Upload> uploads;     ///< the first of them, if there are very many
    int unreportedResults = 0; ///< ended, but not yet acknowledged by the broker
    Heartbeat heartbeat;
    Broker broker;
    std::optional<Problem> problem;
    std::chrono::seconds uptime{0};
};

} // namespace cloudnode
