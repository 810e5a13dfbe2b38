#include "qmqtttopicfilter.h"

#include <limits>

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr QLatin1String sharedPrefix("$share/");

/// A wildcard fills its level alone, and '#' only the last one.
bool isValidLevel(QStringView level, bool last)
{
    if (level == u'+' || (level == u'#' && last))
        return true;
    return !level.contains(u'+') && !level.contains(u'#');
}

} // namespace

QString QMqttTopicFilter::sharedSubscriptionName() const
{
    return m_filter.startsWith(sharedPrefix) ? m_filter.section(u'/', 1, 1) : QString();
}

bool QMqttTopicFilter::isValid() const
{
    if (m_filter.isEmpty() || m_filter.contains(QChar(QChar::Null)) ||
        m_filter.toUtf8().size() > std::numeric_limits<quint16>::max())
        return false;
    const QList<QStringView> levels = QStringView(m_filter).split(u'/');
    for (qsizetype i = 0; i < levels.size(); ++i) {
        if (!isValidLevel(levels.at(i), i == levels.size() - 1))
            return false;
    }
    // [MQTT-4.8.2-1], [MQTT-4.8.2-2]: "$share", a name, and a filter
    return !m_filter.startsWith(sharedPrefix) || (levels.size() > 2 && !levels.at(1).isEmpty());
}

bool QMqttTopicFilter::match(const QMqttTopicName &name, MatchOptions matchOptions) const
{
    if (!isValid() || !name.isValid())
        return false;
    const QString topic = name.name();
    const QList<QStringView> wanted = QStringView(m_filter).split(u'/');
    const QList<QStringView> given = QStringView(topic).split(u'/');
    const bool leadingWildcard = wanted.first() == u'+' || wanted.first() == u'#';
    if (matchOptions.testFlag(WildcardsDontMatchDollarTopicMatchOption) && leadingWildcard &&
        topic.startsWith(u'$'))
        return false;
    for (qsizetype i = 0; i < wanted.size(); ++i) {
        if (wanted.at(i) == u'#') // "a/#" takes "a" as well
            return true;
        if (i >= given.size())
            return false;
        if (wanted.at(i) != u'+' && wanted.at(i) != given.at(i))
            return false;
        const bool onlyHashLeft = i + 2 == wanted.size() && wanted.at(i + 1) == u'#';
        if (i + 1 == given.size() && onlyHashLeft)
            return true;
    }
    return wanted.size() == given.size();
}

QDebug operator<<(QDebug debug, const QMqttTopicFilter &filter)
{
    const QDebugStateSaver saver(debug);
    debug.nospace() << "QMqttTopicFilter(" << filter.filter() << ')';
    return debug;
}
