#pragma once

#include "workload/records.h"
#include "workload/retention.h"
#include "workload/workloadpaths.h"

#include <QStringList>

#include <optional>
#include <utility>

namespace cloudnode {

/// The workloads' directories on disk: reads, adds to and removes them, once they have been accepted (see
/// Acceptance). It remembers nothing. Errors: path and the system's reason, or what a file has that it should
/// not.
class WorkloadJournal {
public:
    explicit WorkloadJournal(WorkloadPaths paths) : m_paths(std::move(paths)) {}

    const WorkloadPaths &paths() const { return m_paths; }
    /// Makes the folders of workloads and logs.
    Result<void> prepare() const;
    /// Names of all directories outside the history, in no order.
    Result<QStringList> keys() const;
    /// Paths of what a crash left half removed. Nobody needs them.
    QStringList scraps() const { return m_paths.hidden(WorkloadPaths::removedPrefix); }

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
    /// The end and size of one that is not in the history.
    FinishedWorkload measure(const Workload &finished) const;
    /// The same of one in the history. Errors: its end is not on record.
    Result<FinishedWorkload> measure(const QString &key) const;
    /// Takes it off the record, its logs too, which may take a while. What is left of it lies at the returned
    /// path, to be removed.
    Result<QString> discard(const QString &key) const;

    Workload describe(const WorkloadSpec &spec) const; ///< as it is before anything has happened

private:
    /// A file in its directory, and what it holds; nothing if it is missing.
    struct Found {
        QString path;
        std::optional<QByteArray> content;
    };
    Result<Found> read(const QString &key, const char *name, qint64 maxBytes) const;
    template <typename T>
    Result<std::optional<T>> readRecord(const QString &key, const char *name,
                                        Result<T> (*parse)(const QByteArray &json,
                                                           const QString &where)) const;
    QString file(const QString &key, const char *name) const;
    Workload describe(const WorkloadSpec &spec, const QString &folder) const;
    Result<WorkloadSpec> readSpec(const QString &key) const;
    Result<Entry> loadAll(const QString &key) const;
    void loadLife(const QString &key, Entry &entry) const;
    Result<void> loadProgress(const QString &key, WorkloadProgress &progress) const;

    WorkloadPaths m_paths;
};

} // namespace cloudnode
