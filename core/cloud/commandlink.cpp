#include "cloud/commandlink.h"

#include "base/backoff.h"
#include "cloud/linkreason.h"
#include "platform/farewell.h"
#include "platform/rawsocket.h"

#include <QAbstractSocket>
#include <QHash>
#include <QSslSocket>
#include <QTimer>
#include <QtMqtt/QMqttClient>
#include <QtMqtt/QMqttSubscription>

#include <algorithm>
#include <limits>
#include <utility>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

namespace {

constexpr quint8 atLeastOnce = 1;
constexpr quint32 largestPacket = 16 * 1024 * 1024; // bytes; a command may carry a picture

void applyWill(QMqttClient &client, const LinkSettings &settings)
{
    if (settings.willTopic.isEmpty())
        return;
    client.setWillTopic(settings.willTopic);
    client.setWillMessage(settings.willPayload);
    client.setWillQoS(atLeastOnce);
    QMqttLastWillProperties properties;
    properties.setWillDelayInterval(static_cast<quint32>(settings.willDelay.count()));
    client.setLastWillProperties(properties);
}

void apply(QMqttClient &client, const LinkSettings &settings)
{
    client.setHostname(settings.host);
    client.setPort(settings.port);
    client.setClientId(settings.clientId);
    client.setCleanSession(false);
    client.setKeepAlive(static_cast<quint16>(settings.keepAlive.count()));
    if (!settings.username.isEmpty() && !settings.password.isEmpty()) {
        client.setUsername(settings.username);
        client.setPassword(settings.password);
    }
    QMqttConnectionProperties properties;
    properties.setSessionExpiryInterval(static_cast<quint32>(settings.sessionExpiry.count()));
    properties.setMaximumPacketSize(largestPacket);
    client.setConnectionProperties(properties);
    applyWill(client, settings);
}

/// Qt's own client waits up to 30 s until a goodbye has gone out, in its destructor too. So it may say one
/// only while nothing is in the way; else its socket is taken from under it.
bool canSayGoodbye(QAbstractSocket *socket)
{
    if (!socket)
        return true;
    socket->flush();
    const auto *secure = qobject_cast<QSslSocket *>(socket);
    return socket->bytesToWrite() == 0 && (!secure || secure->encryptedBytesToWrite() == 0);
}

/// Qt's own client leaves its socket waiting for more to send while an acknowledgement is outstanding, and
/// the broker's system is in no hurry to acknowledge: 40 ms a response.
void sendWithoutDelay(QIODevice *transport)
{
    if (auto *socket = qobject_cast<QAbstractSocket *>(transport))
        socket->setSocketOption(QAbstractSocket::LowDelayOption, 1);
}

/// What a message takes up on the line, at the most (MQTT 5.0, 3.3).
qint64 packetSize(const QString &topic, const QMqttPublishProperties &properties, const QByteArray &payload)
{
    constexpr qint64 lengthsAndKinds = 20;
    constexpr qint64 lengthsOfPair = 5;
    qint64 size = lengthsAndKinds + topic.toUtf8().size() + properties.responseTopic().toUtf8().size() +
                  properties.correlationData().size() + payload.size();
    for (const QMqttStringPair &pair : properties.userProperties())
        size += lengthsOfPair + pair.name().toUtf8().size() + pair.value().toUtf8().size();
    return size;
}

void hangUp(QMqttClient *client, bool politely)
{
    auto *socket = qobject_cast<QAbstractSocket *>(client->transport());
    if (politely && canSayGoodbye(socket)) {
        // Qt's own client closes its socket behind the goodbye, whatever is still on its way to us.
        const bool isHeard = socket && client->state() == QMqttClient::Connected;
        const int line = isHeard ? rawsocket::duplicate(static_cast<int>(socket->socketDescriptor())) : -1;
        client->disconnectFromHost();
        if (line >= 0)
            new Farewell(line); // deletes itself
    } else if (socket) {
        socket->abort();
    }
    client->deleteLater(); // it may be what called us
}

} // namespace

class CommandLink::Private {
public:
    Private(CommandLink *link, const LinkPatience &linkPatience);

    void open(const LinkSettings &newSettings);
    void close();
    std::optional<qint32> publish(const QString &topic, const QByteArray &payload,
                                  const QMqttPublishProperties &properties = {});
    void takeAnswersAt(const QString &prefix);
    QString answerTopic() const { return m_answersPrefix + m_settings.clientId; }

