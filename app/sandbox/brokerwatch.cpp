#include "sandbox/brokerwatch.h"

#include "sandbox/responsecontract.h"

#include <QJsonDocument>
#include <QMqttSubscription>
#include <QRegularExpression>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode::sandbox {

namespace {

/// Not the message itself: outputs are long, and the events are all kept.
QJsonObject summaryOf(const QString &topic, const QJsonObject &message)
{
    QJsonObject summary{{u"topic"_s, topic}};
    for (const QString &key : {u"command"_s, u"request_id"_s, u"status"_s}) {
        if (message.contains(key))
            summary[key] = message.value(key);
    }
    const QJsonValue state = message.value("workload"_L1).toObject().value("status"_L1);
    if (state.isString())
        summary[u"workload"_s] = state;
    return summary;
}

} // namespace

BrokerWatch::BrokerWatch(quint16 brokerPort, EventLog &events, QObject *parent)
    : QObject(parent),
      m_events(events)
{
    m_client.setProtocolVersion(QMqttClient::MQTT_5_0);
    m_client.setHostname(u"127.0.0.1"_s);
    m_client.setPort(brokerPort);
    m_client.setClientId(u"cloudnode-sandbox"_s);
    connect(&m_client, &QMqttClient::connected, this, [this] {
        // Everything: whatever prefix a node's environment puts in front, its messages are seen.
        const QMqttSubscription *all = m_client.subscribe(QMqttTopicFilter(u"#"_s), 1);
        connect(all, &QMqttSubscription::stateChanged, this,
                [this](QMqttSubscription::SubscriptionState state) {
                    if (state == QMqttSubscription::Subscribed)
                        emit listening();
                });
    });
    connect(&m_client, &QMqttClient::messageReceived, this,
            [this](const QByteArray &payload, const QMqttTopicName &topic) { note(payload, topic.name()); });
}

void BrokerWatch::start()
{
    m_client.connectToHost();
}

void BrokerWatch::note(const QByteArray &payload, const QString &topic)
{
    static const QRegularExpression form(u"cyberwave/cloud-node/([^/]+)/(command|response)\\z"_s);
    const QRegularExpressionMatch match = form.match(topic);
    if (!match.hasMatch())
        return;
    const QString kind = match.captured(2);
    m_events.add(kind, summaryOf(topic, QJsonDocument::fromJson(payload).object()));
    if (kind == u"command")
        return; // what is sent to a node may be as wrong as its tests like
    if (const auto checked = checkResponse(match.captured(1), payload); !checked)
        m_events.addBreach(checked.error().text(), {{u"topic"_s, topic}});
}

} // namespace cloudnode::sandbox
