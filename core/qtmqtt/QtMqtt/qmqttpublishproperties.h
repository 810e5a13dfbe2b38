#pragma once

#include "qmqttglobal.h"
#include "qmqtttype.h"

#include <QFlags>

namespace cloudnode::qtmqtt {
class Connection;
}

/// What may travel with a message besides its payload. Only MQTT 5 carries it.
class QMqttPublishProperties {
public:
    enum PublishPropertyDetail : quint32 {
        None = 0x00000000,
        PayloadFormatIndicator = 0x00000001,
        MessageExpiryInterval = 0x00000002,
        TopicAlias = 0x00000004,
        ResponseTopic = 0x00000008,
        CorrelationData = 0x00000010,
        UserProperty = 0x00000020,
        SubscriptionIdentifier = 0x00000040,
        ContentType = 0x00000080
    };
    Q_DECLARE_FLAGS(PublishPropertyDetails, PublishPropertyDetail)

    /// Those that were set, or that came with a received message.
    PublishPropertyDetails availableProperties() const { return m_available; }

    QMqtt::PayloadFormatIndicator payloadFormatIndicator() const { return m_payloadFormatIndicator; }
    void setPayloadFormatIndicator(QMqtt::PayloadFormatIndicator indicator);

    /// Unit: seconds.
    quint32 messageExpiryInterval() const { return m_messageExpiryInterval; }
    void setMessageExpiryInterval(quint32 interval);

    QString responseTopic() const { return m_responseTopic; }
    void setResponseTopic(const QString &topic);

    /// At most 65535 bytes.
    QByteArray correlationData() const { return m_correlationData; }
    void setCorrelationData(const QByteArray &correlation);

    QMqttUserProperties userProperties() const { return m_userProperties; }
    void setUserProperties(const QMqttUserProperties &properties);

    QString contentType() const { return m_contentType; }
    void setContentType(const QString &type);

private:
    PublishPropertyDetails m_available = None;
    QMqtt::PayloadFormatIndicator m_payloadFormatIndicator = QMqtt::PayloadFormatIndicator::Unspecified;
    quint32 m_messageExpiryInterval = 0;
    QString m_responseTopic;
    QByteArray m_correlationData;
    QMqttUserProperties m_userProperties;
    QString m_contentType;
};

Q_DECLARE_OPERATORS_FOR_FLAGS(QMqttPublishProperties::PublishPropertyDetails)

/// What the broker says about a message it was sent.
class QMqttMessageStatusProperties {
public:
    QMqtt::ReasonCode reasonCode() const { return m_reasonCode; }
    QString reason() const { return m_reason; }
    QMqttUserProperties userProperties() const { return m_userProperties; }

private:
    friend class cloudnode::qtmqtt::Connection;

    QMqtt::ReasonCode m_reasonCode = QMqtt::ReasonCode::Success;
    QString m_reason;
    QMqttUserProperties m_userProperties;
};
