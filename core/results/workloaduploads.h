#pragma once

#include "results/fileupload.h"
#include "results/uploadledger.h"

#include <QQueue>
#include <QThreadPool>

#include <map>

namespace cloudnode {

/// One workload whose result files are to be uploaded.
struct UploadJob {
    QString key; ///< the workload's, unique
    QString workloadUuid;
    ResultPlaces places;
    QString ledgerPath;
};

/// How far a workload's uploads are.
struct UploadProgress {
    qsizetype files = 0;
    qsizetype filesDone = 0; ///< stored or given up
    qint64 bytes = 0;
    qint64 bytesDone = 0;
    QString problem; ///< what they wait for; empty: nothing is wrong
};

/// What became of a workload's result files.
struct UploadSummary {
    qsizetype stored = 0;
    qsizetype givenUp = 0; ///< they stay where they are
    qsizetype leftOut = 0; ///< likewise: more than are taken
    bool confirmed =
        false; ///< the backend has taken note of those that are stored, so they have been removed
};

/// Brings the result files of one workload into the store, has them confirmed, and then removes them. What is
/// to be uploaded is decided when it starts, and known to the next node from then on. How many files are
/// under way at once is the caller's to say.
class WorkloadUploads final : public QObject {
    Q_OBJECT

public:
    /// What the uploads of all workloads have in common. All of it outlives them.
    struct Means {
        ControlPlane &cloud;
        FileStore &store;
        QThreadPool &disk;                 ///< where files are listed and removed
        const std::atomic<bool> &stopping; ///< what is at work there is to come to an end
        UploadPatience patience;
    };
    /// Nothing of it may be at work in `means.disk` any more when it is destroyed.
    WorkloadUploads(UploadJob job, const Means &means, QObject *parent = nullptr);

    /// Looks what there is. listed() follows.
    void start();
    const QString &key() const { return m_job.key; }
    bool isListed() const { return m_ledger.has_value(); }
    UploadProgress progress() const;

    /// Whether there is a file that sendNext() would send.
    bool canSend() const;
    void sendNext();
    qsizetype underWay() const { return static_cast<qsizetype>(m_underWay.size()); }
    /// What waits for better times need not wait any longer.
    void retryNow();

signals:
    void listed(qsizetype files);
    void fileEnded();                             ///< one that was under way is no more
    void ready();                                 ///< canSend() may have become true
    void changed();                               ///< progress() has
    void gaveUp(const cloudnode::Error &reason);  ///< one file will not be uploaded; of very many, the first
    void waiting(const cloudnode::Error &reason); ///< something has failed and is going to be tried again
    void warning(const cloudnode::Error &problem);
    void finished(const cloudnode::UploadSummary &summary); ///< once; there is nothing left to do

private:
    /// What is found on the disk.
    struct Found {
        std::optional<UploadLedger> ledger;
        qsizetype leftOut = 0;
        QList<Error> problems;
    };

    static Found look(const UploadJob &job, const std::atomic<bool> &stopping);
    void begin(const Found &found);
    void fileDone(qsizetype index, const FileUploadEnd &end);
    void tellOfGivenUp(const QString &name, const Error &reason);
    void rest(const Error &reason, std::optional<std::chrono::seconds> atLeast);
    void confirmWhenAllDone();
    void confirm();
    void confirmed(const CloudResult<void> &answer);
    void removeFiles();
    void finish(bool confirmed);
    void note(const Result<void> &written);
    void resume();

    UploadJob m_job;
    Means m_means;
    ResultFiles m_files;
    std::optional<UploadLedger> m_ledger; ///< none: start() has not found out yet
    qsizetype m_leftOut = 0;
    QQueue<qsizetype> m_waiting;                                 ///< indexes of the ledger's entries
    std::map<qsizetype, std::unique_ptr<FileUpload>> m_underWay; ///< by the same
    QString m_problem;
    Backoff m_rest;
    QTimer m_resting; ///< while it runs, nothing new is begun
    enum class Phase { Sending, Confirming, Removing, Over };
    Phase m_phase = Phase::Sending;
    bool m_maybeHeard = false; ///< an earlier confirmation may have reached the backend
};

} // namespace cloudnode
