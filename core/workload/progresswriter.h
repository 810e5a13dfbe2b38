#pragma once

#include "workload/workloadjournal.h"
#include "workload/workloadregistry.h"

#include <QObject>
#include <QTimer>

#include <functional>

namespace cloudnode {

/// Writes down what the node has done about the workloads of a pool. What the disk refuses is tried again
/// until the disk takes it.
class ProgressWriter : public QObject {
    Q_OBJECT

public:
    ProgressWriter(WorkloadJournal journal, const WorkloadRegistry &registry);

    using Edit = std::function<void(WorkloadProgress &)>;
    /// Errors: the disk refuses; the change holds in memory all the same.
    Result<void> change(PooledWorkload &pooled, const Edit &edit);
    /// The same of the offsets alone, which change more often than all else.
    Result<void> setShipped(PooledWorkload &pooled, qint64 stdoutBytes, qint64 stderrBytes);
    /// The disk has refused the end of this one, which nobody else will write down.
    void oweEnd(PooledWorkload &pooled);

signals:
    void written(cloudnode::PooledWorkload *pooled); ///< all that is known of its progress is on the disk

private:
    Result<void> note(PooledWorkload &pooled, Result<void> result);
    void writeTheUnwritten();

    WorkloadJournal m_journal;
    const WorkloadRegistry &m_registry;
    QTimer m_retry;
};

} // namespace cloudnode
