#include "qmqttclient.h"

#include "clientprivate.h"

#include <QUuid>

using namespace Qt::Literals::StringLiterals;
using cloudnode::qtmqtt::Connection;

namespace {

constexpr quint8 highestQoS = 2;
constexpr qint32 notSent = -1;
constexpr qsizetype portableIdLength = 23; // every broker must take as much [MQTT-3.1.3-5]

QMqttTopicFilter withoutShare(const QMqttTopicFilter &filter)
{
    return filter.sharedSubscriptionName().isEmpty() ? filter : filter.filter().section(u'/', 2);
}

} // namespace

QMqttClientPrivate::QMqttClientPrivate(QMqttClient *client) : q(client)
{
    settings.clientId = QUuid::createUuid().toString(QUuid::Id128).left(portableIdLength);
}

QMqttClientPrivate::~QMqttClientPrivate()
{
    release();
}

void QMqttClientPrivate::connectToHost(const std::optional<QSslConfiguration> &tls)
{
    if (state != QMqttClient::Disconnected)
        return;
    transport = std::make_unique<QMqttTransportText>();
    if (settings.hostname.isEmpty() || settings.port == 0) {
        transport->setErrorString(u"no host name or port is set"_s);
        setError(QMqttClient::TransportInvalid);
        return;
    }
    error = QMqttClient::NoError;
    m_connection = new Connection(settings);
    watch();
    m_connection->open(tls);
    setState(QMqttClient::Connecting);
}

void QMqttClientPrivate::watch()
{
    QObject::connect(m_connection, &Connection::answered, q,
                     [this](bool accepted, bool present, const auto &properties, const QString &id) {
                         answered(accepted, present, properties, id);
                     });
    QObject::connect(m_connection, &Connection::ended, q,
                     [this](QMqttClient::ClientError reason, const QString &text) { ended(reason, text); });
    QObject::connect(m_connection, &Connection::arrived, q,
                     [this](const QMqttMessage &message) { arrived(message); });
    QObject::connect(m_connection, &Connection::published, q,
                     [this](int id, const auto &properties) { published(id, properties); });
    QObject::connect(m_connection, &Connection::subscribed, q,
                     [this](int id, QMqtt::ReasonCode code, const QString &reason, const auto &properties) {
                         subscribed(id, code, reason, properties);
                     });
    QObject::connect(m_connection, &Connection::unsubscribed, q, [this](int id) { unsubscribed(id); });
}

void QMqttClientPrivate::disconnectFromHost()
{
    if (state != QMqttClient::Disconnected)
        ended(state == QMqttClient::Connected ? QMqttClient::NoError : QMqttClient::TransportInvalid, {});
}

QMqttSubscription *QMqttClientPrivate::subscribe(const QMqttTopicFilter &filter, quint8 qos)
{
    if (state != QMqttClient::Connected || !filter.isValid() || qos > highestQoS)
        return nullptr;
    if (QMqttSubscription *known = subscriptions.value(filter))
        return known;
    const std::optional<int> id = m_connection->subscribe(filter.filter(), qos);
    if (!id)
        return nullptr;
    auto *subscription = new QMqttSubscription(q);
    subscription->m_topic = withoutShare(filter);
    subscription->m_sharedSubscriptionName = filter.sharedSubscriptionName();
    subscription->m_qos = qos;
    subscription->m_state = QMqttSubscription::SubscriptionPending;
    subscriptions.insert(filter, subscription);
    m_awaitSubscribed.insert(*id, subscription);
    return subscription;
}

void QMqttClientPrivate::unsubscribe(QMqttSubscription *subscription)
{
    const QMqttTopicFilter filter = subscriptions.key(subscription);
    if (state != QMqttClient::Connected || filter.filter().isEmpty())
        return;
    if (const std::optional<int> id = m_connection->unsubscribe(filter.filter())) {
        m_awaitUnsubscribed.insert(*id, subscription);
        subscription->setState(QMqttSubscription::UnsubscriptionPending);
    }
}

void QMqttClientPrivate::forget(QMqttSubscription *subscription)
{
    const auto isIt = [subscription](const auto &entry) { return entry.value() == subscription; };
    subscriptions.removeIf(isIt);
    m_awaitSubscribed.removeIf(isIt);
    m_awaitUnsubscribed.removeIf(isIt);
}

qint32 QMqttClientPrivate::publish(const QMqttTopicName &topic, const QMqttPublishProperties &properties,
                                   const QByteArray &message, quint8 qos, bool retain)
{
    if (state != QMqttClient::Connected || !topic.isValid() || qos > highestQoS)
        return notSent;
    const std::optional<int> id = m_connection->publish(topic.name(), message, qos, retain, properties);
    if (!id)
        return notSent;
    if (qos == 0)
        return 0;
    m_unacknowledged.insert(*id);
    return *id;
}

