#include "support/storesink.h"

#include <QTcpSocket>

#include <algorithm>
#include <memory>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode::test {

StoreSink::StoreSink(Handler handler, QObject *parent) : QObject(parent), m_handler(std::move(handler))
{
    connect(&m_server, &QTcpServer::newConnection, this, [this] {
        while (QTcpSocket *socket = m_server.nextPendingConnection()) {
            socket->setReadBufferSize(256 * 1024);
            auto connection = std::make_shared<Connection>();
            connection->socket = socket;
            connect(socket, &QTcpSocket::readyRead, this, [this, connection] { serve(*connection); });
            connect(socket, &QTcpSocket::disconnected, this, [this, connection] {
                if (connection->inBody && isPut(*connection))
                    --m_atOnce;
                connection->socket->deleteLater();
            });
        }
    });
    if (!m_server.listen(QHostAddress::LocalHost))
        qFatal("no port for a test server");
}

QUrl StoreSink::origin() const
{
    return QUrl(u"http://127.0.0.1:%1"_s.arg(m_server.serverPort()));
}

QList<StoreSink::Put> StoreSink::stored() const
{
    QList<Put> stored = m_puts;
    stored.removeIf([](const Put &put) { return put.answered >= 300; });
    return stored;
}

void StoreSink::serve(Connection &connection)
{
    if (stalled && connection.inBody && isPut(connection))
        return;
    connection.pending += connection.socket->readAll();
    while (connection.inBody ? readBody(connection) : readHead(connection)) {
    }
}

/// False: there is nothing more to read for now.
bool StoreSink::readHead(Connection &connection)
{
    const qsizetype end = connection.pending.indexOf("\r\n\r\n");
    if (end < 0)
        return false;
    QList<QByteArray> lines = connection.pending.left(end).split('\n');
    connection.pending.remove(0, end + 4);
    const QList<QByteArray> first = lines.takeFirst().split(' ');
    Head head{first.value(0), first.value(1), {}, 0};
    for (const QByteArray &line : lines)
        head.headers.insert(line.left(line.indexOf(':')).toLower(),
                            line.mid(line.indexOf(':') + 1).trimmed());
    head.length = head.headers.value("content-length").toLongLong();
    connection.put = {head, 0, {}, 0};
    connection.body.clear();
    connection.hash = std::make_unique<QCryptographicHash>(QCryptographicHash::Sha1);
    connection.inBody = true;
    if (isPut(connection)) {
        ++m_begun;
        m_mostAtOnce = std::max(m_mostAtOnce, ++m_atOnce);
    }
    return true;
}

bool StoreSink::readBody(Connection &connection)
{
    const QByteArray piece = connection.pending.left(connection.put.head.length - connection.put.bytes);
    connection.pending.remove(0, piece.size());
    connection.put.bytes += piece.size();
    take(connection, piece);
    if (isPut(connection) && hangUps > 0 && connection.put.bytes >= hangUpAfter) {
        --hangUps;
        connection.socket->abort();
        return false;
    }
    if (connection.put.bytes < connection.put.head.length)
        return false;
    answer(connection);
    return true;
}

bool StoreSink::isPut(const Connection &connection) const
{
    return connection.put.head.method == "PUT" && connection.put.head.path.startsWith("/store/");
}

void StoreSink::take(Connection &connection, const QByteArray &piece)
{
    if (!isPut(connection)) {
        connection.body += piece;
        return;
    }
    if (hashing)
        connection.hash->addData(piece);
    if (tick)
        tick();
}

void StoreSink::answer(Connection &connection)
{
    connection.inBody = false;
    QByteArray body = "{}";
    int status = 200;
    QByteArray headers;
    if (isPut(connection)) {
        --m_atOnce;
        status = statuses.isEmpty() ? 200 : statuses.takeFirst();
        headers = moreHeaders;
        body = status < 300 ? "" : "<Error><Code>SomeCode</Code><Signature>secret</Signature></Error>";
        connection.put.answered = status;
        if (hashing)
            connection.put.sha1 = connection.hash->result().toHex();
        m_puts << connection.put;
    } else if (m_handler) {
        body = m_handler(connection.put.head, connection.body);
    }
    connection.socket->write("HTTP/1.1 " + QByteArray::number(status) + " Sink\r\n" + headers +
                             "Content-Type: application/json\r\nContent-Length: " +
                             QByteArray::number(body.size()) + "\r\n\r\n" + body);
}

} // namespace cloudnode::test
