#include "wire/topics.h"

#include <algorithm>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

Topics::Topics(const QString &environment) : m_prefix(environment.trimmed())
{
    if (m_prefix.compare(u"production", Qt::CaseInsensitive) == 0)
        m_prefix.clear();
}

bool Topics::isUsable(const QString &id)
{
    return !id.isEmpty() && std::none_of(id.cbegin(), id.cend(), [](QChar c) {
        return c == u'/' || c == u'+' || c == u'#' || c.category() == QChar::Other_Control;
    });
}

QString Topics::createInstance(const QString &token) const
{
    return m_prefix + u"cyberwave/cloud-node-token/"_s + token + u"/request-instance"_s;
}

QString Topics::workloadRequest(const QString &uuid, const QString &action) const
{
    return m_prefix + u"cyberwave/cloud-workload/"_s + uuid + u'/' + action;
}

QString Topics::answersPrefix() const
{
    return m_prefix + u"cyberwave/response/"_s;
}

QString Topics::topic(const QString &id, const QString &kind) const
{
    return m_prefix + u"cyberwave/cloud-node/"_s + id + u'/' + kind;
}

} // namespace cloudnode
