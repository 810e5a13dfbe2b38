#pragma once

#include "control/linesplitter.h"

#include <QLocalSocket>
#include <QObject>
#include <QQueue>
#include <QTimer>

namespace cloudnode {

/// One client as the server sees it: lines in, lines out. It knows no method; it sees to it that a client
/// which is slow, dead or talkative costs a bounded amount of memory and of the event loop's time.
class ControlConnection : public QObject {
    Q_OBJECT

public:
    /// `unsentLimit`: bytes of notifications that may wait for a client before it is given up.
    ControlConnection(int descriptor, qint64 unsentLimit, QObject *parent = nullptr);
    ~ControlConnection() override;

    /// Sends an answer. While answers wait unread, no further request of this client is read.
    void answer(const QByteArray &line);
    /// Sends a notification, in order. closed() follows if too many of them wait unread.
    void notify(const QByteArray &line);
    /// Sends a notification of which only the latest counts: a client that reads slowly misses those before.
    /// One that is the same as the one before is not sent.
    void notifyLatest(const QByteArray &line);
    /// Forgets notifications not sent yet.
    void clearNotifications();
    /// Sends a last line, reads no more requests, and closes soon: closed() follows.
    void finish(const QByteArray &line);
    /// Gives what is unsent to the system as far as it takes it, and closes. No closed() follows.
    void close();

signals:
    void received(const QByteArray &line);
    void oversized(); ///< a request is too long; nothing more will be received()
    void closed();    ///< once

private:
    bool isOpen() const;
    void read();
    bool readLine();
    void pump();
    void drop();

    QLocalSocket m_socket;
    LineSplitter m_lines;
    QQueue<QByteArray> m_notifications;
    qint64 m_notificationBytes = 0;
    qint64 m_unsentLimit;
    QByteArray m_latest; ///< what notifyLatest() was given last
    bool m_owesLatest = false;
    bool m_readPaused = false; ///< until the client has fetched its answers
    bool m_finishing = false;
    bool m_closed = false;
    QTimer m_readAgain;
    QTimer m_farewell;
};

} // namespace cloudnode
