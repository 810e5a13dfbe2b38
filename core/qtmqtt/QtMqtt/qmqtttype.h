#pragma once

#include <QDebug>
#include <QList>
#include <QString>

/// One user property of an MQTT 5 packet. The same name may occur several times, in an order that counts.
class QMqttStringPair {
public:
    QMqttStringPair() = default;
    QMqttStringPair(const QString &name, const QString &value) : m_name(name), m_value(value) {}

    QString name() const { return m_name; }
    void setName(const QString &name) { m_name = name; }
    QString value() const { return m_value; }
    void setValue(const QString &value) { m_value = value; }

    bool operator==(const QMqttStringPair &other) const = default;

private:
    QString m_name;
    QString m_value;
};

QDebug operator<<(QDebug debug, const QMqttStringPair &pair);

class QMqttUserProperties : public QList<QMqttStringPair> {};
