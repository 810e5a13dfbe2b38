#include "support/mqttbackend.h"

#include "support/waiting.h"

#include <QJsonDocument>
#include <QMqttSubscription>
#include <QTest>

#include <algorithm>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode::test {

namespace {

constexpr quint8 anyQoS = 2; // so that the one a message was sent with is seen

} // namespace

MqttBackend::MqttBackend(quint16 brokerPort)
{
    m_client.setProtocolVersion(QMqttClient::MQTT_5_0);
    m_client.setHostname(u"127.0.0.1"_s);
    m_client.setPort(brokerPort);
    connect(&m_client, &QMqttClient::connected, this, [this] {
        const QMqttSubscription *all = m_client.subscribe(QMqttTopicFilter(u"#"_s), anyQoS);
        connect(all, &QMqttSubscription::messageReceived, this, &MqttBackend::take);
        connect(all, &QMqttSubscription::stateChanged, this,
                [this](QMqttSubscription::SubscriptionState state) {
                    m_listening = state == QMqttSubscription::Subscribed;
                });
    });
}

bool MqttBackend::start()
{
    m_client.connectToHost();
    return QTest::qWaitFor([this] { return m_listening; }, patience);
}

void MqttBackend::answer(const Request &request, const QByteArray &payload)
{
    answerAs(request.correlation, request, payload);
}

void MqttBackend::answerAs(const QByteArray &correlation, const Request &request, const QByteArray &payload)
{
    QMqttPublishProperties properties;
    if (!correlation.isEmpty())
        properties.setCorrelationData(correlation);
    m_client.publish(QMqttTopicName(request.responseTopic), properties, payload, 1);
}

QList<MqttBackend::Request> MqttBackend::requests(const QString &topicEnd) const
{
    QList<Request> found;
    std::copy_if(m_requests.cbegin(), m_requests.cend(), std::back_inserter(found),
                 [&](const Request &request) { return request.topic.endsWith(topicEnd); });
    return found;
}

bool MqttBackend::waitForRequests(qsizetype count) const
{
    return QTest::qWaitFor([&] { return m_requests.size() >= count; }, patience);
}

void MqttBackend::take(const QMqttMessage &message)
{
    m_topics << message.topic().name();
    const QMqttPublishProperties properties = message.publishProperties();
    if (properties.responseTopic().isEmpty())
        return;
    const Request request{.topic = message.topic().name(),
                          .payload = message.payload(),
                          .responseTopic = properties.responseTopic(),
                          .correlation = properties.correlationData(),
                          .userProperties = properties.userProperties(),
                          .qos = message.qos(),
                          .retained = message.retain()};
    m_requests << request;
    const auto reply = m_answers ? m_answers(request) : std::nullopt;
    if (reply)
        answer(request, QJsonDocument(*reply).toJson(QJsonDocument::Compact));
}

} // namespace cloudnode::test
