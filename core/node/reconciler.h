#pragma once

#include "cloud/controlplane.h"

#include <QObject>
#include <QStringList>

namespace cloudnode {

class BackendReporter;
class WorkloadPool;

/// After a restart: ends those recovered workloads that nobody wants any more, because the backend calls them
/// finished or gone, or has given them to another node. Only a backend that has known a workload before can
/// say that it is gone. One that does not answer changes nothing.
class Reconciler : public QObject {
    Q_OBJECT

public:
    Reconciler(WorkloadPool &pool, ControlPlane &cloud, BackendReporter &reporter, QObject *parent = nullptr);

    /// Notes which workloads an earlier node has left running.
    void recover();
    /// Asks about them, once; later calls do nothing.
    void start(const Instance &instance);

signals:
    void ending(const QString &key, const QString &why);
    void warning(const cloudnode::Error &problem);

private:
    void judge(const QString &key, const Instance &instance, const CloudResult<CloudWorkload> &answer);
    void end(const QString &key, const QString &why);

    WorkloadPool &m_pool;
    ControlPlane &m_cloud;
    BackendReporter &m_reporter;
    QStringList m_recovered; ///< keys
};

} // namespace cloudnode
