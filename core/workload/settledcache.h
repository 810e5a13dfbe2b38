#pragma once

#include "workload/workloadjournal.h"

#include <QCache>

namespace cloudnode {

/// Settled workloads as read from the disk. Faces ask for all of them again and again, and they change no
/// more, so that each is read once, and only if somebody asks.
class SettledCache {
public:
    static constexpr int capacity = 2000; ///< about 2 KiB each

    explicit SettledCache(WorkloadJournal journal) : m_journal(std::move(journal)) {}

    /// Without its command, which may be large. Null if it cannot be read. Valid until the next call.
    const Workload *find(const QString &key);
    void forget(const QString &key) { m_read.remove(key); }

private:
    WorkloadJournal m_journal;
    QCache<QString, Workload> m_read{capacity};
};

} // namespace cloudnode
