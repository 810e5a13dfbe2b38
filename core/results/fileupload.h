#pragma once

#include "base/backoff.h"
#include "cloud/controlplane.h"
#include "results/filestore.h"

#include <QTimer>

namespace cloudnode {

/// How long uploads wait for what may pass.
struct UploadPatience {
    int attempts = 3;                       ///< at one file in a row
    std::chrono::milliseconds pause{2000};  ///< between two of them; doubling
    std::chrono::milliseconds rest{10'000}; ///< after them, until that workload's next file; doubling, up to
    std::chrono::milliseconds longestRest{120'000};
};

/// What became of one file.
struct FileUploadEnd {
    enum class Kind {
        Stored,
        GivenUp,  ///< trying again will not help
        Postponed ///< all attempts have failed for reasons that may pass
    };
    Kind kind = Kind::Postponed;
    ResultFile file;                                ///< Stored: as the store has it
    UploadTarget target;                            ///< Stored: where it lies
    Error reason;                                   ///< unless Stored
    std::optional<std::chrono::seconds> retryAfter; ///< Postponed: the other side's wish
};

/// Brings one file into the store: asks the backend for a place, puts the file there, and starts over with a
/// fresh place a few times if that fails for a reason that may pass.
class FileUpload final : public QObject {
    Q_OBJECT

public:
    /// What is to be brought, and whose it is.
    struct Task {
        QString workloadUuid;
        ResultFiles from;
        ResultFile file;
    };
    FileUpload(Task task, ControlPlane &cloud, FileStore &store, const UploadPatience &patience,
               QObject *parent = nullptr);

    /// ended() follows, from the event loop.
    void start();
    /// Bytes of it that are on their way or there.
    qint64 sent() const { return m_sent; }

signals:
    void progressed();
    void ended(const cloudnode::FileUploadEnd &end); ///< once

private:
    void attempt();
    void placed(const CloudResult<UploadTarget> &target);
    void put(const UploadTarget &target, const StoreVerdict &verdict, const ResultFile &file);
    void failed(const Error &reason, std::optional<std::chrono::seconds> retryAfter);
    void giveUp(const Error &reason);

    Task m_task;
    ControlPlane &m_cloud;
    FileStore &m_store;
    int m_attemptsLeft;
    Backoff m_pause;
    QTimer m_next;
    qint64 m_sent = 0;
};

} // namespace cloudnode
