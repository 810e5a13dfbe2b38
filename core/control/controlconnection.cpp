#include "control/controlconnection.h"

#include "control/controlprotocol.h"
#include "platform/rawsocket.h"

using namespace std::chrono_literals;

namespace cloudnode {

namespace {

constexpr qint64 pieceBytes = 64 * 1024; ///< read at once; also what may lie in the socket's send buffer
constexpr int linesPerTurn = 16;         ///< then everybody else has a turn
constexpr auto farewellTime = 1s;        ///< for the client to fetch its last line

} // namespace

ControlConnection::ControlConnection(int descriptor, qint64 unsentLimit, QObject *parent)
    : QObject(parent),
      m_lines(controlprotocol::maxRequestBytes),
      m_unsentLimit(unsentLimit)
{
    m_socket.setReadBufferSize(pieceBytes);
    m_socket.setSocketDescriptor(descriptor);
    m_readAgain.setSingleShot(true);
    m_farewell.setSingleShot(true);
    connect(&m_readAgain, &QTimer::timeout, this, &ControlConnection::read);
    connect(&m_farewell, &QTimer::timeout, this, &ControlConnection::drop);
    connect(&m_socket, &QLocalSocket::readyRead, this, &ControlConnection::read);
    connect(&m_socket, &QLocalSocket::bytesWritten, this, &ControlConnection::pump);
    connect(&m_socket, &QLocalSocket::disconnected, this, &ControlConnection::drop);
}

ControlConnection::~ControlConnection()
{
    m_socket.disconnect(this);
}

void ControlConnection::answer(const QByteArray &line)
{
    if (isOpen())
        m_socket.write(line);
}

void ControlConnection::notify(const QByteArray &line)
{
    if (!isOpen())
        return;
    m_notifications.enqueue(line);
    m_notificationBytes += line.size();
    pump();
    if (m_notificationBytes > m_unsentLimit)
        drop();
}

void ControlConnection::notifyLatest(const QByteArray &line)
{
    if (!isOpen() || line == m_latest)
        return;
    m_latest = line;
    m_owesLatest = true;
    pump();
}

void ControlConnection::clearNotifications()
{
    m_notifications.clear();
    m_notificationBytes = 0;
    m_latest.clear();
    m_owesLatest = false;
}

void ControlConnection::finish(const QByteArray &line)
{
    if (!isOpen())
        return;
    clearNotifications();
    m_finishing = true;
    m_farewell.start(farewellTime);
    m_socket.write(line);
    m_socket.flush();
    if (m_closed)
        return;
    // Closing with requests unread would tell the client of a reset connection, not of its mistake.
    rawsocket::endSending(static_cast<int>(m_socket.socketDescriptor()));
    read();
}

void ControlConnection::close()
{
    m_socket.disconnect(this);
    m_socket.flush();
    m_socket.abort();
    m_closed = true;
}

bool ControlConnection::isOpen() const
{
    return !m_closed && !m_finishing;
}

void ControlConnection::read()
{
    if (m_finishing)
        m_socket.readAll();
    for (int i = 0; i < linesPerTurn && isOpen(); ++i) {
        m_readPaused = m_socket.bytesToWrite() > pieceBytes;
        if (m_readPaused)
            return; // pump() goes on when the client has read its answers
        if (!readLine())
            return;
    }
    if (isOpen())
        m_readAgain.start(0ms);
}

/// Whether there was one.
bool ControlConnection::readLine()
{
    std::optional<QByteArray> line = m_lines.next();
    while (!line && !m_lines.hasOverflown() && m_socket.bytesAvailable() > 0) {
        m_lines.append(m_socket.read(pieceBytes));
        line = m_lines.next();
    }
    if (m_lines.hasOverflown())
        emit oversized();
    if (!line)
        return false;
    if (!line->trimmed().isEmpty())
        emit received(*line);
    return true;
}

void ControlConnection::pump()
{
    while (isOpen() && m_socket.bytesToWrite() < pieceBytes && !m_notifications.isEmpty()) {
        const QByteArray line = m_notifications.dequeue();
        m_notificationBytes -= line.size();
        m_socket.write(line);
    }
    if (isOpen() && m_owesLatest && m_notifications.isEmpty() && m_socket.bytesToWrite() < pieceBytes) {
        m_owesLatest = false;
        m_socket.write(m_latest);
    }
    if (m_readPaused && m_socket.bytesToWrite() <= pieceBytes)
        m_readAgain.start(0ms);
}

void ControlConnection::drop()
{
    if (m_closed)
        return;
    close();
    emit closed();
}

} // namespace cloudnode