void QMqttClientPrivate::answered(bool accepted, bool sessionPresent,
                                  const QMqttServerConnectionProperties &properties,
                                  const QString &assignedClientId)
{
    serverProperties = properties;
    if (!assignedClientId.isEmpty()) {
        settings.clientId = assignedClientId;
        emit q->clientIdChanged(assignedClientId);
    }
    if (sessionPresent)
        emit q->brokerSessionRestored();
    if (accepted && m_connection)
        setState(QMqttClient::Connected);
}

void QMqttClientPrivate::ended(QMqttClient::ClientError reason, const QString &text)
{
    transport->setErrorString(text);
    release();
    if (reason != QMqttClient::NoError)
        setError(reason);
    setState(QMqttClient::Disconnected);
}

void QMqttClientPrivate::release()
{
    if (!m_connection)
        return;
    m_connection->disconnect(q);
    m_connection->close();
    m_connection->deleteLater(); // it may be what called us
    m_connection = nullptr;
    m_unacknowledged.clear();
    m_awaitSubscribed.clear();
    m_awaitUnsubscribed.clear();
    const auto left = std::exchange(subscriptions, {});
    for (QMqttSubscription *subscription : left)
        subscription->setState(QMqttSubscription::Unsubscribed);
}

void QMqttClientPrivate::arrived(const QMqttMessage &message)
{
    emit q->messageReceived(message.payload(), message.topic());
    QList<QMqttSubscription *> meant;
    for (QMqttSubscription *subscription : std::as_const(subscriptions)) {
        if (subscription->isHeard() && subscription->topic().match(message.topic()))
            meant.append(subscription);
    }
    for (QMqttSubscription *subscription : std::as_const(meant))
        emit subscription->messageReceived(message);
}

void QMqttClientPrivate::published(int id, const QMqttMessageStatusProperties &properties)
{
    if (!m_unacknowledged.remove(id)) // QoS 0, of which nobody waits to hear
        return;
    emit q->messageStatusChanged(id, QMqtt::MessageStatus::Acknowledged, properties);
    emit q->messageSent(id);
}

void QMqttClientPrivate::subscribed(int id, QMqtt::ReasonCode code, const QString &reason,
                                    const QMqttUserProperties &properties)
{
    QMqttSubscription *subscription = m_awaitSubscribed.take(id);
    if (!subscription)
        return;
    subscription->m_reasonCode = code;
    subscription->m_reason = reason;
    subscription->m_userProperties = properties;
    const auto granted = static_cast<quint8>(code);
    if (granted > highestQoS) {
        subscription->setState(QMqttSubscription::Error);
        return;
    }
    if (std::exchange(subscription->m_qos, granted) != granted)
        emit subscription->qosChanged(granted);
    subscription->setState(QMqttSubscription::Subscribed);
}

void QMqttClientPrivate::unsubscribed(int id)
{
    QMqttSubscription *subscription = m_awaitUnsubscribed.take(id);
    if (!subscription)
        return;
    forget(subscription);
    subscription->setState(QMqttSubscription::Unsubscribed);
}

void QMqttClientPrivate::setState(QMqttClient::ClientState next)
{
    if (state == next)
        return;
    state = next;
    emit q->stateChanged(next);
    if (next == QMqttClient::Disconnected)
        emit q->disconnected();
    else if (next == QMqttClient::Connected)
        emit q->connected();
}

void QMqttClientPrivate::setError(QMqttClient::ClientError next)
{
    if (error == next)
        return;
    error = next;
    emit q->errorChanged(next);
}

QMqttClient::QMqttClient(QObject *parent) : QObject(parent), d(std::make_unique<QMqttClientPrivate>(this)) {}

QMqttClient::~QMqttClient()
{
    disconnectFromHost();
    qDeleteAll(findChildren<QMqttSubscription *>(Qt::FindDirectChildrenOnly)); // they need d
}

QIODevice *QMqttClient::transport() const
{
    return d->transport.get();
}

QMqttSubscription *QMqttClient::subscribe(const QMqttTopicFilter &topic, quint8 qos)
{
    return d->subscribe(topic, qos);
}

void QMqttClient::unsubscribe(const QMqttTopicFilter &topic)
{
    if (QMqttSubscription *subscription = d->subscriptions.value(topic))
        d->unsubscribe(subscription);
}

qint32 QMqttClient::publish(const QMqttTopicName &topic, const QByteArray &message, quint8 qos, bool retain)
{
    return d->publish(topic, {}, message, qos, retain);
}

