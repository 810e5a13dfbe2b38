#pragma once

#include "results/workloaduploads.h"

#include <vector>

namespace cloudnode {

/// The result files of all workloads on their way to the backend: a few at once, each workload in its turn.
/// It never waits and never gives up on what may pass.
class ResultUploads final : public QObject {
    Q_OBJECT

public:
    static constexpr qsizetype mostAtOnce = 4; ///< files, over all workloads

    struct Settings {
        FileStoreSettings store;
        UploadPatience patience;
    };
    ResultUploads(ControlPlane &cloud, const Settings &settings, QObject *parent = nullptr);
    ~ResultUploads() override;

    /// Finds out at once what there is to upload; found() follows, then finished(). One that is known already
    /// is left as it is.
    void add(const UploadJob &job);
    bool has(const QString &key) const;
    /// From now on files may be sent.
    void start();
    /// Breaks off what is under way. Nothing is lost: whoever is given the same jobs goes on with them.
    void stop();
    /// The network is back, it seems: what waits for better times is tried now.
    void retryNow();

    /// Of those that have files, in the order they were added. By key.
    QList<std::pair<QString, UploadProgress>> progress() const;

signals:
    void found(const QString &key, qsizetype files);                            ///< perhaps none
    void finished(const QString &key, const cloudnode::UploadSummary &summary); ///< it is forgotten then
    void gaveUp(const QString &key, const cloudnode::Error &reason);
    void waiting(const QString &key, const cloudnode::Error &reason);
    void warning(const QString &key, const cloudnode::Error &problem);
    void changed(); ///< progress() has

private:
    void follow(WorkloadUploads &uploads);
    void fill();
    void forget(WorkloadUploads &uploads);
    qsizetype underWay() const;

    ControlPlane &m_cloud;
    UploadPatience m_patience;
    std::atomic<bool> m_stopping = false;
    QThreadPool m_disk; // needs m_stopping
    FileStore m_store;
    std::vector<std::unique_ptr<WorkloadUploads>> m_all; // needs all of the above
    size_t m_next = 0;                                   ///< whose turn it is
    bool m_started = false;
};

} // namespace cloudnode
