#pragma once

#include <QByteArray>
#include <QCryptographicHash>
#include <QList>
#include <QMap>
#include <QTcpServer>
#include <QUrl>

#include <functional>

class QTcpSocket;

namespace cloudnode::test {

/// A place that files are put into over HTTP, as signed URLs lead to one. It counts and hashes what arrives
/// below url() and keeps nothing of it, so that files may be of any size; whatever else is asked of it, its
/// handler answers. It can be told to refuse, to stall and to hang up.
class StoreSink final : public QObject {
    Q_OBJECT

public:
    struct Head {
        QByteArray method;
        QByteArray path;                      ///< with its query
        QMap<QByteArray, QByteArray> headers; ///< names in small letters
        qint64 length = 0;
    };
    struct Put {
        Head head;
        qint64 bytes = 0;
        QByteArray sha1; ///< in hexadecimal digits; empty if not wanted
        int answered = 0;
    };
    /// From a request that is no PUT below url() to the JSON to send back.
    using Handler = std::function<QByteArray(const Head &head, const QByteArray &body)>;

    explicit StoreSink(Handler handler = {}, QObject *parent = nullptr);

    QUrl origin() const;
    QUrl url() const { return origin().resolved(QUrl(QStringLiteral("/store/"))); }

    QList<int> statuses;    ///< answers to the next PUTs, in order; when it is empty, 200
    QByteArray moreHeaders; ///< of each answer to a PUT, each ending with a line break
    bool hashing = true;
    bool stalled = false;       ///< no further byte of a PUT is taken
    int hangUps = 0;            ///< so many PUTs are hung up on, and not answered
    qint64 hangUpAfter = 0;     ///< bytes of such a PUT's body
    std::function<void()> tick; ///< called whenever something of a PUT has arrived

    /// Those that have been answered.
    const QList<Put> &puts() const { return m_puts; }
    QList<Put> stored() const;
    int begun() const { return m_begun; }           ///< PUTs, answered or not
    int mostAtOnce() const { return m_mostAtOnce; } ///< PUTs

private:
    struct Connection {
        QTcpSocket *socket = nullptr;
        QByteArray pending;
        bool inBody = false;
        Put put;
        QByteArray body;
        std::unique_ptr<QCryptographicHash> hash;
    };

    void serve(Connection &connection);
    bool readHead(Connection &connection);
    bool readBody(Connection &connection);
    bool isPut(const Connection &connection) const;
    void take(Connection &connection, const QByteArray &piece);
    void answer(Connection &connection);

    QTcpServer m_server;
    Handler m_handler;
    QList<Put> m_puts;
    int m_begun = 0;
    int m_atOnce = 0;
    int m_mostAtOnce = 0;
};

} // namespace cloudnode::test
