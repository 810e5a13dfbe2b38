#pragma once

#include "base/backoff.h"
#include "base/secretmask.h"
#include "cloud/controlplane.h"
#include "node/refusedworkloads.h"
#include "workload/workload.h"

#include <QHash>
#include <QObject>
#include <QTimer>

#include <functional>
#include <memory>

namespace cloudnode {

class WorkloadPool;

/// Tells the backend how far every workload is that it has named by a uuid: running, finalizing, over, or
/// refused. Each is repeated until it is answered, by the next node if need be, so that no workload stays
/// "assigned" there because a message was lost. A refusal of the backend's is an answer.
/// Of several requests for one workload the latest counts: the ends of earlier ones are not told.
class BackendReporter : public QObject {
    Q_OBJECT

public:
    static constexpr int window = 16; ///< workloads spoken about at once

    /// `instance` names this node. `backoff`: between repetitions.
    BackendReporter(WorkloadPool &pool, ControlPlane &cloud, const QString &refusalsFolder, SecretMask mask,
                    std::function<Instance()> instance,
                    const Backoff &backoff = Backoff(std::chrono::seconds(1), std::chrono::minutes(5)),
                    QObject *parent = nullptr);

    /// Takes up what an earlier run could not say. Errors: the disk.
    Result<void> recover();
    /// Nothing is said before the backend knows us.
    void start();
    void stop();

    /// So many result files of it are on their way. Its end is told once they are dealt with.
    void noteResultFiles(const QString &key, qsizetype count);
    void noteResultsDone(const QString &key);
    void refused(const QString &workloadUuid, const QString &reason);
    /// It is over for the backend already: no more is said of it.
    void forget(const QString &key);

signals:
    void told(const QString &key, cloudnode::WorkloadUpdate::Status status);
    void rejected(const QString &workloadUuid,
                  const cloudnode::Error &reason); ///< the backend will have none of it
    void warning(const cloudnode::Error &problem);

private:
    /// Something to be said about one workload, by its uuid.
    struct Topic {
        QString key; ///< empty: it was refused
        Backoff backoff;
        std::unique_ptr<QTimer> retry = {};
        bool underWay = false;
    };
    /// What an answer is to.
    struct Said {
        QString workloadUuid;
        QString key; ///< empty: that it was refused
        WorkloadUpdate::Status status;
    };
    using Topics = QHash<QString, std::shared_ptr<Topic>>;

    void take(const QString &key);
    bool takesOver(const Workload &workload);
    void markTold(const QString &key, Told stage);
    void add(const QString &workloadUuid, const QString &key);
    void speak();
    void say(const QString &workloadUuid, const std::shared_ptr<Topic> &topic);
    std::optional<WorkloadUpdate> next(const QString &workloadUuid, const Topic &topic) const;
    void heard(const Said &said, const CloudResult<void> &answer);
    void note(const Said &said);
    void retryLater(Topic &topic, const CloudError &error);

    WorkloadPool &m_pool;
    ControlPlane &m_cloud;
    RefusedWorkloads m_refused;
    SecretMask m_mask;
    std::function<Instance()> m_instance;
    Backoff m_backoff;
    Topics m_topics;
    QHash<QString, int> m_fileCounts; ///< of those whose result files are on their way, by key
    int m_underWay = 0;
    bool m_started = false;
};

} // namespace cloudnode
