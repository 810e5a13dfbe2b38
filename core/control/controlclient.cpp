#include "control/controlclient.h"

#include <QLocalSocket>

#include <utility>

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace cloudnode {

namespace {

constexpr auto firstRetry = 200ms;
constexpr auto longestRetry = 3s; ///< the node is on this machine, and somebody looks at the window
constexpr qint64 pieceBytes = 256 * 1024;

Error noNode()
{
    return {u"no node is running with this state directory"_s, {}, u"Start it with: cloudnode start"_s};
}

Error explain(QLocalSocket::LocalSocketError error, const QString &path, const QString &words)
{
    switch (error) {
    case QLocalSocket::ServerNotFoundError:
    case QLocalSocket::ConnectionRefusedError:
        return noNode();
    case QLocalSocket::SocketAccessError:
        return {u"the node belongs to another user"_s, path, u"Ask as that user, or as root."_s};
    default:
        return {u"cannot reach the node: "_s + words, path, {}};
    }
}

Error notConnected()
{
    return {u"there is no connection to a node"_s, {}, {}};
}

Error hungUp(const QString &path)
{
    return {u"the node closed the connection"_s, path, {}};
}

} // namespace

ControlClient::ControlClient(QObject *parent)
    : QObject(parent),
      m_backoff(firstRetry, longestRetry),
      m_lines(controlprotocol::maxReplyBytes),
      m_complaint(notConnected())
{
    m_retry.setSingleShot(true);
    connect(&m_retry, &QTimer::timeout, this, &ControlClient::attempt);
}

ControlClient::~ControlClient()
{
    dropSocket();
}

void ControlClient::connectTo(const QStringList &paths, Persistence persistence)
{
    close();
    m_paths = paths;
    m_persistence = persistence;
    m_backoff.reset();
    m_state = State::Connecting;
    m_retry.start(0ms);
}

void ControlClient::close()
{
    dropSocket();
    m_retry.stop();
    m_state = State::Closed;
    m_complaint = notConnected();
    failAllSoon(m_complaint);
}

void ControlClient::call(const QString &method, const QJsonObject &params, QObject *context, Callback done,
                         std::chrono::milliseconds timeout)
{
    const qint64 id = ++m_lastId;
    const Error silence{u"the node does not answer"_s, method, u"See whether it is stopped or overloaded."_s};
    Call &call = m_calls[id];
    call = {context ? context : this, std::move(done), new QTimer(this), silence};
    call.timer->setSingleShot(true);
    connect(call.timer, &QTimer::timeout, this,
            [this, id] { settle(id, tl::make_unexpected(m_calls.value(id).lateness)); });

    const QByteArray line = controlprotocol::request(id, method, params);
    if (m_state == State::Closed || m_state == State::Waiting)
        return failSoon(call, m_complaint);
    if (timeout > 0ms)
        call.timer->start(timeout);
    if (m_state == State::Connected)
        m_socket->write(line);
    else
        m_outbox += line;
}

void ControlClient::attempt()
{
    m_state = State::Connecting;
    m_complaint = noNode();
    tryPath(0);
}

void ControlClient::tryPath(qsizetype index)
{
    dropSocket();
    if (index >= m_paths.size())
        return lost(m_complaint);
    auto *socket = new QLocalSocket(this);
    m_socket = socket;
    m_lines = LineSplitter(controlprotocol::maxReplyBytes);
    socket->setReadBufferSize(pieceBytes);
    connect(socket, &QLocalSocket::connected, this, &ControlClient::established);
    // Queued, as some errors are reported before connectToServer() returns. By then it may be the past.
    connect(
        socket, &QLocalSocket::errorOccurred, this,
        [this, socket, index] {
            if (socket == m_socket && m_state == State::Connecting)
                pathFailed(index);
        },
        Qt::QueuedConnection);
    socket->connectToServer(m_paths.at(index));
}

void ControlClient::pathFailed(qsizetype index)
{
    const Error reason = explain(m_socket->error(), m_paths.at(index), m_socket->errorString());
    if (reason != noNode())
        m_complaint = reason;
    tryPath(index + 1);
}

void ControlClient::established()
{
    m_state = State::Connected;
    m_complaint = hungUp(m_socket->fullServerName());
    connect(m_socket, &QLocalSocket::readyRead, this, &ControlClient::read);
    connect(m_socket, &QLocalSocket::disconnected, this, [this] { lost(m_complaint); });
    m_socket->write(std::exchange(m_outbox, {}));
    emit connected();
}

void ControlClient::lost(const Error &reason)
{
    dropSocket();
    m_complaint = reason;
    const bool again = m_persistence == Persistence::Reconnect;
    m_state = again ? State::Waiting : State::Closed;
    if (again)
        m_retry.start(m_backoff.next());
    failAllSoon(reason);
    emit disconnected(reason);
}

/// What arrives may make a face close this connection, or open another, in the middle of it.
void ControlClient::read()
{
    QLocalSocket *const socket = m_socket;
    while (socket->bytesAvailable() > 0) {
        m_lines.append(socket->read(pieceBytes));
        while (const std::optional<QByteArray> line = m_lines.next()) {
            take(*line);
            if (socket != m_socket)
                return;
        }
        if (m_lines.hasOverflown())
            return lost({u"the node sent a message without an end"_s, socket->fullServerName(), {}});
    }
}

void ControlClient::take(const QByteArray &line)
{
    const auto message = controlprotocol::parseMessage(line);
    if (!message)
        return lost(message.error());
    const auto *reply = std::get_if<controlprotocol::Reply>(&*message);
    if (reply && !reply->id) {
        m_complaint = reply->result ? m_complaint : reply->result.error();
        return;
    }
    m_backoff.reset();
    if (reply)
        settle(*reply->id, reply->result);
    else
        announce(std::get<controlprotocol::Notification>(*message));
}

void ControlClient::announce(const controlprotocol::Notification &notification)
{
    if (notification.method == u"event")
        emit event(notification.params);
    else if (notification.method == u"status")
        emit statusChanged(notification.params);
}

void ControlClient::settle(qint64 id, const Result<QJsonValue> &result)
{
    const Call call = m_calls.take(id);
    if (!call.timer)
        return; // an answer that came too late
    call.timer->stop();
    call.timer->deleteLater();
    if (call.context)
        call.done(result);
}

void ControlClient::failSoon(Call &call, const Error &reason)
{
    call.lateness = reason;
    call.timer->start(0ms);
}

void ControlClient::failAllSoon(const Error &reason)
{
    m_outbox.clear();
    for (Call &call : m_calls)
        failSoon(call, reason);
}

void ControlClient::dropSocket()
{
    if (!m_socket)
        return;
    m_socket->disconnect(this);
    m_socket->abort();
    m_socket->deleteLater();
    m_socket = nullptr;
}

} // namespace cloudnode
