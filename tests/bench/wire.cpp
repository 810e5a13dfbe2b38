#include "bench/wire.h"

#include <QJsonDocument>
#include <QMqttSubscription>
#include <QUuid>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode::bench {

Wire::Wire(quint16 brokerPort) : m_echoTopic(u"bench/"_s + QUuid::createUuid().toString(QUuid::Id128))
{
    m_client.setProtocolVersion(QMqttClient::MQTT_5_0);
    m_client.setHostname(u"127.0.0.1"_s);
    m_client.setPort(brokerPort);
    m_client.setClientId(m_echoTopic.mid(6));
    connect(&m_client, &QMqttClient::messageReceived, this,
            [this](const QByteArray &payload, const QMqttTopicName &topic) { take(payload, topic.name()); });
}

bool Wire::open()
{
    m_client.connectToHost();
    return runUntil([this] { return m_client.state() == QMqttClient::Connected; }) &&
           subscribe(m_echoTopic) && subscribe(u"cyberwave/cloud-node/+/response"_s);
}

bool Wire::subscribe(const QString &filter)
{
    const auto *subscription = m_client.subscribe(QMqttTopicFilter(filter), 1);
    return subscription && runUntil([&] { return subscription->state() == QMqttSubscription::Subscribed; });
}

void Wire::take(const QByteArray &payload, const QString &topic)
{
    const Clock::time_point at = Clock::now();
    if (topic == m_echoTopic)
        m_echoed = at;
    else
        emit answered(QJsonDocument::fromJson(payload).object(), at);
}

Clock::time_point Wire::command(const QString &node, const QString &command, const QString &requestId,
                                const QJsonObject &params)
{
    const QJsonObject message{{u"command"_s, command}, {u"request_id"_s, requestId}, {u"params"_s, params}};
    return send(u"cyberwave/cloud-node/%1/command"_s.arg(node),
                QJsonDocument(message).toJson(QJsonDocument::Compact));
}

/// What it takes to put it together is nobody's round trip.
Clock::time_point Wire::send(const QString &topic, const QByteArray &message)
{
    const QMqttTopicName name(topic);
    const auto sent = Clock::now();
    m_client.publish(name, message, 1);
    return sent;
}

std::optional<double> Wire::askedAndAnswered(const QString &topic, qsizetype bytes)
{
    m_echoed.reset();
    const auto sent = send(topic, QByteArray(bytes, 'x'));
    if (!runUntil([this] { return m_echoed.has_value(); }))
        return std::nullopt;
    return millisecondsBetween(sent, *m_echoed);
}

} // namespace cloudnode::bench
