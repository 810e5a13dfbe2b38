#pragma once

#include "qmqttglobal.h"
#include "qmqtttype.h"

#include <limits>

namespace cloudnode::qtmqtt {
class Connection;
}

/// What travels with a will besides its topic and payload. Only MQTT 5 carries it.
class QMqttLastWillProperties {
public:
    /// How long the broker waits for us to come back before it publishes the will. Unit: seconds.
    quint32 willDelayInterval() const { return m_willDelayInterval; }
    QMqtt::PayloadFormatIndicator payloadFormatIndicator() const { return m_payloadFormatIndicator; }
    quint32 messageExpiryInterval() const { return m_messageExpiryInterval; } ///< unit: seconds; 0: never
    QString contentType() const { return m_contentType; }
    QString responseTopic() const { return m_responseTopic; }
    QByteArray correlationData() const { return m_correlationData; }
    QMqttUserProperties userProperties() const { return m_userProperties; }

    void setWillDelayInterval(quint32 delay) { m_willDelayInterval = delay; }
    void setPayloadFormatIndicator(QMqtt::PayloadFormatIndicator p) { m_payloadFormatIndicator = p; }
    void setMessageExpiryInterval(quint32 expiry) { m_messageExpiryInterval = expiry; }
    void setContentType(const QString &content) { m_contentType = content; }
    void setResponseTopic(const QString &response) { m_responseTopic = response; }
    void setCorrelationData(const QByteArray &correlation) { m_correlationData = correlation; }
    void setUserProperties(const QMqttUserProperties &properties) { m_userProperties = properties; }

private:
    quint32 m_willDelayInterval = 0;
    QMqtt::PayloadFormatIndicator m_payloadFormatIndicator = QMqtt::PayloadFormatIndicator::Unspecified;
    quint32 m_messageExpiryInterval = 0;
    QString m_contentType;
    QString m_responseTopic;
    QByteArray m_correlationData;
    QMqttUserProperties m_userProperties;
};

/// What an MQTT 5 client asks of the broker when it connects.
class QMqttConnectionProperties {
public:
    /// How long the broker keeps the session after the connection has ended. Unit: seconds; 0: not at all.
    quint32 sessionExpiryInterval() const { return m_sessionExpiryInterval; }
    /// How many unacknowledged messages with QoS above 0 may be on their way to us; never 0.
    quint16 maximumReceive() const { return m_maximumReceive; }
    /// The broker leaves out larger packets. Unit: bytes; never 0.
    quint32 maximumPacketSize() const { return m_maximumPacketSize; }
    QMqttUserProperties userProperties() const { return m_userProperties; }

    void setSessionExpiryInterval(quint32 expiry) { m_sessionExpiryInterval = expiry; }
    void setMaximumReceive(quint16 maximumReceive);
    void setMaximumPacketSize(quint32 packetSize);
    void setUserProperties(const QMqttUserProperties &properties) { m_userProperties = properties; }

private:
    quint32 m_sessionExpiryInterval = 0;
    quint16 m_maximumReceive = std::numeric_limits<quint16>::max();
    quint32 m_maximumPacketSize = std::numeric_limits<quint32>::max();
    QMqttUserProperties m_userProperties;
};

/// What the broker answers to that. The limits are those we must keep to.
class QMqttServerConnectionProperties : public QMqttConnectionProperties {
public:
    bool isValid() const { return m_valid; } ///< an MQTT 5 broker has answered
    quint8 maximumQoS() const { return m_maximumQoS; }
    bool retainAvailable() const { return m_retainAvailable; }
    bool clientIdAssigned() const { return m_clientIdAssigned; }
    QString reason() const { return m_reason; }
    QMqtt::ReasonCode reasonCode() const { return m_reasonCode; }

private:
    friend class cloudnode::qtmqtt::Connection;

    bool m_valid = false;
    quint8 m_maximumQoS = 2;
    bool m_retainAvailable = true;
    bool m_clientIdAssigned = false;
    QString m_reason;
    QMqtt::ReasonCode m_reasonCode = QMqtt::ReasonCode::Success;
};