    bool isOpen = false;
    bool isUp = false;
    bool canRequest = false;
    bool loginRefused = false;
    int failures = 0;

private:
    void attempt();
    void watch();
    void dial();
    void subscribe();
    void subscribeToAnswers();
    void subscribeToCommands();
    void subscriptionChanged(const QString &topic, QMqttSubscription::SubscriptionState state);
    void refused(const QString &topic);
    void cameUp();
    void disconnected();
    void wentDown(const Error &reason);
    void dropClient(bool politely);
    void deliver(const QByteArray &payload, const QString &topic);
    struct Sent {
        qint32 ticket = 0;
        QString topic;
    };
    void noteStatus(qint32 id, QMqtt::ReasonCode code);
    void acknowledge(qint32 id);
    Sent settle(qint32 id);

    CommandLink *q;
    LinkPatience m_patience;
    LinkSettings m_settings;
    QString m_answersPrefix; ///< empty: no requests are made
    Backoff m_backoff;
    QTimer m_retry;
    QTimer m_limit;   // of the attempt that is under way
    QTimer m_stable;  // runs while the link has yet to prove itself
    QTimer m_overdue; // runs while a message waits for its acknowledgement, from the last one that came
    /// A new one for each attempt, so that nothing of an old connection can reach into the next.
    QMqttClient *m_client = nullptr;
    std::unique_ptr<QObject> m_ears; // receives m_client's signals; deaf once it is gone
    QMqttClient::ProtocolVersion m_version = QMqttClient::MQTT_5_0;
    bool m_connected = false;
    qint64 m_largestPacket = 0; ///< in bytes, of those the broker takes
    qint32 m_lastTicket = 0;
    QHash<qint32, Sent> m_unacknowledged; // by the message's id, which the next connection uses again
};

CommandLink::Private::Private(CommandLink *link, const LinkPatience &linkPatience)
    : q(link),
      m_patience(linkPatience),
      m_backoff(linkPatience.firstRetry, linkPatience.longestRetry)
{
    for (QTimer *timer : {&m_retry, &m_limit, &m_stable, &m_overdue})
        timer->setSingleShot(true);
    connect(&m_retry, &QTimer::timeout, q, [this] { attempt(); });
    connect(&m_limit, &QTimer::timeout, q,
            [this] { wentDown(linkreason::noAnswer(m_patience.attemptLimit, m_settings)); });
    connect(&m_stable, &QTimer::timeout, q, [this] { m_backoff.reset(); });
    connect(&m_overdue, &QTimer::timeout, q,
            [this] { wentDown(linkreason::notAcknowledged(m_patience.acknowledgedWithin, m_settings)); });
}

void CommandLink::Private::open(const LinkSettings &newSettings)
{
    const bool wasInUse = isUp || canRequest;
    close();
    m_settings = newSettings;
    m_settings.commandTopics.removeDuplicates();
    m_version = QMqttClient::MQTT_5_0;
    m_backoff.reset();
    failures = 0;
    isOpen = true;
    m_retry.start(0);
    if (wasInUse)
        emit q->down({u"changing to other settings"_s, {}, {}});
}

void CommandLink::Private::close()
{
    isOpen = false;
    m_retry.stop();
    dropClient(true);
}

void CommandLink::Private::attempt()
{
    m_client = new QMqttClient;
    m_client->setProtocolVersion(m_version);
    apply(*m_client, m_settings);
    watch();
    m_limit.start(m_patience.attemptLimit);
    dial();
}

void CommandLink::Private::watch()
{
    m_ears = std::make_unique<QObject>();
    QObject *ears = m_ears.get();
    connect(m_client, &QMqttClient::connected, ears, [this] { subscribe(); });
    connect(m_client, &QMqttClient::disconnected, ears, [this] { disconnected(); });
    connect(
        m_client, &QMqttClient::messageReceived, ears,
        [this](const QByteArray &payload, const QMqttTopicName &topic) { deliver(payload, topic.name()); });
    connect(m_client, &QMqttClient::messageStatusChanged, ears,
            [this](qint32 id, QMqtt::MessageStatus, const QMqttMessageStatusProperties &properties) {
                noteStatus(id, properties.reasonCode());
            });
    connect(m_client, &QMqttClient::messageSent, ears, [this](qint32 id) { acknowledge(id); });
}

void CommandLink::Private::dial()
{
    if (!m_settings.useTls) {
        m_client->connectToHost();
    } else if (const Result<QSslConfiguration> tls = m_settings.tls.configuration()) {
        m_client->connectToHostEncrypted(*tls);
    } else {
        wentDown(tls.error());
        return;
    }
    if (m_client && m_client->state() == QMqttClient::Disconnected) // refused without a signal
        disconnected();
}

