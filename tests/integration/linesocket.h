#pragma once

#include <QJsonDocument>
#include <QJsonObject>
#include <QList>
#include <QLocalSocket>
#include <QObject>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <optional>

/// A client without manners: sends what it is told and keeps what it gets.
class LineSocket {
public:
    explicit LineSocket(const QString &path)
    {
        QObject::connect(&socket, &QLocalSocket::readyRead, &socket, [this] {
            while (socket.canReadLine())
                messages << QJsonDocument::fromJson(socket.readLine()).object();
        });
        socket.connectToServer(path);
    }
    void send(const QByteArray &line) { socket.write(line + '\n'); }
    void ask(const QByteArray &method, const QByteArray &params = "{}", const QByteArray &id = "1")
    {
        send("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"" + method + "\",\"params\":" + params +
             "}");
    }
    bool isClosed() const { return socket.state() == QLocalSocket::UnconnectedState; }
    int code(int message) const
    {
        return messages.at(message)
            .value(QStringLiteral("error"))
            .toObject()
            .value(QStringLiteral("code"))
            .toInt();
    }

    QLocalSocket socket;
    QList<QJsonObject> messages;
};

/// A connection that is never read from, as of a process that was stopped.
class DeadSocket {
public:
    explicit DeadSocket(const QString &path) : m_fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0))
    {
        sockaddr_un address = {};
        address.sun_family = AF_UNIX;
        const QByteArray name = path.toLocal8Bit();
        std::memcpy(address.sun_path, name.constData(), static_cast<size_t>(name.size()));
        isConnected = ::connect(m_fd, reinterpret_cast<sockaddr *>(&address), sizeof(address)) == 0;
    }
    ~DeadSocket() { ::close(m_fd); }
    Q_DISABLE_COPY_MOVE(DeadSocket)
    bool send(const QByteArray &bytes)
    {
        return ::send(m_fd, bytes.constData(), static_cast<size_t>(bytes.size()), MSG_NOSIGNAL) ==
               bytes.size();
    }
    /// Bytes that wait to be read: 0 at the end of the stream, none if nothing has come yet.
    std::optional<ssize_t> arrived() const
    {
        char bytes[256];
        const ssize_t count = ::recv(m_fd, bytes, sizeof(bytes), MSG_PEEK | MSG_DONTWAIT);
        return count < 0 ? std::nullopt : std::optional(count);
    }

    bool isConnected = false;

private:
    int m_fd;
};
