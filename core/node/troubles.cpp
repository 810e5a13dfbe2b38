#include "node/troubles.h"

namespace cloudnode {

void Troubles::raise(Kind kind, const Error &reason)
{
    const Error words{reason.what, reason.where, {}};
    const auto known = m_open.find(kind);
    const QDateTime since = known == m_open.end() ? QDateTime::currentDateTimeUtc() : known->second.since;
    m_open[kind] = {words.text(), since, reason.remedy};
}

bool Troubles::clear(Kind kind)
{
    return m_open.erase(kind) > 0;
}

std::optional<NodeStatus::Problem> Troubles::gravest() const
{
    return m_open.empty() ? std::nullopt : std::optional(m_open.begin()->second);
}

} // namespace cloudnode
