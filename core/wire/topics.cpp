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

QString Topics::topic(const QString &id, const QString &kind) const
{
    return m_prefix + u"cyberwave/cloud-node/"_s + id + u'/' + kind;
}

} // namespace cloudnode
