#pragma once

#include "cloud/commandlink.h"
#include "sandbox/brokerprocess.h"
#include "support/waiting.h"

#include <QSignalSpy>
#include <QTest>
#include <QtMqtt/QMqttClient>
#include <QtMqtt/QMqttSubscription>
#include <QUuid>

/// A CommandLink's broker, settings and other side.
namespace cloudnode::test {

using sandbox::BrokerProcess;

/// Tests do not wait for seconds.
inline constexpr LinkPatience hasty{.firstRetry = std::chrono::milliseconds(10),
                                    .longestRetry = std::chrono::milliseconds(100)};

/// Waits until it is ready.
inline bool start(BrokerProcess &broker)
{
    QSignalSpy ready(&broker, &BrokerProcess::ready);
    broker.start();
    return ready.wait(patience);
}

/// Settings for a node of its own.
inline LinkSettings settingsFor(quint16 port)
{
    const QString node = QUuid::createUuid().toString(QUuid::WithoutBraces);
    LinkSettings settings;
    settings.host = QStringLiteral("127.0.0.1");
    settings.port = port;
    settings.clientId = QStringLiteral("node-") + node;
    settings.commandTopics = {QStringLiteral("node/%1/command").arg(node),
                              QStringLiteral("node/slug-%1/command").arg(node)};
    return settings;
}

/// The other side: whoever sends commands and reads what the node publishes.
class LinkPeer {
public:
    explicit LinkPeer(quint16 port)
    {
        m_client.setHostname(QStringLiteral("127.0.0.1"));
        m_client.setPort(port);
        m_client.setProtocolVersion(QMqttClient::MQTT_5_0);
        m_client.connectToHost();
        m_ready = QTest::qWaitFor([this] { return m_client.state() == QMqttClient::Connected; }, patience);
    }

    bool isReady() const { return m_ready; }
    QMqttClient &client() { return m_client; }

    /// Waits until the broker has it.
    bool send(const QString &topic, const QByteArray &payload)
    {
        QSignalSpy sent(&m_client, &QMqttClient::messageSent);
        return m_client.publish(QMqttTopicName(topic), payload, 1) > 0 && sent.wait(patience);
    }

    bool listen(const QString &topic)
    {
        QMqttSubscription *subscription = m_client.subscribe(QMqttTopicFilter(topic), 1);
        return subscription &&
               QTest::qWaitFor([=] { return subscription->state() == QMqttSubscription::Subscribed; },
                               patience);
    }

private:
    QMqttClient m_client;
    bool m_ready = false;
};

/// Opens it, and waits until it is up.
inline bool comesUp(CommandLink &link, const LinkSettings &settings)
{
    QSignalSpy up(&link, &CommandLink::up);
    link.open(settings);
    return up.wait(patience);
}

/// The reason that the signal of that number has told.
inline Error errorIn(const QSignalSpy &spy, qsizetype index = 0)
{
    return spy.at(index).first().value<Error>();
}

/// Of CommandLink::received().
inline QList<QByteArray> payloads(const QSignalSpy &received)
{
    QList<QByteArray> list;
    for (const QVariantList &arguments : received)
        list << arguments.first().toByteArray();
    return list;
}

} // namespace cloudnode::test
