#pragma once

#include <QDebug>
#include <QHashFunctions>
#include <QMetaType>
#include <QString>
#include <QStringList>

/// Where a message is published to. It may hold any text; isValid() says whether a broker would take it.
class QMqttTopicName {
public:
    QMqttTopicName(const QString &name = QString()) : m_name(name) {}
    QMqttTopicName(const QLatin1String &name) : m_name(name) {}

    QString name() const { return m_name; }
    void setName(const QString &name) { m_name = name; }

    /// Source: MQTT 5.0, 4.7.1 and 4.7.3.
    [[nodiscard]] bool isValid() const;
    [[nodiscard]] int levelCount() const;
    [[nodiscard]] QStringList levels() const;

    friend bool operator==(const QMqttTopicName &lhs, const QMqttTopicName &rhs) = default;
    friend bool operator<(const QMqttTopicName &lhs, const QMqttTopicName &rhs)
    {
        return lhs.m_name < rhs.m_name;
    }
    friend size_t qHash(const QMqttTopicName &name, size_t seed = 0) { return qHash(name.m_name, seed); }

private:
    QString m_name;
};

QDebug operator<<(QDebug debug, const QMqttTopicName &name);

Q_DECLARE_METATYPE(QMqttTopicName)
