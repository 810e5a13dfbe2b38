#pragma once

#include "workload/records.h"
#include "workload/retention.h"
#include "workload/sparefolders.h"

#include <QStringList>

#include <functional>
#include <optional>

namespace cloudnode {

/// The workloads' directories on disk: makes, reads, adds to and removes them. It remembers nothing.
/// Those about which there is nothing left to do lie in a folder "history" beside the others'.
/// Errors: path and the system's reason, or what a file has that it should not.
class WorkloadJournal {
public:
    WorkloadJournal(const QString &workloadsFolder, const QString &logsFolder);

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
    Result<void> create(const WorkloadSpec &spec, SpareFolders &spares, const Meanwhile &meanwhile) const;
    std::unique_ptr<SpareFolders> spareFolders() const; ///< for create()
    /// Finishes what create() had begun and the disk already has: a power cut may have taken the directory's
    /// name, or a crash have come before it. To be called before keys(). Returns why it cannot be done for
    /// some, which are left for the next time.
    QList<Error> nameAccepted() const;
    /// Makes the file of its parameters anew, if it may have got lost: they are in the record, unless there
    /// are many.
    Result<void> restoreParams(const QString &key) const;
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

    /// Its directory, in the history or not; where it would be if there is none.
    QString folder(const QString &key) const;
    QString activeFolder(const QString &key) const; ///< its directory, if it is not in the history
    const QString &historyFolder() const { return m_historyFolder; }
    /// `suffix`: "stdout.log", "stderr.log" or "params.json".
    QString logPath(WorkloadType type, const QString &key, const QString &suffix) const;
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
    Result<void> placeLog(const QString &unfinished, const char *suffix, const WorkloadSpec &spec) const;
    Result<void> placeParams(const QString &unfinished, const WorkloadSpec &spec) const;
    QStringList hidden(const QString &prefix) const; ///< paths of directories that are no workload's
    std::optional<WorkloadSpec> acceptedIn(const QString &unfinished) const;
    Result<void> giveName(const QString &unfinished, const WorkloadSpec &spec) const;
    Result<void> writeParams(const WorkloadSpec &spec) const;
    Workload describe(const WorkloadSpec &spec, const QString &folder) const;
    Result<WorkloadSpec> readSpec(const QString &key) const;
    Result<Entry> loadAll(const QString &key) const;
    void loadLife(const QString &key, Entry &entry) const;
    QStringList logPaths(const QString &key) const;
    Result<void> loadProgress(const QString &key, WorkloadProgress &progress) const;

    QString m_workloadsFolder;
    QString m_logsFolder;
    QString m_historyFolder;
};

} // namespace cloudnode
