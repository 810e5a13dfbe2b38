#pragma once

#include "sandbox/brokerprocess.h"
#include "support/waiting.h"

#include <QMqttTopicFilter>
#include <QSignalSpy>
#include <QTest>
#include <QtMqtt/QMqttClient>
#include <QtMqtt/QMqttSubscription>
#include <QUuid>

#include <memory>

/// What the tests of Qt MQTT share. They use its public interface only, and so hold Qt's own module and the
/// stand-in in core/qtmqtt to the same behaviour.
namespace cloudnode::test {

using Client = std::unique_ptr<QMqttClient>;

inline bool start(sandbox::BrokerProcess &broker)
{
    QSignalSpy ready(&broker, &sandbox::BrokerProcess::ready);
    broker.start();
    return ready.wait(patience);
}

/// One that is set to a broker on this machine, and not yet connected.
inline Client clientOf(quint16 port, QMqttClient::ProtocolVersion version = QMqttClient::MQTT_5_0)
{
    auto client = std::make_unique<QMqttClient>();
    client->setHostname(QStringLiteral("127.0.0.1"));
    client->setPort(port);
    client->setProtocolVersion(version);
    return client;
}

inline bool isSoon(const QMqttClient &client, QMqttClient::ClientState state)
{
    return QTest::qWaitFor([&] { return client.state() == state; }, patience);
}

inline bool connectNow(QMqttClient &client)
{
    client.connectToHost();
    return isSoon(client, QMqttClient::Connected);
}

/// None if it cannot be connected. Without an id it has one of its own.
inline Client connectedTo(quint16 port, const QString &id = {})
{
    Client client = clientOf(port);
    if (!id.isEmpty())
        client->setClientId(id);
    return connectNow(*client) ? std::move(client) : nullptr;
}

/// None if it is not granted.
inline QMqttSubscription *subscribeNow(QMqttClient &client, const QString &filter, quint8 qos = 1)
{
    QMqttSubscription *subscription = client.subscribe(QMqttTopicFilter(filter), qos);
    const bool granted =
        subscription &&
        QTest::qWaitFor([=] { return subscription->state() == QMqttSubscription::Subscribed; }, patience);
    return granted ? subscription : nullptr;
}

inline QString uniqueTopic()
{
    return QStringLiteral("test/") + QUuid::createUuid().toString(QUuid::WithoutBraces);
}

/// Of a spy on QMqttClient::messageReceived.
inline QList<QByteArray> payloads(const QSignalSpy &messages)
{
    QList<QByteArray> list;
    for (const QVariantList &arguments : messages)
        list << arguments.first().toByteArray();
    return list;
}

/// A row for each version of the protocol, in the column "version".
inline void addVersions()
{
    QTest::addColumn<QMqttClient::ProtocolVersion>("version");
    QTest::newRow("MQTT 3.1.1") << QMqttClient::MQTT_3_1_1;
    QTest::newRow("MQTT 5") << QMqttClient::MQTT_5_0;
}

} // namespace cloudnode::test
