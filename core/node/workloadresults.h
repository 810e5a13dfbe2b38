#pragma once

#include "results/resultuploads.h"
#include "wire/nodestatus.h"

#include <QObject>

namespace cloudnode {

class WorkloadPool;
struct Workload;

/// Has the result files of every workload uploaded that owes the backend some, from where it was left, and
/// notes on disk once that is done. The final response does not wait for it.
class WorkloadResults : public QObject {
    Q_OBJECT

public:
    /// The status names no more workloads than this.
    static constexpr qsizetype mostShown = 100;

    WorkloadResults(WorkloadPool &pool, ControlPlane &cloud, const FileStoreSettings &store,
                    QObject *parent = nullptr);

    /// Takes up what an earlier run has not uploaded to the end.
    void recover();
    /// From now on files may be sent.
    void start() { m_uploads.start(); }
    /// Breaks off; the next node goes on.
    void stop() { m_uploads.stop(); }
    /// The network is back, it seems.
    void retryNow() { m_uploads.retryNow(); }

    /// Whether finished() of that workload is still to come.
    bool isPending(const QString &key) const { return m_uploads.has(key); }
    QList<NodeStatus::Upload> status() const;

signals:
    /// The workload owes its result files, and these are they, perhaps none. Again after a restart.
    void filesFound(const QString &key, qsizetype count);
    /// Nothing more will come of them; that is noted on disk. Not for a workload that owes none.
    void finished(const QString &key, const cloudnode::UploadSummary &summary);
    void gaveUp(const QString &key, const cloudnode::Error &reason);  ///< one file will not be uploaded
    void waiting(const QString &key, const cloudnode::Error &reason); ///< it is going to be tried again
    void warning(const cloudnode::Error &problem);
    void changed(); ///< status() has

private:
    void take(const QString &key);
    void finish(const QString &key, const UploadSummary &summary);

    WorkloadPool &m_pool;
    ResultUploads m_uploads;
};

} // namespace cloudnode
