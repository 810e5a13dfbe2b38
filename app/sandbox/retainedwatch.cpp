#include "sandbox/retainedwatch.h"

#include "sandbox/mqttcontract.h"

#include <QMqttSubscription>

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace cloudnode::sandbox {

RetainedWatch::RetainedWatch(quint16 brokerPort, EventLog &events, QObject *parent)
    : QObject(parent),
      m_events(events)
{
    m_client.setProtocolVersion(QMqttClient::MQTT_5_0);
    m_client.setHostname(u"127.0.0.1"_s);
    m_client.setPort(brokerPort);
    m_client.setClientId(u"cloudnode-sandbox-retained"_s);
    m_soon.setSingleShot(true);
    m_soon.setInterval(300ms);
    connect(&m_soon, &QTimer::timeout, this, [this] { m_client.connectToHost(); }); // overloaded in Qt's own
    connect(&m_client, &QMqttClient::connected, this, &RetainedWatch::subscribe);
}

void RetainedWatch::look()
{
    if (!m_soon.isActive())
        m_soon.start();
}

void RetainedWatch::subscribe()
{
    QMqttSubscription *all = m_client.subscribe(QMqttTopicFilter(u"#"_s), 0);
    connect(all, &QMqttSubscription::messageReceived, this, &RetainedWatch::note);
    // What was retained comes no later than the answer to an UNSUBSCRIBE, as the broker keeps the order.
    connect(all, &QMqttSubscription::stateChanged, this,
            [this, all](QMqttSubscription::SubscriptionState state) {
                if (state == QMqttSubscription::Subscribed)
                    all->unsubscribe();
                if (state != QMqttSubscription::Unsubscribed)
                    return;
                all->deleteLater();
                m_client.disconnectFromHost();
            });
}

void RetainedWatch::note(const QMqttMessage &message)
{
    const QString topic = withoutToken(message.topic().name());
    if (!message.retain() || !isRequestTopic(message.topic().name()) || m_known.contains(topic))
        return;
    m_known << topic;
    m_events.addBreach(topic + u": it was published to be retained"_s,
                       {{u"topic"_s, topic}, {u"over"_s, u"mqtt"_s}});
}

} // namespace cloudnode::sandbox
