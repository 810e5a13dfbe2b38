#pragma once

#include "workload/records.h"

#include <QStringList>

namespace cloudnode {

/// The workloads' directories on disk: makes, reads, adds to and removes them. It remembers nothing.
/// Errors: path and the system's reason, or what a file has that it should not.
class WorkloadJournal {
public:
    WorkloadJournal(QString workloadsFolder, QString logsFolder);

    /// Makes both folders, and clears away what a crash left half made or half removed.
    Result<void> prepare() const;
    /// Names of all directories, in no order.
    Result<QStringList> keys() const;

    /// Writes a new workload down for good: after this it is there whole, before it not at all.
    /// Errors: also that there is one of that key.
    Result<void> create(const WorkloadSpec &spec) const;
    /// All that the directory tells. `problem`, if there is one, is something that could be done without.
    struct Entry {
        Workload workload;
        std::optional<StartRecord> start;
        std::optional<Error> problem;
    };
    Result<Entry> load(const QString &key) const;

    Result<std::optional<StartRecord>> readStart(const QString &key) const; ///< none: not on record
    Result<std::optional<WorkloadEnd>> readEnd(const QString &key) const;   ///< none: not on record
    /// Writes down an end which the runner did not. False if that is not ours to do (now): a runner is at
    /// work on it, or has already done it.
    Result<bool> writeEnd(const QString &key, const WorkloadEnd &end) const;
    /// Outlives the death of this process, and a power cut too if it holds a cancel.
    Result<void> writeProgress(const QString &key, const WorkloadProgress &progress) const;
    Result<void> writeShipped(const QString &key, const WorkloadProgress &progress) const;

    /// Removes directory and logs, the directory last.
    Result<void> remove(const Workload &workload) const;

    QString folder(const QString &key) const;
    /// `suffix`: "stdout.log", "stderr.log" or "params.json".
    QString logPath(WorkloadType type, const QString &key, const QString &suffix) const;
    Workload describe(const WorkloadSpec &spec) const; ///< as it is before anything has happened

private:
    QString file(const QString &key, const char *name) const;
    Result<void> loadProgress(const QString &key, WorkloadProgress &progress) const;

    QString m_workloadsFolder;
    QString m_logsFolder;
};

} // namespace cloudnode