void CommandLink::Private::subscribe()
{
    m_connected = true;
    loginRefused = false;
    m_largestPacket = m_client->serverConnectionProperties().maximumPacketSize();
    sendWithoutDelay(m_client->transport());
    const QMqttClient *client = m_client;
    subscribeToAnswers();
    if (m_client == client) // what that led to may have ended it all
        subscribeToCommands();
}

void CommandLink::Private::subscribeToAnswers()
{
    if (m_answersPrefix.isEmpty() || m_version != QMqttClient::MQTT_5_0)
        return;
    const QString topic = answerTopic();
    const auto notGranted = [this, topic] {
        emit q->warning({u"the broker does not let us subscribe to answers of the backend"_s, topic,
                         u"Check that the MQTT user may read this topic, or set control_plane: rest."_s});
    };
    QMqttSubscription *subscription = m_client->subscribe(QMqttTopicFilter(topic), atLeastOnce);
    if (!subscription) {
        notGranted();
        return;
    }
    connect(subscription, &QMqttSubscription::stateChanged, m_ears.get(),
            [this, notGranted](QMqttSubscription::SubscriptionState state) {
                if (state == QMqttSubscription::Error)
                    notGranted();
                canRequest = state == QMqttSubscription::Subscribed;
                if (canRequest)
                    emit q->requestsPossible();
            });
    connect(subscription, &QMqttSubscription::messageReceived, m_ears.get(),
            [this](const QMqttMessage &message) {
                emit q->answered(message.publishProperties().correlationData(), message.payload());
            });
}

void CommandLink::Private::subscribeToCommands()
{
    if (m_settings.commandTopics.isEmpty())
        cameUp();
    const QStringList topics = m_settings.commandTopics;
    const QMqttClient *client = m_client;
    for (const QString &topic : topics) {
        if (m_client != client) // what the one before led to has ended it all
            return;
        QMqttSubscription *subscription = m_client->subscribe(QMqttTopicFilter(topic), atLeastOnce);
        if (!subscription) {
            refused(topic);
            continue;
        }
        connect(
            subscription, &QMqttSubscription::stateChanged, m_ears.get(),
            [this, topic](QMqttSubscription::SubscriptionState state) { subscriptionChanged(topic, state); });
    }
}

void CommandLink::Private::subscriptionChanged(const QString &topic,
                                               QMqttSubscription::SubscriptionState state)
{
    if (state == QMqttSubscription::Error)
        refused(topic);
    else if (state == QMqttSubscription::Subscribed && topic == m_settings.commandTopics.first())
        cameUp();
}

void CommandLink::Private::refused(const QString &topic)
{
    const QString needed = m_settings.commandTopics.first();
    if (topic == needed)
        wentDown(linkreason::notSubscribed(topic));
    else
        emit q->warning({u"the broker does not let us subscribe to this topic"_s, topic,
                         u"Send commands to %1 instead."_s.arg(needed)});
}

void CommandLink::Private::cameUp()
{
    m_limit.stop();
    m_stable.start(m_patience.stableAfter);
    isUp = true;
    failures = 0;
    emit q->up();
}

void CommandLink::Private::disconnected()
{
    const QMqttClient::ClientError error = m_client->error();
    const QString detail = m_client->transport() ? m_client->transport()->errorString() : QString();
    const bool tooNew =
        !m_connected && m_version == QMqttClient::MQTT_5_0 &&
        (error == QMqttClient::InvalidProtocolVersion || error == QMqttClient::ProtocolViolation);
    const Error reason = m_connected ? linkreason::dropped(error, !isUp || m_stable.isActive(), m_settings)
                                     : linkreason::notConnected(error, detail, m_settings);
    loginRefused =
        !m_connected && (error == QMqttClient::BadUsernameOrPassword || error == QMqttClient::NotAuthorized);
    m_version = tooNew ? QMqttClient::MQTT_3_1_1 : QMqttClient::MQTT_5_0;
    wentDown(reason);
}

void CommandLink::Private::wentDown(const Error &reason)
{
    if (!isUp)
        ++failures;
    dropClient(false);
    m_retry.start(m_backoff.next());
    emit q->down(reason);
}

void CommandLink::Private::dropClient(bool politely)
{
    m_limit.stop();
    m_stable.stop();
    m_overdue.stop();
    m_ears.reset();
    m_unacknowledged.clear();
    m_connected = false;
    isUp = false;
    canRequest = false;
    if (QMqttClient *client = std::exchange(m_client, nullptr))
        hangUp(client, politely);
}

