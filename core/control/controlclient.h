#pragma once

#include "base/backoff.h"
#include "base/error.h"
#include "control/controlprotocol.h"
#include "control/linesplitter.h"

#include <QJsonObject>
#include <QJsonValue>
#include <QMap>
#include <QObject>
#include <QPointer>
#include <QStringList>
#include <QTimer>

#include <chrono>
#include <functional>

class QLocalSocket;

namespace cloudnode {

/// A face's line to its node. Everything it reports comes from the event loop. Do not destroy it in a slot or
/// callback of its own: deleteLater() does.
class ControlClient : public QObject {
    Q_OBJECT

public:
    using Callback = std::function<void(Result<QJsonValue>)>;

    /// What to do when there is no node, or the line is cut.
    enum class Persistence {
        Once,      ///< say so with disconnected(), and leave it
        Reconnect, ///< say so, and try again for ever, ever more rarely up to every few seconds
    };

    explicit ControlClient(QObject *parent = nullptr);
    ~ControlClient() override; ///< drops all callbacks

    /// Tries `paths` in turn; connected() or disconnected() follows. Replaces an earlier connection, whose
    /// calls fail.
    void connectTo(const QStringList &paths, Persistence persistence = Persistence::Once);
    /// Ends the connection, and attempts to have one. Calls fail; no disconnected() follows.
    void close();
    bool isConnected() const { return m_state == State::Connected; }

    /// Asks the node. `done` runs exactly once, later, unless `context` or this client is destroyed by then.
    /// A call made while a connection is being attempted waits for it. `timeout` 0: none, for answers that
    /// take as long as they take.
    /// Errors: no node runs; the line was cut; no answer in time; the node's own reason.
    void call(const QString &method, const QJsonObject &params, QObject *context, Callback done,
              std::chrono::milliseconds timeout = std::chrono::seconds(10));

signals:
    void connected(); ///< subscriptions do not survive a cut line: subscribe here
    void disconnected(const cloudnode::Error &reason); ///< after connected(), and after each failed attempt
    void event(const QJsonObject &event);              ///< to those who called events.subscribe
    void statusChanged(const QJsonObject &status); ///< likewise: the whole snapshot; the first one at once

private:
    enum class State { Closed, Waiting, Connecting, Connected };
    struct Call {
        QPointer<QObject> context;
        Callback done;
        QTimer *timer = nullptr; ///< a child of this; when it fires, the call fails with `lateness`
        Error lateness;
    };

    void attempt();
    void tryPath(qsizetype index);
    void pathFailed(qsizetype index);
    void established();
    void lost(const Error &reason);
    void read();
    void take(const QByteArray &line);
    void announce(const controlprotocol::Notification &notification);
    void settle(qint64 id, const Result<QJsonValue> &result);
    void failSoon(Call &call, const Error &reason);
    void failAllSoon(const Error &reason);
    void dropSocket();

    QStringList m_paths;
    Persistence m_persistence = Persistence::Once;
    State m_state = State::Closed;
    Backoff m_backoff;
    QTimer m_retry;
    QLocalSocket *m_socket = nullptr; ///< a child of this; a new one for each attempt
    LineSplitter m_lines;
    /// Why there is no connection; while there is one, what to say when it is cut.
    Error m_complaint;
    qint64 m_lastId = 0;
    QMap<qint64, Call> m_calls;
    QByteArray m_outbox; ///< calls made while connecting
};

} // namespace cloudnode
