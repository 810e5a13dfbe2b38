#include "qmqtttopicname.h"

#include <limits>

bool QMqttTopicName::isValid() const
{
    return !m_name.isEmpty()                                                           // [MQTT-4.7.3-1]
           && m_name.toUtf8().size() <= std::numeric_limits<quint16>::max()            // [MQTT-4.7.3-3]
           && !m_name.contains(QLatin1Char('#')) && !m_name.contains(QLatin1Char('+')) // [MQTT-4.7.0-1]
           && !m_name.contains(QChar(QChar::Null));                                    // [MQTT-4.7.3-2]
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
