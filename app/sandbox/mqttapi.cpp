#include "sandbox/mqttapi.h"

#include <QMqttSubscription>
#include <QTimer>
#include <QUuid>

#include <utility>

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace cloudnode::sandbox {

namespace {

constexpr auto reconnectPause = 100ms;
constexpr quint32 sessionExpiry = 3600; // seconds: a broker may be away for long in a test
constexpr quint8 anyQoS = 2;            // so that the one a message was sent with is seen

MqttRequest received(const QMqttMessage &message)
{
    const QMqttPublishProperties properties = message.publishProperties();
    MqttRequest request{.topic = message.topic().name(),
                        .payload = message.payload(),
                        .qos = message.qos(),
                        .retained = message.retain(),
                        .responseTopic = properties.responseTopic(),
                        .correlation = properties.correlationData()};
    for (const QMqttStringPair &pair : properties.userProperties())
        request.userProperties.append({pair.name(), pair.value()});
    return request;
}

QByteArray compact(const QJsonObject &object)
{
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

QByteArray failure(int code, const QString &message)
{
    return compact({{u"success"_s, false}, {u"code"_s, code}, {u"message"_s, message}});
}

/// As the backend has it: `success` with every answer but that of a signed URL, which goes without.
QByteArray payloadOf(const CloudReply &reply)
{
    QJsonObject object = reply.body.object();
    if (reply.status != 200)
        return failure(reply.status, object.value("message"_L1).toString());
    if (!object.contains("signed_url"_L1))
        object[u"success"_s] = true;
    return compact(object);
}

QByteArray brokenAnswer(const Fault &fault)
{
    switch (fault.kind) {
    case Fault::Kind::Close:
        return "{\"success\": tr";
    case Fault::Kind::BadJson:
        return "{\"success\": true, <<<";
    case Fault::Kind::Empty:
        return {};
    case Fault::Kind::Html:
        return "<!DOCTYPE html><title>Welcome</title><p>Please accept our terms.";
    default:
        return failure(fault.status, u"The sandbox was told to answer %1"_s.arg(fault.status));
    }
}

} // namespace

MqttApi::MqttApi(quint16 brokerPort, CallHandler &handler, EventLog &events, QObject *parent)
    : QObject(parent),
      m_handler(handler),
      m_events(events)
{
    m_client.setProtocolVersion(QMqttClient::MQTT_5_0);
    m_client.setHostname(u"127.0.0.1"_s);
    m_client.setPort(brokerPort);
    m_client.setClientId(u"cloudnode-sandbox-api"_s);
    m_client.setCleanSession(false);
    QMqttConnectionProperties properties;
    properties.setSessionExpiryInterval(sessionExpiry);
    m_client.setConnectionProperties(properties);
    connect(&m_client, &QMqttClient::connected, this, &MqttApi::subscribe);
    connect(&m_client, &QMqttClient::disconnected, this, [this] {
        settle();
        QTimer::singleShot(reconnectPause, this, &MqttApi::connectToBroker);
    });
}

void MqttApi::connectToBroker()
{
    if (m_client.state() == QMqttClient::Disconnected)
        m_client.connectToHost();
}

void MqttApi::subscribe()
{
    // Everything: whatever prefix a node's environment puts in front, its requests are seen.
    const QMqttSubscription *all = m_client.subscribe(QMqttTopicFilter(u"#"_s), anyQoS);
    connect(all, &QMqttSubscription::messageReceived, this, &MqttApi::take);
    connect(all, &QMqttSubscription::stateChanged, this, [this](QMqttSubscription::SubscriptionState state) {
        if (state == QMqttSubscription::Subscribed)
            settle();
    });
}

void MqttApi::settle()
{
    if (!std::exchange(m_settled, true))
        emit settled();
}

void MqttApi::take(const QMqttMessage &message)
{
    if (!isRequestTopic(message.topic().name()))
        return;
    const MqttRequest request = received(message);
    const QString topic = withoutToken(request.topic);
    if (const auto call = checkContract(request)) {
        answer(request, m_handler.handle(*call, {{u"topic"_s, topic}, {u"over"_s, u"mqtt"_s}}));
    } else {
        m_events.addBreach(call.error().text(), {{u"topic"_s, topic}, {u"over"_s, u"mqtt"_s}});
        if (canBeAnswered(request))
            publish(request, failure(400, u"Contract breach: "_s + call.error().text()), request.correlation);
    }
    emit requested();
}

void MqttApi::answer(const MqttRequest &request, const HandledCall &handled)
{
    using Kind = Fault::Kind;
    const Kind kind = handled.fault ? handled.fault->kind : Kind::Slow;
    if (kind == Kind::Hang || kind == Kind::Lost)
        return;
    const bool isWhole = !handled.fault || handled.fault->acts();
    const QByteArray payload = isWhole ? payloadOf(handled.reply) : brokenAnswer(*handled.fault);
    const QByteArray correlation =
        kind == Kind::Stranger ? QUuid::createUuid().toRfc4122() : request.correlation;
    const auto delay = handled.fault ? handled.fault->delay : 0ms;
    if (delay == 0ms)
        publish(request, payload, correlation);
    else
        QTimer::singleShot(delay, this, [=, this] { publish(request, payload, correlation); });
    if (kind == Kind::Twice)
        publish(request, payload, correlation);
}

void MqttApi::publish(const MqttRequest &request, const QByteArray &payload, const QByteArray &correlation)
{
    QMqttPublishProperties properties;
    properties.setCorrelationData(correlation);
    m_client.publish(QMqttTopicName(request.responseTopic), properties, payload, 1);
}

} // namespace cloudnode::sandbox
