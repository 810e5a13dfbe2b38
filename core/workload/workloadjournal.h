#pragma once

#include "workload/records.h"
#include "workload/retention.h"

#include <QStringList>

#include <functional>

namespace cloudnode {

/// The workloads' directories on disk: makes, reads, adds to and removes them. It remembers nothing.
/// Those about which there is nothing left to do lie in a folder "history" beside the others'.
/// Errors: path and the system's reason, or what a file has that it should not.
class WorkloadJournal {
public:
    WorkloadJournal(QString workloadsFolder, QString logsFolder);

    /// Makes the folders of workloads and logs.
    Result<void> prepare() const;
    /// Names of all directories outside the history, in no order.
    Result<QStringList> keys() const;
    /// Paths of what a crash left half made or half removed. Nobody needs them.
    QStringList scraps() const;

    /// Writes a new workload down for good: after this it is there whole, before it not at all. `meanwhile`
    /// is called with the folder in which it is being made, and may go on in it while the disk takes its
    /// time: it is renamed in the end, or removed if there are errors. Errors: also that there is one of that
    /// key.
    using Meanwhile = std::function<void(const QString &folder)>;
    Result<void> create(const WorkloadSpec &spec, const Meanwhile &meanwhile) const;
    /// All that the directory tells. `problem`, if there is one, is something that could be done without:
    /// an end that cannot be read is one that nobody knows.
    struct Entry {
        Workload workload;
        std::optional<StartRecord> start;
        bool startIsDamaged = false; ///< it has been started, but nobody knows as which process
        std::optional<Error> problem;
    };
    /// Errors: what is to run cannot be read.
    Result<Entry> load(const QString &key) const;
    /// Whether it is over and answered, as far as a quick look can tell: false means "load it".
    bool looksAnswered(const QString &key) const;

    Result<std::optional<StartRecord>> readStart(const QString &key) const; ///< none: not on record
    Result<std::optional<WorkloadEnd>> readEnd(const QString &key) const;   ///< none: not on record
    /// Writes down an end which the runner did not. False if that is not ours to do (now): a runner is at
    /// work on it, or has already done it.
    Result<bool> writeEnd(const QString &key, const WorkloadEnd &end) const;
    /// Outlives the death of this process, and a power cut too if it holds a cancel.
    Result<void> writeProgress(const QString &key, const WorkloadProgress &progress) const;
    Result<void> writeShipped(const QString &key, const WorkloadProgress &progress) const;

    /// Moves it into the history.
    Result<void> archive(const QString &key) const;
    /// Its end and size. Errors: its end is not on record.
    Result<FinishedWorkload> measure(const QString &key) const;
    /// Takes it off the record, its logs too. What is left of it lies at the returned path, to be removed.
    Result<QString> discard(const QString &key) const;

    /// Its directory, in the history or not; where it would be if there is none.
    QString folder(const QString &key) const;
    QString historyFolder() const;
    /// `suffix`: "stdout.log", "stderr.log" or "params.json".
    QString logPath(WorkloadType type, const QString &key, const QString &suffix) const;
    Workload describe(const WorkloadSpec &spec) const; ///< as it is before anything has happened

private:
    QString file(const QString &key, const char *name) const;
    Result<Entry> loadAll(const QString &key) const;
    void loadLife(const QString &key, Entry &entry) const;
    QStringList logPaths(const QString &key) const;
    Result<void> loadProgress(const QString &key, WorkloadProgress &progress) const;

    QString m_workloadsFolder;
    QString m_logsFolder;
};

} // namespace cloudnode
