#pragma once

#include "ui/feed/workloadrecord.h"
#include "wire/nodestatus.h"

#include <QList>

namespace cloudnode {

/// The node's status snapshot, read from the control socket: what tray and window show.
struct NodeSnapshot {
    struct Beat {
        QDateTime at;
        bool ok = false;
        std::optional<double> roundTripSeconds;

        bool operator==(const Beat &other) const = default;
    };
    struct Heartbeat {
        QDateTime lastOk; ///< invalid: none got through yet
        int intervalSeconds = 0;
        int failures = 0; ///< in a row
        qint64 failuresTotal = 0;
        std::optional<double> roundTripSeconds;
        QDateTime nextDue;
        QList<Beat> history; ///< oldest first, at most historyLength

        bool operator==(const Heartbeat &other) const = default;
    };
    struct Broker {
        QString host;
        int port = 0;
        bool tls = false;
        bool connected = false;
        QDateTime since; ///< of being connected, or not

        bool operator==(const Broker &other) const = default;
    };
    struct Problem {
        QString what;
        QDateTime since;
        QString remedy;

        bool operator==(const Problem &other) const = default;
    };
    static constexpr qsizetype historyLength = 60;

    QString slug;
    QString instanceUuid;
    QString workspaceSlug;
    QString profileSlug;
    QString apiUrl;
    QString controlPlane; ///< "rest" or "mqtt"; empty: not known yet
    NodeState state = NodeState::Starting;
    bool paused = false;
    bool isBusy = false;
    QString version;
    qint64 pid = 0;
    QString stateDir;
    QString configFile;
    int maxConcurrentWorkloads = 1;
    int unreportedResults = 0;
    Heartbeat heartbeat;
    Broker broker;
    std::optional<Problem> problem;
    QList<WorkloadRecord> activeWorkloads;
    QList<WorkloadUpload> uploads;

    bool operator==(const NodeSnapshot &other) const = default;

    static NodeSnapshot fromJson(const QJsonObject &json);
};

} // namespace cloudnode
