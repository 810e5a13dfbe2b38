#pragma once

#include "workload/workloadwatch.h"

#include <QHash>
#include <QList>

#include <memory>
#include <vector>

namespace cloudnode {

/// What the pool holds in memory of one workload.
struct PooledWorkload {
    Workload workload;
    std::optional<StartRecord> start;
    std::unique_ptr<WorkloadWatch> watch; ///< while it runs
    bool launching = false;               ///< the launcher has not answered yet
    QString token;                        ///< the workload's own, until it runs
    bool unwritten = false;               ///< the disk has refused its progress
    bool endUnwritten = false;            ///< the disk has refused its end
    bool recalled = false;                ///< was only asked for; forgotten when the event loop runs again
};

/// The pool's workloads in the order they were received. Addresses stay until remove().
class WorkloadRegistry {
public:
    PooledWorkload &add(PooledWorkload workload);
    void remove(const QString &key);

    PooledWorkload *find(const QString &key) const { return m_byKey.value(key); }
    /// Those that have this uuid at the backend, in no order. More than one if it was asked for again.
    QList<PooledWorkload *> ofUuid(const QString &workloadUuid) const
    {
        return m_byUuid.values(workloadUuid);
    }
    const std::vector<std::unique_ptr<PooledWorkload>> &all() const { return m_inOrder; }
    /// Those that have not ended yet, without any that were only recalled. As cheap as they are few: those
    /// that are over are many more. Valid until the next call of a function that is not const.
    const std::vector<PooledWorkload *> &active();

private:
    std::vector<std::unique_ptr<PooledWorkload>> m_inOrder;
    std::vector<PooledWorkload *> m_active; // and those that have ended since active() was asked
    QHash<QString, PooledWorkload *> m_byKey;
    QMultiHash<QString, PooledWorkload *> m_byUuid; // of those that have one
};

} // namespace cloudnode