void CommandLink::Private::deliver(const QByteArray &payload, const QString &topic)
{
    // A session may still hold subscriptions that earlier settings asked for.
    const bool ours = std::any_of(
        m_settings.commandTopics.cbegin(), m_settings.commandTopics.cend(),
        [&](const QString &wanted) { return wanted == topic || QMqttTopicFilter(wanted).match(topic); });
    if (ours)
        emit q->received(payload, topic);
}

void CommandLink::Private::takeAnswersAt(const QString &prefix)
{
    if (prefix == m_answersPrefix)
        return;
    m_answersPrefix = prefix;
    canRequest = false;
    if (m_connected)
        subscribeToAnswers();
}

std::optional<qint32> CommandLink::Private::publish(const QString &topic, const QByteArray &payload,
                                                    const QMqttPublishProperties &properties)
{
    // Qt's own client sends it all the same, the broker hangs up, and the next connection would begin with
    // it.
    if (packetSize(topic, properties, payload) > m_largestPacket)
        return {};
    const qint32 id = m_client->publish(QMqttTopicName(topic), properties, payload, atLeastOnce);
    if (id <= 0)
        return {};
    m_lastTicket = m_lastTicket == std::numeric_limits<qint32>::max() ? 1 : m_lastTicket + 1;
    // The topic of a request may hold the token.
    m_unacknowledged.insert(id, {m_lastTicket, properties.responseTopic().isEmpty() ? topic : QString()});
    if (!m_overdue.isActive())
        m_overdue.start(m_patience.acknowledgedWithin);
    return m_lastTicket;
}

void CommandLink::Private::noteStatus(qint32 id, QMqtt::ReasonCode code)
{
    constexpr auto firstRefusal = QMqtt::ReasonCode::UnspecifiedError;
    if (code < firstRefusal)
        return;
    const Sent sent = settle(id);
    if (sent.ticket == 0)
        return;
    emit q->warning({u"the broker refuses our message (MQTT reason code %1)"_s.arg(static_cast<int>(code)),
                     sent.topic, u"Check that the MQTT user may publish to this topic."_s});
    emit q->refused(sent.ticket);
}

void CommandLink::Private::acknowledge(qint32 id)
{
    const Sent sent = settle(id);
    if (sent.ticket != 0)
        emit q->acknowledged(sent.ticket);
}

/// The broker has dealt with this message, one way or the other.
CommandLink::Private::Sent CommandLink::Private::settle(qint32 id)
{
    Sent sent = m_unacknowledged.take(id);
    if (m_unacknowledged.isEmpty())
        m_overdue.stop();
    else
        m_overdue.start(m_patience.acknowledgedWithin);
    return sent;
}

CommandLink::CommandLink(QObject *parent) : CommandLink(LinkPatience(), parent) {}

CommandLink::CommandLink(const LinkPatience &patience, QObject *parent)
    : QObject(parent),
      d(std::make_unique<Private>(this, patience))
{
}

CommandLink::~CommandLink()
{
    d->close();
}

void CommandLink::open(const LinkSettings &settings)
{
    d->open(settings);
}

void CommandLink::close()
{
    d->close();
}

bool CommandLink::isUp() const
{
    return d->isUp;
}

int CommandLink::failures() const
{
    return d->failures;
}

bool CommandLink::isOpen() const
{
    return d->isOpen;
}

bool CommandLink::isLoginRefused() const
{
    return d->loginRefused;
}

std::optional<qint32> CommandLink::publish(const QString &topic, const QByteArray &payload)
{
    if (!d->isUp)
        return {};
    const auto ticket = d->publish(topic, payload);
    if (!ticket)
        emit warning({u"a message of %1 bytes cannot be sent"_s.arg(payload.size()), topic, {}});
    return ticket;
}

void CommandLink::takeAnswersAt(const QString &prefix)
{
    d->takeAnswersAt(prefix);
}

bool CommandLink::canRequest() const
{
    return d->canRequest;
}

std::optional<qint32> CommandLink::request(const QString &topic, const QByteArray &payload,
                                           const QByteArray &correlation,
                                           const QMap<QString, QString> &userProperties)
{
    if (!d->canRequest)
        return {};
    QMqttUserProperties travelling;
    for (const auto &[name, value] : userProperties.asKeyValueRange())
        travelling << QMqttStringPair(name, value);
    QMqttPublishProperties properties;
    properties.setResponseTopic(d->answerTopic());
    properties.setCorrelationData(correlation);
    properties.setUserProperties(travelling);
    return d->publish(topic, payload, properties);
}

} // namespace cloudnode
