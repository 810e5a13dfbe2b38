#include "connection.h"

#include "libraryerror.h"
#include "platform/farewell.h"
#include "platform/rawsocket.h"
#include "tlscontext.h"

#include <QPointer>

#include <openssl/ssl.h>

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace cloudnode::qtmqtt {

namespace {

using Code = QMqtt::ReasonCode;

constexpr int firstRefusalCode = 0x80;
constexpr quint16 leastKeepAlive = 5; // libmosquitto refuses 1 to 4

QMqttClient::ClientError errorOf(Code refusal)
{
    switch (refusal) {
    case Code::MalformedPacket:
    case Code::ProtocolError:
        return QMqttClient::ProtocolViolation;
    case Code::UnsupportedProtocolVersion:
        return QMqttClient::InvalidProtocolVersion;
    case Code::InvalidClientId:
        return QMqttClient::IdRejected;
    case Code::ServerNotAvailable:
    case Code::ServerBusy:
    case Code::UseAnotherServer:
    case Code::ServerMoved:
        return QMqttClient::ServerUnavailable;
    case Code::InvalidUserNameOrPassword:
        return QMqttClient::BadUsernameOrPassword;
    case Code::NotAuthorized:
        return QMqttClient::NotAuthorized;
    case Code::UnspecifiedError:
        return QMqttClient::UnknownError;
    default:
        return QMqttClient::Mqtt5SpecificError;
    }
}

/// Why a connection ended, from what libmosquitto's functions return.
QMqttClient::ClientError errorOf(int result)
{
    switch (result) {
    case MOSQ_ERR_SUCCESS:
        return QMqttClient::NoError;
    case MOSQ_ERR_PROTOCOL:
    case MOSQ_ERR_MALFORMED_PACKET:
    case MOSQ_ERR_MALFORMED_UTF8:
    case MOSQ_ERR_DUPLICATE_PROPERTY:
    case MOSQ_ERR_OVERSIZE_PACKET:
        return QMqttClient::ProtocolViolation;
    case MOSQ_ERR_KEEPALIVE:
        return QMqttClient::ServerUnavailable;
    default:
        return result >= firstRefusalCode ? QMqttClient::NoError // the broker has said goodbye
                                          : QMqttClient::TransportInvalid;
    }
}

const char *orNull(const QByteArray &text)
{
    return text.isEmpty() ? nullptr : text.constData();
}

bool handshakeIsOver(mosquitto *client)
{
    const auto *ssl = static_cast<const SSL *>(mosquitto_ssl_get(client));
    return !ssl || SSL_is_init_finished(ssl) == 1;
}

/// Bytes that OpenSSL has already taken from the socket, which therefore will not become readable for them.
bool hasDecryptedBytes(mosquitto *client)
{
    const auto *ssl = static_cast<const SSL *>(mosquitto_ssl_get(client));
    return ssl && SSL_pending(ssl) > 0;
}

/// For one that may be what has called us; its socket may be gone already.
void retire(std::unique_ptr<QSocketNotifier> &notifier)
{
    if (!notifier)
        return;
    notifier->setEnabled(false);
    notifier.release()->deleteLater();
}

std::chrono::milliseconds since(const QElapsedTimer &timer)
{
    return std::chrono::milliseconds(timer.elapsed());
}

} // namespace

/// They run inside libmosquitto's own functions, with its locks held: they take notes and nothing else.
struct Connection::Callbacks {
    static void connectAnswer(mosquitto *, void *object, int code, int flags,
                              const mosquitto_property *list) noexcept
    {
        auto *self = static_cast<Connection *>(object);
        const bool version5 = self->m_settings.protocolVersion == QMqttClient::MQTT_5_0;
        QMqttServerConnectionProperties answer;
        answer.m_valid = version5;
        answer.m_reasonCode = static_cast<Code>(code);
        answer.m_reason = incoming::text(list, MQTT_PROP_REASON_STRING).value_or(QString());
        answer.m_maximumQoS = incoming::byte(list, MQTT_PROP_MAXIMUM_QOS).value_or(2);
        answer.m_retainAvailable = incoming::byte(list, MQTT_PROP_RETAIN_AVAILABLE).value_or(1) == 1;
        answer.setUserProperties(incoming::userProperties(list));
        if (const auto expiry = incoming::number(list, MQTT_PROP_SESSION_EXPIRY_INTERVAL))
            answer.setSessionExpiryInterval(*expiry);
        if (const auto maximum = incoming::shortNumber(list, MQTT_PROP_RECEIVE_MAXIMUM))
            answer.setMaximumReceive(*maximum);
        if (const auto maximum = incoming::number(list, MQTT_PROP_MAXIMUM_PACKET_SIZE))
            answer.setMaximumPacketSize(*maximum);
        const QString id = incoming::text(list, MQTT_PROP_ASSIGNED_CLIENT_IDENTIFIER).value_or(QString());
        answer.m_clientIdAssigned = !id.isEmpty();

        self->m_accepted = code == 0;
        if (code == 0) {
            // From now on it would put each packet into words, for nobody to read.
            mosquitto_log_callback_set(self->m_client.get(), nullptr);
        } else {
            self->m_refusal =
                version5 ? errorOf(answer.m_reasonCode) : static_cast<QMqttClient::ClientError>(code);
            self->m_lastProblem =
                QString::fromUtf8(version5 ? mosquitto_reason_string(code) : mosquitto_connack_string(code));
        }
        if (const auto keepAlive = incoming::shortNumber(list, MQTT_PROP_SERVER_KEEP_ALIVE))
            self->m_keepAlive = std::chrono::seconds(*keepAlive);
        self->m_events.emplace_back([self, accepted = code == 0, present = (flags & 1) != 0, answer, id] {
            emit self->answered(accepted, present, answer, id);
        });
    }

    static void disconnected(mosquitto *, void *object, int result, const mosquitto_property *) noexcept
    {
        static_cast<Connection *>(object)->queueEnd(result);
    }

    static void message(mosquitto *, void *object, const mosquitto_message *received,
                        const mosquitto_property *list) noexcept
    {
        auto *self = static_cast<Connection *>(object);
        QMqttMessage message;
        message.m_topic = QString::fromUtf8(received->topic);
        message.m_payload = QByteArray(static_cast<const char *>(received->payload), received->payloadlen);
        message.m_id = static_cast<quint16>(received->mid);
        message.m_qos = static_cast<quint8>(received->qos);
        message.m_retain = received->retain;
        message.m_publishProperties = incoming::publishProperties(list);
        self->m_events.emplace_back([self, message = std::move(message)] { emit self->arrived(message); });
    }

    static void published(mosquitto *, void *object, int id, int code,
                          const mosquitto_property *list) noexcept
    {
        auto *self = static_cast<Connection *>(object);
        QMqttMessageStatusProperties status;
        status.m_reasonCode = static_cast<Code>(code);
        status.m_reason = incoming::text(list, MQTT_PROP_REASON_STRING).value_or(QString());
        status.m_userProperties = incoming::userProperties(list);
        self->m_events.emplace_back([self, id, status] { emit self->published(id, status); });
    }

    static void subscribed(mosquitto *, void *object, int id, int count, const int *codes,
                           const mosquitto_property *list) noexcept
    {
        auto *self = static_cast<Connection *>(object);
        const auto code = static_cast<Code>(count > 0 ? codes[0] : firstRefusalCode);
        const QString reason = incoming::text(list, MQTT_PROP_REASON_STRING).value_or(QString());
        self->m_events.emplace_back([self, id, code, reason, properties = incoming::userProperties(list)] {
            emit self->subscribed(id, code, reason, properties);
        });
    }

    static void unsubscribed(mosquitto *, void *object, int id, const mosquitto_property *) noexcept
    {
        auto *self = static_cast<Connection *>(object);
        self->m_events.emplace_back([self, id] { emit self->unsubscribed(id); });
    }

    static void log(mosquitto *client, void *object, int level, const char *text) noexcept
    {
        if (level == MOSQ_LOG_ERR)
            static_cast<Connection *>(object)->m_lastProblem = libraryerror::logged(client, text);
    }

    static void install(mosquitto *client)
    {
        mosquitto_connect_v5_callback_set(client, connectAnswer);
        mosquitto_disconnect_v5_callback_set(client, disconnected);
        mosquitto_message_v5_callback_set(client, message);
        mosquitto_publish_v5_callback_set(client, published);
        mosquitto_subscribe_v5_callback_set(client, subscribed);
        mosquitto_unsubscribe_v5_callback_set(client, unsubscribed);
        mosquitto_log_callback_set(client, log);
    }
};

Connection::Connection(const ConnectSettings &settings) : m_settings(settings)
{
    if (m_settings.keepAlive > 0)
        m_settings.keepAlive = std::max(m_settings.keepAlive, leastKeepAlive);
    m_keepAlive = std::chrono::seconds(m_settings.keepAlive);
    [[maybe_unused]] static const int once = mosquitto_lib_init();
    m_keepAliveTimer.setSingleShot(true);
    connect(&m_keepAliveTimer, &QTimer::timeout, this, &Connection::checkKeepAlive);
}

Connection::~Connection()
{
    close();
}

void Connection::open(const std::optional<QSslConfiguration> &tls)
{
    if (!makeClient(tls))
        return;
    m_attempt = std::make_unique<ConnectAttempt>(std::move(m_client), m_settings,
                                                 [this](Reached result) { reached(std::move(result)); });
}

bool Connection::makeClient(const std::optional<QSslConfiguration> &tls)
{
    m_client.reset(mosquitto_new(orNull(m_settings.clientId.toUtf8()), m_settings.cleanSession, nullptr));
    if (!m_client) {
        endLater(QMqttClient::IdRejected, u"the client id cannot be used"_s);
        return false;
    }
    mosquitto *client = m_client.get();
    mosquitto_int_option(client, MOSQ_OPT_PROTOCOL_VERSION, m_settings.protocolVersion);
    mosquitto_int_option(client, MOSQ_OPT_TCP_NODELAY, 1);
    mosquitto_int_option(client, MOSQ_OPT_RECEIVE_MAXIMUM, m_settings.connectionProperties.maximumReceive());
    mosquitto_int_option(client, MOSQ_OPT_SEND_MAXIMUM, 0); // no limit but the broker's
    // Packets then wait for writable(). So a message is acknowledged only after its receivers have had it.
    mosquitto_threaded_set(client, true);
    const int credentials = mosquitto_username_pw_set(client, orNull(m_settings.username.toUtf8()),
                                                      orNull(m_settings.password.toUtf8()));
    if (credentials != MOSQ_ERR_SUCCESS || !PropertyList::of(m_settings.connectionProperties)->isValid() ||
        !makeWill()) {
        endLater(QMqttClient::TransportInvalid,
                 u"the user name, password, properties or will cannot be sent over MQTT"_s);
        return false;
    }
    return !tls || applyTls(*tls);
}

bool Connection::makeWill()
{
    if (m_settings.willTopic.isEmpty())
        return true;
    const auto properties = m_settings.protocolVersion == QMqttClient::MQTT_5_0
                                ? PropertyList::of(m_settings.lastWillProperties)
                                : std::make_unique<PropertyList>();
    const bool taken =
        properties->isValid() &&
        mosquitto_will_set_v5(m_client.get(), m_settings.willTopic.toUtf8().constData(),
                              static_cast<int>(m_settings.willMessage.size()),
                              m_settings.willMessage.constData(), m_settings.willQoS, m_settings.willRetain,
                              const_cast<mosquitto_property *>(properties->get())) == MOSQ_ERR_SUCCESS;
    if (taken)
        properties->release();
    return taken;
}

bool Connection::applyTls(const QSslConfiguration &tls)
{
    const Result<TlsContext> context = makeTlsContext(tls, m_settings.hostname);
    if (!context) {
        endLater(QMqttClient::TransportInvalid, context.error().text());
        return false;
    }
    mosquitto_int_option(m_client.get(), MOSQ_OPT_SSL_CTX_WITH_DEFAULTS, 0);
    mosquitto_void_option(m_client.get(), MOSQ_OPT_SSL_CTX, context->get()); // takes a reference of its own
    return true;
}

void Connection::close()
{
    m_events.clear();
    m_endQueued = true;
    m_attempt.reset();
    m_keepAliveTimer.stop();
    retire(m_readable);
    retire(m_writable);
    if (m_client && m_accepted)
        sayGoodbye();
    m_client.reset();
}

void Connection::sayGoodbye()
{
    const int line = rawsocket::duplicate(mosquitto_socket(m_client.get()));
    if (line < 0) // the connection has ended already
        return;
    mosquitto_disconnect_v5(m_client.get(), 0, nullptr);
    mosquitto_loop_write(m_client.get(), 1);
    m_events.clear();
    const bool said = mosquitto_socket(m_client.get()) < 0; // libmosquitto closes its socket behind it
    if (said)
        new Farewell(line); // deletes itself
    else
        rawsocket::close(line);
}

std::optional<int> Connection::publish(const QString &topic, const QByteArray &payload, quint8 qos,
                                       bool retain, const QMqttPublishProperties &properties)
{
    const auto list = m_settings.protocolVersion == QMqttClient::MQTT_5_0 ? PropertyList::of(properties)
                                                                          : std::make_unique<PropertyList>();
    int id = 0;
    if (!m_client || !list->isValid() ||
        mosquitto_publish_v5(m_client.get(), &id, topic.toUtf8().constData(),
                             static_cast<int>(payload.size()), payload.constData(), qos, retain,
                             list->get()) != MOSQ_ERR_SUCCESS)
        return {};
    flush();
    return id;
}

std::optional<int> Connection::subscribe(const QString &filter, quint8 qos)
{
    int id = 0;
    if (!m_client || mosquitto_subscribe_v5(m_client.get(), &id, filter.toUtf8().constData(), qos, 0,
                                            nullptr) != MOSQ_ERR_SUCCESS)
        return {};
    updateWriting();
    return id;
}

std::optional<int> Connection::unsubscribe(const QString &filter)
{
    int id = 0;
    if (!m_client || mosquitto_unsubscribe_v5(m_client.get(), &id, filter.toUtf8().constData(), nullptr) !=
                         MOSQ_ERR_SUCCESS)
        return {};
    updateWriting();
    return id;
}

void Connection::reached(Reached reached)
{
    m_client = std::move(reached.client);
    if (reached.result != MOSQ_ERR_SUCCESS) {
        endLater(QMqttClient::TransportInvalid, reached.problem);
        return;
    }
    mosquitto_user_data_set(m_client.get(), this);
    Callbacks::install(m_client.get());
    const int socket = mosquitto_socket(m_client.get());
    m_readable = std::make_unique<QSocketNotifier>(socket, QSocketNotifier::Read);
    m_writable = std::make_unique<QSocketNotifier>(socket, QSocketNotifier::Write);
    connect(m_readable.get(), &QSocketNotifier::activated, this, &Connection::readable);
    connect(m_writable.get(), &QSocketNotifier::activated, this, &Connection::writable);
    m_lastRead.start();
    m_lastWrite.start();
    updateWriting();
}

void Connection::readable()
{
    int result = MOSQ_ERR_SUCCESS;
    do {
        result = mosquitto_loop_read(m_client.get(), 1);
    } while (result == MOSQ_ERR_SUCCESS && hasDecryptedBytes(m_client.get()));
    m_lastRead.start();
    noteResult(result);
    const QPointer<Connection> alive(this);
    dispatch();
    if (!alive || !m_writable)
        return;
    // What it led to is sent now: to be told that the socket is writable takes another turn of the event
    // loop.
    if (mosquitto_want_write(m_client.get()))
        writable();
    else
        updateWriting();
}

void Connection::writable()
{
    // During the TLS handshake it is reading that carries on, in either direction.
    const bool ready = handshakeIsOver(m_client.get());
    m_lastWrite.start();
    settle(ready ? mosquitto_loop_write(m_client.get(), 1) : mosquitto_loop_read(m_client.get(), 1));
}

void Connection::checkKeepAlive()
{
    const auto silence = std::max(since(m_lastRead), since(m_lastWrite));
    int result = MOSQ_ERR_SUCCESS;
    std::chrono::milliseconds wait = m_keepAlive - silence;
    if (wait <= 0ms) {
        result = mosquitto_loop_misc(m_client.get()); // a ping, or the end if the last one had no answer
        m_lastRead.start();
        m_lastWrite.start();
        wait = m_keepAlive;
    }
    m_keepAliveTimer.start(std::max<std::chrono::milliseconds>(wait, 1s));
    settle(result);
}

void Connection::flush()
{
    // While messages are being dealt with, their acknowledgements wait in front of it, and must wait longer.
    if (m_dispatching || !m_writable || !m_accepted || m_endQueued)
        return updateWriting();
    m_lastWrite.start();
    noteResult(mosquitto_loop_write(m_client.get(), 1));
    if (!m_events.empty())
        dispatchLater();
    updateWriting();
}

void Connection::settle(int result)
{
    noteResult(result);
    const QPointer<Connection> alive(this);
    dispatch();
    if (alive)
        updateWriting();
}

void Connection::noteResult(int result)
{
    if (!m_endQueued && (result != MOSQ_ERR_SUCCESS || mosquitto_socket(m_client.get()) < 0))
        queueEnd(result);
    if (m_endQueued) { // its socket is closed, and the number may be given to another file at any time
        m_keepAliveTimer.stop();
        retire(m_readable);
        retire(m_writable);
    } else if (m_accepted && !m_keepAliveTimer.isActive() && m_settings.autoKeepAlive && m_keepAlive > 0s) {
        m_keepAliveTimer.start(m_keepAlive);
    }
}

void Connection::dispatch()
{
    const QPointer<Connection> alive(this);
    m_dispatching = true;
    while (alive && !m_events.empty()) {
        const std::function<void()> event = std::move(m_events.front());
        m_events.pop_front();
        event();
    }
    if (alive)
        m_dispatching = false;
}

void Connection::dispatchLater()
{
    QMetaObject::invokeMethod(
        this, [this] { settle(MOSQ_ERR_SUCCESS); }, Qt::QueuedConnection);
}

void Connection::endLater(QMqttClient::ClientError error, const QString &text)
{
    m_endQueued = true;
    m_events.emplace_back([this, error, text] { emit ended(error, text); });
    dispatchLater();
}

void Connection::queueEnd(int result)
{
    if (m_endQueued)
        return;
    m_endQueued = true;
    const QMqttClient::ClientError error = m_refusal != QMqttClient::NoError ? m_refusal : errorOf(result);
    QString text = m_lastProblem;
    if (result >= firstRefusalCode)
        text = QString::fromUtf8(mosquitto_reason_string(result));
    else if (text.isEmpty() && result != MOSQ_ERR_SUCCESS)
        text = libraryerror::inWords(result, 0);
    m_events.emplace_back([this, error, text] { emit ended(error, text); });
}

void Connection::updateWriting()
{
    if (m_writable && !m_dispatching) // after that there is more to write, or nothing
        m_writable->setEnabled(mosquitto_want_write(m_client.get()));
}

} // namespace cloudnode::qtmqtt
