#include "support/requester.h"

#include <QJsonDocument>
#include <QMqttSubscription>
#include <QTest>
#include <QTimer>
#include <QUuid>

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace cloudnode {

Requester::Requester(quint16 brokerPort, const QString &prefix) : m_prefix(prefix)
{
    m_client.setProtocolVersion(QMqttClient::MQTT_5_0);
    m_client.setHostname(u"127.0.0.1"_s);
    m_client.setPort(brokerPort);
    m_client.setClientId(u"requester-"_s + QUuid::createUuid().toString(QUuid::Id128));
    m_client.setCleanSession(false); // what is sent to us while the broker restarts must not be missed
    QMqttConnectionProperties properties;
    properties.setSessionExpiryInterval(300);
    m_client.setConnectionProperties(properties);
    connect(&m_client, &QMqttClient::connected, this, [this] {
        const auto *subscription =
            m_client.subscribe(QMqttTopicFilter(m_prefix + u"cyberwave/cloud-node/+/response"_s), 1);
        connect(subscription, &QMqttSubscription::stateChanged, this,
                [this](QMqttSubscription::SubscriptionState state) {
                    m_listening = m_listening || state == QMqttSubscription::Subscribed;
                });
    });
    connect(&m_client, &QMqttClient::disconnected, this, [this] {
        m_listening = false;
        QTimer::singleShot(50ms, this, &Requester::connectToBroker);
    });
    connect(&m_client, &QMqttClient::messageReceived, this,
            [this](const QByteArray &payload, const QMqttTopicName &) {
                m_responses << QJsonDocument::fromJson(payload).object();
            });
}

void Requester::connectToBroker()
{
    if (m_client.state() == QMqttClient::Disconnected)
        m_client.connectToHost();
}

bool Requester::start()
{
    connectToBroker();
    return QTest::qWaitFor([this] { return m_listening; }, 10'000);
}

void Requester::send(const QString &target, const QString &command, const QJsonValue &requestId,
                     const QJsonValue &params)
{
    const QJsonObject message{{u"command"_s, command}, {u"request_id"_s, requestId}, {u"params"_s, params}};
    sendRaw(target, QJsonDocument(message).toJson(QJsonDocument::Compact));
}

void Requester::sendRaw(const QString &target, const QByteArray &payload)
{
    m_client.publish(QMqttTopicName(m_prefix + u"cyberwave/cloud-node/"_s + target + u"/command"_s), payload,
                     1);
}

QList<QJsonObject> Requester::to(const QString &requestId) const
{
    QList<QJsonObject> found;
    for (const QJsonObject &response : m_responses) {
        if (response.value("request_id"_L1).toVariant().toString() == requestId)
            found << response;
    }
    return found;
}

QList<QJsonObject> Requester::finals(const QString &requestId) const
{
    QList<QJsonObject> found;
    for (const QJsonObject &response : to(requestId)) {
        if (response.value("workload"_L1).toObject().value("status"_L1) != u"running"_s)
            found << response;
    }
    return found;
}

QJsonObject Requester::acknowledgement(const QString &requestId) const
{
    for (const QJsonObject &response : to(requestId)) {
        if (response.value("workload"_L1).toObject().value("status"_L1) == u"running"_s)
            return response;
    }
    return {};
}

} // namespace cloudnode
