#include "workload/workloadregistry.h"

#include <algorithm>

namespace cloudnode {

PooledWorkload &WorkloadRegistry::add(PooledWorkload workload)
{
    auto added = std::make_unique<PooledWorkload>(std::move(workload));
    PooledWorkload &reference = *added;
    const auto isEarlier = [](const std::unique_ptr<PooledWorkload> &a,
                              const std::unique_ptr<PooledWorkload> &b) {
        return a->workload.spec.receivedAt < b->workload.spec.receivedAt;
    };
    m_byKey.insert(reference.workload.key, &reference);
    if (const QString &uuid = reference.workload.spec.workloadUuid; !uuid.isEmpty())
        m_byUuid.insert(uuid, &reference);
    m_inOrder.insert(std::upper_bound(m_inOrder.begin(), m_inOrder.end(), added, isEarlier),
                     std::move(added));
    return reference;
}

void WorkloadRegistry::remove(const QString &key)
{
    PooledWorkload *gone = m_byKey.take(key);
    if (!gone)
        return;
    m_byUuid.remove(gone->workload.spec.workloadUuid, gone);
    std::erase_if(m_inOrder, [&](const auto &workload) { return workload.get() == gone; });
}

} // namespace cloudnode
