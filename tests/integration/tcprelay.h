#pragma once

#include <QPointer>
#include <QTcpServer>
#include <QTcpSocket>

/// Stands between a client and a server on loopback, so that a test can do to their line what networks do.
class TcpRelay {
public:
    explicit TcpRelay(quint16 target) : m_target(target)
    {
        QObject::connect(&m_server, &QTcpServer::newConnection, &m_server, [this] { accept(); });
        m_server.listen(QHostAddress::LocalHost);
        m_port = m_server.serverPort();
    }

    quint16 port() const { return m_port; }
    int connections() const { return m_connections; } ///< ever accepted
    /// Everything that clients have sent so far.
    const QByteArray &fromClients() const { return m_fromClients; }

    /// Breaks all lines, without a word at the level of MQTT.
    void cut()
    {
        const auto sockets = std::exchange(m_sockets, {});
        for (const QPointer<QTcpSocket> &socket : sockets) {
            if (socket)
                socket->abort();
        }
    }

    /// From now on nobody gets through, and those who were are cut off.
    void refuse()
    {
        m_server.close();
        cut();
    }
    void acceptAgain() { m_server.listen(QHostAddress::LocalHost, m_port); }

    /// The lines stay up, but nothing comes through any more, as when a cable is pulled somewhere.
    void freeze()
    {
        for (const QPointer<QTcpSocket> &socket : std::as_const(m_sockets)) {
            if (!socket)
                continue;
            socket->disconnect();         // all its signals, the end of the other side included
            socket->setReadBufferSize(1); // the sender's buffers fill up as well
        }
    }

private:
    void accept()
    {
        while (QTcpSocket *client = m_server.nextPendingConnection()) {
            ++m_connections;
            auto *server = new QTcpSocket(client);
            server->connectToHost(QHostAddress::LocalHost, m_target);
            m_sockets << client << server;
            QObject::connect(client, &QTcpSocket::readyRead, &m_server, [this, client, server] {
                const QByteArray data = client->readAll();
                m_fromClients += data;
                server->write(data);
            });
            QObject::connect(server, &QTcpSocket::readyRead, &m_server,
                             [client, server] { client->write(server->readAll()); });
            QObject::connect(client, &QTcpSocket::disconnected, server, &QTcpSocket::disconnectFromHost);
            QObject::connect(server, &QTcpSocket::disconnected, client, &QTcpSocket::disconnectFromHost);
        }
    }

    quint16 m_target;
    quint16 m_port = 0;
    int m_connections = 0;
    QByteArray m_fromClients;
    QList<QPointer<QTcpSocket>> m_sockets;
    QTcpServer m_server;
};
