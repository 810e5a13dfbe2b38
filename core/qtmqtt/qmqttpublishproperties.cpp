#include "qmqttpublishproperties.h"

void QMqttPublishProperties::setPayloadFormatIndicator(QMqtt::PayloadFormatIndicator indicator)
{
    m_available |= PayloadFormatIndicator;
    m_payloadFormatIndicator = indicator;
}

void QMqttPublishProperties::setMessageExpiryInterval(quint32 interval)
{
    m_available |= MessageExpiryInterval;
    m_messageExpiryInterval = interval;
}

void QMqttPublishProperties::setResponseTopic(const QString &topic)
{
    m_available |= ResponseTopic;
    m_responseTopic = topic;
}

void QMqttPublishProperties::setCorrelationData(const QByteArray &correlation)
{
    m_available |= CorrelationData;
    m_correlationData = correlation;
}

void QMqttPublishProperties::setUserProperties(const QMqttUserProperties &properties)
{
    m_available |= UserProperty;
    m_userProperties = properties;
}

void QMqttPublishProperties::setContentType(const QString &type)
{
    m_available |= ContentType;
    m_contentType = type;
}
