#pragma once

#include <QJsonObject>
#include <QString>

#include <optional>

namespace cloudnode {

/// What the backend is told about a workload that it has named by a uuid.
/// Source: WIRE contract, "Workload status updates".
struct WorkloadUpdate {
    enum class Status { Running, Finalizing, Completed, Failed, Cancelled };

    Status status = Status::Running;
    QString message;             ///< for people; empty: left out
    qint64 pid = 0;              ///< 0: it has none, left out
    int fileCount = 0;           ///< Finalizing: result files found
    std::optional<bool> success; ///< Completed
    std::optional<int> exitCode; ///< as WorkloadReport has it
    QString error;               ///< what went wrong, in one line; empty: nothing did
    QString errorOutput;         ///< the end of what it wrote to stderr
    QString signalName;          ///< Cancelled: what it was cancelled with

    /// Nothing can follow it.
    bool isFinal() const { return status != Status::Running && status != Status::Finalizing; }
    QJsonObject toJson() const;

    bool operator==(const WorkloadUpdate &other) const = default;
};

QString toString(WorkloadUpdate::Status status);

/// A workload as the backend has it: as much of it as a node needs.
struct CloudWorkload {
    QString status;       ///< "assigned", "running", "completed", …
    QString instanceUuid; ///< whose it is; empty: nobody's yet

    /// It is over, as far as the backend is concerned.
    bool isOver() const;
};

} // namespace cloudnode
