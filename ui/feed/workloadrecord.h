#pragma once

#include <QDateTime>
#include <QJsonObject>
#include <QJsonValue>
#include <QString>

#include <optional>

namespace cloudnode {

/// One workload as the control socket tells it, running or over. A value; absent facts are empty.
struct WorkloadRecord {
    enum class Status { Running, Completed, Failed, Cancelled, Lost };
    struct Progress {
        std::optional<double> fraction; ///< 0 to 1; none: only words are known
        QString text;

        bool operator==(const Progress &other) const = default;
    };
    struct Cancel {
        QString signalName;
        QDateTime at;
        QDateTime forceAt; ///< when the node itself kills what is left; invalid if it does not

        bool operator==(const Cancel &other) const = default;
    };

    QJsonValue requestId; ///< as the caller wrote it: a string or a number
    QString key;          ///< unique among all workloads
    QString type;         ///< the name on the wire: "training"
    Status status = Status::Running;
    qint64 pid = 0;
    std::optional<int> exitCode;
    QString signalName;
    QDateTime receivedAt; ///< this and the following times: UTC
    QDateTime startedAt;
    QDateTime endedAt;
    double seconds = 0;               ///< how long it ran, or has been running when this was told
    std::optional<double> cpuPercent; ///< of the whole process tree; 100 is one core
    std::optional<qint64> memoryBytes;
    std::optional<Progress> progress;
    std::optional<Cancel> cancel;
    QString stdoutPath;
    QString stderrPath;
    bool reported = true;

    bool isActive() const { return status == Status::Running; }
    QString requestText() const;
    /// "training r-8f2c": how sentences name it.
    QString name() const;

    bool operator==(const WorkloadRecord &other) const = default;

    /// From an entry of the status snapshot's active_workloads.
    static WorkloadRecord fromActive(const QJsonObject &json);
    /// From an entry of workload.list.
    static WorkloadRecord fromListed(const QJsonObject &json);
};

/// The result files of one workload on their way to the backend, as the status snapshot tells them.
struct WorkloadUpload {
    QString key; ///< the workload's
    int files = 0;
    int filesDone = 0;
    qint64 bytes = 0;
    qint64 bytesDone = 0;
    QString problem; ///< what they wait for; empty: nothing is wrong

    bool operator==(const WorkloadUpload &other) const = default;

    static WorkloadUpload fromJson(const QJsonObject &json);
};

} // namespace cloudnode