qint32 QMqttClient::publish(const QMqttTopicName &topic, const QMqttPublishProperties &properties,
                            const QByteArray &message, quint8 qos, bool retain)
{
    return d->publish(topic, properties, message, qos, retain);
}

void QMqttClient::connectToHost()
{
    d->connectToHost({});
}

void QMqttClient::connectToHostEncrypted(const QSslConfiguration &conf)
{
    d->connectToHost(conf);
}

void QMqttClient::disconnectFromHost()
{
    d->disconnectFromHost();
}

QMqttClient::ClientState QMqttClient::state() const
{
    return d->state;
}

QMqttClient::ClientError QMqttClient::error() const
{
    return d->error;
}

QString QMqttClient::hostname() const
{
    return d->settings.hostname;
}

quint16 QMqttClient::port() const
{
    return d->settings.port;
}

QString QMqttClient::clientId() const
{
    return d->settings.clientId;
}

quint16 QMqttClient::keepAlive() const
{
    return d->settings.keepAlive;
}

QMqttClient::ProtocolVersion QMqttClient::protocolVersion() const
{
    return d->settings.protocolVersion;
}

QString QMqttClient::username() const
{
    return d->settings.username;
}

QString QMqttClient::password() const
{
    return d->settings.password;
}

bool QMqttClient::cleanSession() const
{
    return d->settings.cleanSession;
}

QString QMqttClient::willTopic() const
{
    return d->settings.willTopic;
}

quint8 QMqttClient::willQoS() const
{
    return d->settings.willQoS;
}

QByteArray QMqttClient::willMessage() const
{
    return d->settings.willMessage;
}

bool QMqttClient::willRetain() const
{
    return d->settings.willRetain;
}

bool QMqttClient::autoKeepAlive() const
{
    return d->settings.autoKeepAlive;
}

void QMqttClient::setConnectionProperties(const QMqttConnectionProperties &prop)
{
    d->settings.connectionProperties = prop;
}

QMqttConnectionProperties QMqttClient::connectionProperties() const
{
    return d->settings.connectionProperties;
}

void QMqttClient::setLastWillProperties(const QMqttLastWillProperties &prop)
{
    d->settings.lastWillProperties = prop;
}

QMqttLastWillProperties QMqttClient::lastWillProperties() const
{
    return d->settings.lastWillProperties;
}

QMqttServerConnectionProperties QMqttClient::serverConnectionProperties() const
{
    return d->serverProperties;
}

void QMqttClient::setHostname(const QString &hostname)
{
    if (d->change(d->settings.hostname, hostname))
        emit hostnameChanged(hostname);
}

void QMqttClient::setPort(quint16 port)
{
    if (d->change(d->settings.port, port))
        emit portChanged(port);
}

void QMqttClient::setClientId(const QString &clientId)
{
    if (d->change(d->settings.clientId, clientId))
        emit clientIdChanged(clientId);
}

void QMqttClient::setKeepAlive(quint16 keepAlive)
{
    if (d->change(d->settings.keepAlive, keepAlive))
        emit keepAliveChanged(keepAlive);
}

void QMqttClient::setProtocolVersion(ProtocolVersion protocolVersion)
{
    if (d->change(d->settings.protocolVersion, protocolVersion))
        emit protocolVersionChanged(protocolVersion);
}

void QMqttClient::setUsername(const QString &username)
{
    if (d->change(d->settings.username, username))
        emit usernameChanged(username);
}

void QMqttClient::setPassword(const QString &password)
{
    if (d->change(d->settings.password, password))
        emit passwordChanged(password);
}

void QMqttClient::setCleanSession(bool cleanSession)
{
    if (d->change(d->settings.cleanSession, cleanSession))
        emit cleanSessionChanged(cleanSession);
}

void QMqttClient::setWillTopic(const QString &willTopic)
{
    if (d->change(d->settings.willTopic, willTopic))
        emit willTopicChanged(willTopic);
}

void QMqttClient::setWillQoS(quint8 willQoS)
{
    if (d->change(d->settings.willQoS, willQoS))
        emit willQoSChanged(willQoS);
}

void QMqttClient::setWillMessage(const QByteArray &willMessage)
{
    if (d->change(d->settings.willMessage, willMessage))
        emit willMessageChanged(willMessage);
}

void QMqttClient::setWillRetain(bool willRetain)
{
    if (d->change(d->settings.willRetain, willRetain))
        emit willRetainChanged(willRetain);
}

void QMqttClient::setAutoKeepAlive(bool autoKeepAlive)
{
    if (d->change(d->settings.autoKeepAlive, autoKeepAlive))
        emit autoKeepAliveChanged(autoKeepAlive);
}
