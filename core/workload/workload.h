#pragma once

#include "base/workloadlimits.h"
#include "wire/requestid.h"
#include "wire/workloadtype.h"

#include <QDateTime>
#include <QString>

#include <chrono>
#include <optional>

namespace cloudnode {

/// What is to run, fixed before anything runs (spec.json).
struct WorkloadSpec {
    RequestId requestId;
    WorkloadType type = WorkloadType::Inference;
    QString command;                      ///< shell text, placeholders already replaced; the pool forgets it
                                          ///< when the workload is settled, spec.json does not
    QString workingDirectory;             ///< absolute
    QByteArray params;                    ///< the parameters as compact JSON, for the file at paramsPath;
                                          ///< the pool's copy is empty, however large they were
    QString workloadUuid;                 ///< the backend's name for it; empty if none was given
    QDateTime receivedAt;                 ///< UTC, milliseconds
    std::chrono::seconds timeout{0};      ///< 0: none
    std::chrono::seconds cancelGrace{10}; ///< between the asked-for signal and SIGKILL
    WorkloadLimits limits;                ///< their timeout excepted: `timeout` is what counts
    bool uploadResults = false; ///< it has a folder for result files, which are uploaded after a success
    QString resultsFolder;      ///< absolute; looked at besides its own, if it exists; empty: none
    QString imageName;          ///< of a picture that came with the command; empty: none came
    QByteArray image;           ///< its bytes, for the file at imagePath; the pool's copy is empty
    bool needsToken = false;    ///< it came with a token of its own, which is kept nowhere
};

/// What the runner wrote when the workload's process was about to exec (started.json).
struct WorkloadStart {
    qint64 pid = 0; ///< also the process group and session
    QDateTime at;   ///< UTC
};

/// How it ended (exit.json, or found out by looking).
struct WorkloadEnd {
    enum class Outcome {
        Exited,     ///< by itself, with exitCode
        Signaled,   ///< by a signal
        NotStarted, ///< the command could not be started at all; see reason
        Unknown,    ///< nobody saw it end: a reboot, or its supervisor was killed
    };
    Outcome outcome = Outcome::Unknown;
    std::optional<int> exitCode;      ///< Exited only
    std::optional<int> signal;        ///< Signaled only
    bool timedOut = false;            ///< the node's own time limit ended it
    qint64 memoryKills = 0;           ///< its processes that the kernel has ended for its memory limit
    QString reason;                   ///< NotStarted and Unknown: in words
    std::optional<QDateTime> at;      ///< UTC; none when nobody saw it
    std::optional<QDateTime> foundAt; ///< UTC: when a node found out about an end that nobody saw
    std::optional<std::chrono::milliseconds> duration; ///< by a clock that nobody sets; none: not measured
    qint64 peakMemoryKiB = 0;                          ///< largest resident set among its reaped processes
    double cpuSeconds = 0;                             ///< user and system time of all of them

    /// An end without a code: NotStarted or Unknown.
    static WorkloadEnd because(Outcome outcome, const QString &reason)
    {
        WorkloadEnd end;
        end.outcome = outcome;
        end.reason = reason;
        end.foundAt = QDateTime::currentDateTimeUtc();
        return end;
    }
};

/// Someone asked for its end.
struct WorkloadCancel {
    RequestId requestId;  ///< of the cancel command
    QString signalName;   ///< "SIGTERM", "SIGINT" or "SIGKILL"
    QDateTime at;         ///< UTC
    bool sent = false;    ///< the signal is on its way; set by the pool
    bool byOwner = false; ///< asked for on this computer: requestId is generated, and nobody waits for it
};

/// How much of a workload's life the backend has been told, and has answered.
enum class Told { Nothing, Running, Finalizing, End };

/// What the node itself has done about it (progress.json, and shipped.json for the offsets).
struct WorkloadProgress {
    bool acked = false;       ///< the broker has the acknowledgement
    bool reported = false;    ///< the broker has the final response
    qint64 stdoutShipped = 0; ///< bytes the backend has taken
    qint64 stderrShipped = 0;
    std::optional<WorkloadCancel> cancel;
    bool cancelAnswered = false; ///< the broker has the answer to `cancel`
    Told told = Told::Nothing;   ///< of a workload that the backend has named by a uuid
    bool resultsDone = false;    ///< of its result files the backend has those that it will ever have, if any
};

/// One workload as its directory tells it. A value: a copy does not change any more.
struct Workload {
    QString key; ///< name of its directory
    WorkloadSpec spec;
    std::optional<WorkloadStart> start;
    std::optional<WorkloadEnd> end;
    WorkloadProgress progress;
    QString stdoutPath;
    QString stderrPath;
    QString paramsPath;
    QString ownResults; ///< its folder for result files; empty if it has none
    QString imagePath;  ///< empty if no picture came with it

    bool isActive() const { return !end.has_value(); }
};

} // namespace cloudnode
