#include "workload/workloadregistry.h"

#include <algorithm>

namespace cloudnode {

namespace {

constexpr auto isEarlier = [](const auto &a, const auto &b) {
    return a->workload.spec.receivedAt < b->workload.spec.receivedAt;
};

/// `all` is in the order they were received, and stays so.
template <typename Pointer>
void insert(std::vector<Pointer> &all, Pointer added)
{
    all.insert(std::upper_bound(all.begin(), all.end(), added, isEarlier), std::move(added));
}

} // namespace

PooledWorkload &WorkloadRegistry::add(PooledWorkload workload)
{
    auto added = std::make_unique<PooledWorkload>(std::move(workload));
    PooledWorkload &reference = *added;
    m_byKey.insert(reference.workload.key, &reference);
    if (const QString &uuid = reference.workload.spec.workloadUuid; !uuid.isEmpty())
        m_byUuid.insert(uuid, &reference);
    if (!reference.recalled && reference.workload.isActive())
        insert(m_active, &reference);
    insert(m_inOrder, std::move(added));
    return reference;
}

void WorkloadRegistry::remove(const QString &key)
{
    PooledWorkload *gone = m_byKey.take(key);
    if (!gone)
        return;
    m_byUuid.remove(gone->workload.spec.workloadUuid, gone);
    std::erase(m_active, gone);
    const auto [begin, end] = std::equal_range(m_inOrder.begin(), m_inOrder.end(), gone, isEarlier);
    m_inOrder.erase(std::find_if(begin, end, [&](const auto &workload) { return workload.get() == gone; }));
}

const std::vector<PooledWorkload *> &WorkloadRegistry::active()
{
    std::erase_if(m_active, [](const PooledWorkload *pooled) { return !pooled->workload.isActive(); });
    return m_active;
}

} // namespace cloudnode
