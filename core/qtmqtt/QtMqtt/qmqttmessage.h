#pragma once

#include "qmqttpublishproperties.h"
#include "qmqtttopicname.h"

#include <QByteArray>
#include <QMetaType>

/// A message as it came from the broker.
class QMqttMessage {
public:
    QMqttMessage() = default;

    const QByteArray &payload() const { return m_payload; }
    quint8 qos() const { return m_qos; }
    quint16 id() const { return m_id; } ///< 0 with QoS 0
    QMqttTopicName topic() const { return m_topic; }
    bool retain() const { return m_retain; } ///< it was kept by the broker from before we subscribed

    QMqttPublishProperties publishProperties() const { return m_publishProperties; }

private:
    friend class cloudnode::qtmqtt::Connection;

    QMqttTopicName m_topic;
    QByteArray m_payload;
    quint16 m_id = 0;
    quint8 m_qos = 0;
    bool m_retain = false;
    QMqttPublishProperties m_publishProperties;
};

Q_DECLARE_METATYPE(QMqttMessage)
