#include "workload/retention.h"

namespace cloudnode {

void RetentionLedger::add(const FinishedWorkload &finished)
{
    remove(finished.key);
    m_byKey.insert(finished.key, finished);
    m_byEnd.emplace(finished.endedAt.toMSecsSinceEpoch(), finished.key);
    m_bytes += finished.bytes;
}

void RetentionLedger::remove(const QString &key)
{
    const auto found = m_byKey.constFind(key);
    if (found == m_byKey.cend())
        return;
    m_bytes -= found->bytes;
    m_byEnd.erase({found->endedAt.toMSecsSinceEpoch(), found->key});
    m_byKey.erase(found);
}

std::optional<FinishedWorkload> RetentionLedger::surplus(const RetentionLimits &limits,
                                                         const QDateTime &now) const
{
    if (m_byEnd.empty())
        return std::nullopt;
    const auto &[endedAt, key] = *m_byEnd.begin();
    const std::chrono::milliseconds age(now.toMSecsSinceEpoch() - endedAt);
    const bool tooMany = limits.count > 0 && m_byKey.size() > limits.count;
    const bool tooOld = limits.age.count() > 0 && age > limits.age;
    const bool tooLarge = limits.bytes > 0 && m_bytes > limits.bytes;
    return tooMany || tooOld || tooLarge ? std::optional(m_byKey[key]) : std::nullopt;
}

QStringList RetentionLedger::latest(qsizetype most) const
{
    QStringList keys;
    for (auto place = m_byEnd.rbegin(); place != m_byEnd.rend() && keys.size() < most; ++place)
        keys << place->second;
    return keys;
}

} // namespace cloudnode
