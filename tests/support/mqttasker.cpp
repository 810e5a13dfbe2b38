#include "support/mqttasker.h"

#include "support/waiting.h"

#include <QJsonDocument>
#include <QMqttSubscription>
#include <QTest>
#include <QUuid>

#include <algorithm>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode::test {

MqttAsker::MqttAsker(quint16 brokerPort, const QString &prefix) : m_prefix(prefix)
{
    m_client.setProtocolVersion(QMqttClient::MQTT_5_0);
    m_client.setHostname(u"127.0.0.1"_s);
    m_client.setPort(brokerPort);
    m_client.setClientId(u"asker-"_s + QUuid::createUuid().toString(QUuid::Id128));
    connect(&m_client, &QMqttClient::connected, this, [this] {
        const QMqttSubscription *mine = m_client.subscribe(QMqttTopicFilter(responseTopic()), 1);
        connect(mine, &QMqttSubscription::messageReceived, this, [this](const QMqttMessage &message) {
            m_answers << Answer{message.payload(), message.publishProperties().correlationData()};
        });
        connect(mine, &QMqttSubscription::stateChanged, this,
                [this](QMqttSubscription::SubscriptionState state) {
                    m_listening = state == QMqttSubscription::Subscribed;
                });
    });
}

bool MqttAsker::start()
{
    m_client.connectToHost();
    return QTest::qWaitFor([this] { return m_listening; }, patience);
}

QByteArray MqttAsker::publish(const QString &topic, const QByteArray &payload, const Envelope &envelope)
{
    QMqttPublishProperties properties;
    QByteArray correlation =
        envelope.correlation.isEmpty() ? QUuid::createUuid().toRfc4122() : envelope.correlation;
    properties.setCorrelationData(correlation);
    if (!envelope.withoutResponseTopic)
        properties.setResponseTopic(envelope.responseTopic.isEmpty() ? responseTopic()
                                                                     : envelope.responseTopic);
    QMqttUserProperties pairs = envelope.userProperties;
    if (pairs.isEmpty())
        pairs.append(QMqttStringPair(u"X-API-Token"_s, envelope.token));
    properties.setUserProperties(pairs);
    m_client.publish(QMqttTopicName(m_prefix + u"cyberwave/"_s + topic), properties, payload, envelope.qos,
                     envelope.retained);
    return correlation;
}

QJsonObject MqttAsker::ask(const QString &topic, const QJsonObject &body)
{
    return ask(topic, QJsonDocument(body).toJson(QJsonDocument::Compact), Envelope());
}

QJsonObject MqttAsker::ask(const QString &topic, const QByteArray &payload, const Envelope &envelope)
{
    const QByteArray correlation = publish(topic, payload, envelope);
    return waitFor(correlation) ? QJsonDocument::fromJson(find(correlation)->payload).object()
                                : QJsonObject();
}

bool MqttAsker::waitFor(const QByteArray &correlation) const
{
    return QTest::qWaitFor([&] { return find(correlation) != nullptr; }, patience);
}

QString MqttAsker::responseTopic() const
{
    return m_prefix + u"cyberwave/response/"_s + m_client.clientId();
}

const MqttAsker::Answer *MqttAsker::find(const QByteArray &correlation) const
{
    const auto found = std::find_if(m_answers.cbegin(), m_answers.cend(),
                                    [&](const Answer &answer) { return answer.correlation == correlation; });
    return found == m_answers.cend() ? nullptr : &*found;
}

} // namespace cloudnode::test
