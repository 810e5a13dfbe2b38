#include "qmqtttopicname.h"

#include <algorithm>
#include <array>
#include <limits>

bool QMqttTopicName::isValid() const
{
    constexpr qsizetype longest = std::numeric_limits<quint16>::max(); // in UTF-8: [MQTT-4.7.3-3]
    constexpr qsizetype bytesEach = 3;                                 // at the most
    if (m_name.isEmpty() || (m_name.size() > longest / bytesEach && m_name.toUtf8().size() > longest))
        return false; // [MQTT-4.7.3-1]

    // [MQTT-4.7.0-1], [MQTT-4.7.3-2]
    constexpr std::array<char16_t, 3> forbidden = {u'#', u'+', u'\0'};
    return std::none_of(forbidden.begin(), forbidden.end(),
                        [this](char16_t c) { return m_name.contains(c); });
}

int QMqttTopicName::levelCount() const
{
    return m_name.isEmpty() ? 0 : static_cast<int>(m_name.count(QLatin1Char('/'))) + 1;
}

QStringList QMqttTopicName::levels() const
{
    return m_name.split(QLatin1Char('/'));
}

QDebug operator<<(QDebug debug, const QMqttTopicName &name)
{
    const QDebugStateSaver saver(debug);
    debug.nospace() << "QMqttTopicName(" << name.name() << ')';
    return debug;
}
