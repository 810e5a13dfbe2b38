#pragma once

#include "base/secretmask.h"
#include "wire/nodestatus.h"
#include "workload/processtreeusage.h"
#include "workload/workloadpool.h"

#include <QObject>
#include <QTimer>

namespace cloudnode {

/// How the active workloads are doing: what they take and how far they say they are. It looks as long as
/// somebody asks, every two seconds; when nobody does, it rests.
class WorkloadGauge : public QObject {
    Q_OBJECT

public:
    /// `mask` is applied to what workloads print of their progress.
    WorkloadGauge(const WorkloadPool &pool, SecretMask mask, QObject *parent = nullptr);

    /// To be called by who is about to show measure(): it looks again soon, and measured() says so.
    void ask();
    /// All there is to say of it at the moment.
    NodeStatus::Active measure(const Workload &workload) const;
    bool isResting() const { return !m_next.isActive(); }

signals:
    void measured();

private:
    void look();

    const WorkloadPool &m_pool;
    SecretMask m_mask;
    ProcessTreeUsage m_usage;
    QHash<QString, NodeStatus::Progress> m_progress; ///< the last known; it may since have left the tail
    QTimer m_next;
    bool m_asked = false;
};

} // namespace cloudnode
