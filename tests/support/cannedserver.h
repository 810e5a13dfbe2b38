#pragma once

#include <QByteArray>
#include <QList>
#include <QTcpServer>
#include <QUrl>

#include <functional>

class QTcpSocket;

namespace cloudnode::test {

/// An HTTP server that misbehaves in ways a real one cannot be asked to: it sends the bytes it is told to.
class CannedServer final : public QObject {
    Q_OBJECT

public:
    /// From a whole request to the bytes to send back. The connection is closed behind them; no bytes: at
    /// once.
    using Handler = std::function<QByteArray(const QByteArray &request)>;

    explicit CannedServer(Handler handler, QObject *parent = nullptr);

    QUrl url() const;
    const QList<QByteArray> &requests() const { return m_requests; }
    /// Whether requests() has them; off where they are more than memory should hold.
    void keepRequests(bool on) { m_keeping = on; }

    /// A well-formed response; `headers` end with a line break each.
    static QByteArray response(int status, const QByteArray &body, const QByteArray &headers = {});

private:
    void serve(QTcpSocket *socket);

    QTcpServer m_server;
    Handler m_handler;
    QList<QByteArray> m_requests;
    bool m_keeping = true;
};

} // namespace cloudnode::test
