#pragma once

#include "cloud/controlplane.h"

#include <QObject>

namespace cloudnode {

class LogShipper;
class WorkloadPool;
struct Workload;

/// Has the output of every workload shipped, from where it was left, and keeps the offsets on disk.
class WorkloadLogs : public QObject {
    Q_OBJECT

public:
    WorkloadLogs(WorkloadPool &pool, LogShipper &shipper, QObject *parent = nullptr);

    /// Takes up what an earlier run has not shipped to the end.
    void recover();

signals:
    void shipped(const QString &key); ///< the backend has all output of a workload that has ended
    void warning(const cloudnode::Error &problem);

private:
    void follow(const QString &key);
    void finish(const QString &key);
    void noteIfDone(const QString &key);
    void followStream(const Workload &workload, LogStream stream);
    void noteShipped(const QString &key, LogStream stream, qint64 offset);

    WorkloadPool &m_pool;
    LogShipper &m_shipper;
};

} // namespace cloudnode
