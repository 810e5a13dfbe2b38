#include "qmqtttopicfilter.h"

#include <QStringTokenizer>

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

/// As far as both are valid.
bool covers(QStringView filter, QStringView topic)
{
    const QStringTokenizer wantedLevels(filter, u'/');
    const QStringTokenizer givenLevels(topic, u'/');
    auto wanted = wantedLevels.begin();
    auto given = givenLevels.begin();
    for (; wanted != wantedLevels.end(); ++wanted, ++given) {
        if (*wanted == u'#') // "a/#" takes "a" as well
            return true;
        if (given == givenLevels.end() || (*wanted != u'+' && *wanted != *given))
            return false;
    }
    return given == givenLevels.end();
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
    const QString topic = name.name();
    if (topic == m_filter && !m_filter.startsWith(sharedPrefix)) // one without wildcards, as a name has none
        return name.isValid();
    const bool leadingWildcard = m_filter.startsWith(u'+') || m_filter.startsWith(u'#');
    if (matchOptions.testFlag(WildcardsDontMatchDollarTopicMatchOption) && leadingWildcard &&
        topic.startsWith(u'$'))
        return false;
    // Most are not meant: to look first whether they are valid would take longer.
    return covers(m_filter, topic) && isValid() && name.isValid();
}

QDebug operator<<(QDebug debug, const QMqttTopicFilter &filter)
{
    const QDebugStateSaver saver(debug);
    debug.nospace() << "QMqttTopicFilter(" << filter.filter() << ')';
    return debug;
}
