#include "workload/settledcache.h"

namespace cloudnode {

const Workload *SettledCache::find(const QString &key)
{
    if (const Workload *known = m_read.object(key))
        return known;
    auto entry = m_journal.load(key);
    if (!entry)
        return nullptr;
    entry->workload.spec.command.clear();
    auto *read = new Workload(std::move(entry->workload));
    return m_read.insert(key, read) ? read : nullptr;
}

} // namespace cloudnode
