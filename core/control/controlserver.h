#pragma once

#include "control/controlconnection.h"
#include "control/controlport.h"
#include "control/controlprotocol.h"
#include "control/throttle.h"
#include "platform/controllistener.h"

#include <QHash>
#include <QList>
#include <QObject>
#include <QSet>
#include <QTimer>

namespace cloudnode {

/// What clients may cost, and how often things happen.
struct ControlServerSettings {
    int clients = 64;             ///< connected at once; a further one is told so and closed
    int unanswered = 32;          ///< requests of one client that may wait for their answer
    qint64 unsentBytes = 1 << 20; ///< of notifications waiting for one client; it is dropped beyond
    std::chrono::milliseconds statusInterval{250}; ///< between two status notifications
    std::chrono::milliseconds lookInterval{5000};  ///< between two looks whether the socket's file is there
    ControlListener::PeerCheck mayConnect = ControlListener::isOwnerOrRoot;
};

/// The control socket of a node: answers what its faces ask, and tells subscribers what happens.
class ControlServer : public QObject {
    Q_OBJECT

public:
    /// `port` outlives the server.
    explicit ControlServer(ControlPort &port, ControlServerSettings settings = {}, QObject *parent = nullptr);
    ~ControlServer() override;

    /// Listens at the first of `paths` (see controlSocketPaths()) that can be had, and again should its file
    /// vanish. Errors: a live node has one of them; none can be had. The node can go on without.
    Result<void> listen(const QStringList &paths);
    /// Closes every connection and removes the socket's file.
    void close();

    QString path() const { return m_listener.path(); } ///< empty while it does not listen
    int clientCount() const { return static_cast<int>(m_clients.size()); }

signals:
    void listening(const QString &path); ///< also when it had to listen anew

private:
    struct Client {
        bool subscribed = false;
        int unanswered = 0;
    };

    void welcome(int descriptor);
    void turnAway(ControlConnection *connection);
    void forget(ControlConnection *connection);
    void handle(ControlConnection *connection, const QByteArray &line);
    void dispatch(ControlConnection *connection, const controlprotocol::Request &request);
    void subscribe(ControlConnection *connection, const controlprotocol::Request &request);
    void unsubscribe(ControlConnection *connection, const controlprotocol::Request &request);
    void publishEvent(const QByteArray &event);
    void publishStatus();
    QByteArray statusLine() const;
    QList<ControlConnection *> subscribers() const;
    void lookAfterFile();

    ControlPort &m_port;
    ControlServerSettings m_settings;
    QStringList m_paths;
    ControlListener m_listener;
    Throttle m_statusThrottle;
    QTimer m_look;
    QHash<ControlConnection *, Client> m_clients; ///< the connections are children of this
    QSet<ControlConnection *> m_leaving;          ///< turned away, and about to close
};

} // namespace cloudnode
