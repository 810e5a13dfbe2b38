#include "control/controlserver.h"

#include "control/controlmethods.h"
#include "platform/rawsocket.h"

#include <QPointer>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

using controlprotocol::Code;
using controlprotocol::Failure;
using controlprotocol::Request;

namespace {

constexpr int leavingAtOnce = 16; ///< clients told why they are not served; beyond that they are just closed

QByteArray answerLine(const QJsonValue &id, const controlmethods::Outcome &outcome)
{
    return outcome ? controlprotocol::result(id, *outcome) : controlprotocol::failure(id, outcome.error());
}

} // namespace

ControlServer::ControlServer(ControlPort &port, ControlServerSettings settings, QObject *parent)
    : QObject(parent),
      m_port(port),
      m_settings(std::move(settings)),
      m_listener(m_settings.mayConnect),
      m_statusThrottle(m_settings.statusInterval)
{
    m_look.setInterval(m_settings.lookInterval);
    connect(&m_look, &QTimer::timeout, this, &ControlServer::lookAfterFile);
    connect(&m_listener, &ControlListener::accepted, this, &ControlServer::welcome);
    connect(&m_statusThrottle, &Throttle::due, this, &ControlServer::publishStatus);
    connect(&m_port.events(), &ControlEvents::happened, this, &ControlServer::publishEvent);
    connect(&m_port.events(), &ControlEvents::statusChanged, &m_statusThrottle, &Throttle::request);
}

ControlServer::~ControlServer()
{
    close();
}

Result<void> ControlServer::listen(const QStringList &paths)
{
    m_paths = paths;
    return m_listener.open(paths).map([this] {
        m_look.start();
        emit listening(path());
    });
}

void ControlServer::close()
{
    m_look.stop();
    m_listener.close();
    const QList<ControlConnection *> all = m_clients.keys() + m_leaving.values();
    m_clients.clear();
    m_leaving.clear();
    for (ControlConnection *connection : all) {
        connection->close();
        connection->deleteLater();
    }
}

void ControlServer::welcome(int descriptor)
{
    const bool full = m_clients.size() >= m_settings.clients;
    if (full && m_leaving.size() >= leavingAtOnce) {
        rawsocket::close(descriptor);
        return;
    }
    auto *connection = new ControlConnection(descriptor, m_settings.unsentBytes, this);
    connect(connection, &ControlConnection::closed, this, [this, connection] { forget(connection); });
    if (full)
        return turnAway(connection);
    m_clients.insert(connection, {});
    connect(connection, &ControlConnection::received, this,
            [this, connection](const QByteArray &line) { handle(connection, line); });
    connect(connection, &ControlConnection::oversized, this, [connection] {
        const controlprotocol::Rejection rejection = controlprotocol::tooLarge();
        connection->finish(controlprotocol::failure(rejection.id, rejection.failure));
    });
}

void ControlServer::turnAway(ControlConnection *connection)
{
    m_leaving.insert(connection);
    const Error reason{
        u"the node serves %1 clients already"_s.arg(m_settings.clients), {}, u"Close one of them."_s};
    connection->finish(controlprotocol::failure(QJsonValue::Null, {Code::TooManyClients, reason}));
}

void ControlServer::forget(ControlConnection *connection)
{
    m_clients.remove(connection);
    m_leaving.remove(connection);
    connection->deleteLater();
}

void ControlServer::handle(ControlConnection *connection, const QByteArray &line)
{
    const auto request = controlprotocol::parseRequest(line);
    if (request)
        dispatch(connection, *request);
    else
        connection->answer(controlprotocol::failure(request.error().id, request.error().failure));
}

void ControlServer::dispatch(ControlConnection *connection, const Request &request)
{
    if (request.method == u"events.subscribe")
        return subscribe(connection, request);
    if (request.method == u"events.unsubscribe")
        return unsubscribe(connection, request);
    Client &client = m_clients[connection];
    if (client.unanswered >= m_settings.unanswered) {
        const Error reason{u"%1 requests wait for their answer already"_s.arg(client.unanswered), {}, {}};
        connection->answer(controlprotocol::failure(request.id, {Code::TooManyUnanswered, reason}));
        return;
    }
    ++client.unanswered;
    // The client, and this server, may be gone when the answer comes.
    const QPointer<ControlServer> self(this);
    const QPointer<ControlConnection> asker(connection);
    controlmethods::call(m_port, request, [=](const controlmethods::Outcome &outcome) {
        if (!self || !asker || !self->m_clients.contains(asker))
            return;
        --self->m_clients[asker].unanswered;
        if (request.wantsAnswer())
            asker->answer(answerLine(request.id, outcome));
    });
}

void ControlServer::subscribe(ControlConnection *connection, const Request &request)
{
    const controlmethods::Outcome outcome = controlmethods::requireNoParams(request.params).map([&] {
        return JsonText().addTexts("events", m_port.recentEvents());
    });
    if (request.wantsAnswer())
        connection->answer(answerLine(request.id, outcome));
    if (!outcome)
        return;
    m_clients[connection].subscribed = true;
    connection->notifyLatest(statusLine());
}

void ControlServer::unsubscribe(ControlConnection *connection, const Request &request)
{
    const controlmethods::Outcome outcome = controlmethods::requireNoParams(request.params).map([&] {
        m_clients[connection].subscribed = false;
        connection->clearNotifications();
        return JsonText();
    });
    if (request.wantsAnswer())
        connection->answer(answerLine(request.id, outcome));
}

void ControlServer::publishEvent(const QByteArray &event)
{
    const QList<ControlConnection *> receivers = subscribers();
    if (receivers.isEmpty())
        return;
    const QByteArray line = controlprotocol::notification("event", event);
    for (ControlConnection *connection : receivers)
        connection->notify(line);
}

void ControlServer::publishStatus()
{
    const QList<ControlConnection *> receivers = subscribers();
    if (receivers.isEmpty())
        return;
    const QByteArray line = statusLine();
    for (ControlConnection *connection : receivers)
        connection->notifyLatest(line);
}

QByteArray ControlServer::statusLine() const
{
    return controlprotocol::notification("status", m_port.status().object());
}

/// A copy: a connection that is given up while it is told something leaves m_clients.
QList<ControlConnection *> ControlServer::subscribers() const
{
    QList<ControlConnection *> found;
    for (auto it = m_clients.constBegin(); it != m_clients.constEnd(); ++it) {
        if (it->subscribed)
            found.append(it.key());
    }
    return found;
}

void ControlServer::lookAfterFile()
{
    if (m_listener.isReachable())
        return;
    if (m_listener.open(m_paths))
        emit listening(path());
}

} // namespace cloudnode
