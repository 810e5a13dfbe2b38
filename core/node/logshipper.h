#pragma once

#include "base/backoff.h"
#include "base/secretmask.h"
#include "cloud/controlplane.h"
#include "platform/folderwatch.h"
#include "wire/instance.h"

#include <QObject>
#include <QTimer>

#include <functional>
#include <map>
#include <optional>

namespace cloudnode {

/// Sends what is appended to log files to the backend, in order, in small pieces, soon. It holds one piece a
/// file at most: the files themselves are the queue. A piece is sent until the backend has taken it.
class LogShipper : public QObject {
    Q_OBJECT

public:
    LogShipper(ControlPlane &cloud, SecretMask mask, QObject *parent = nullptr);

    struct Source {
        QString path;
        LogStream stream = LogStream::Stdout;
        qint64 offset = 0;                   ///< taken by the backend so far, in bytes of the file
        std::function<void(qint64)> shipped; ///< called with each new offset
    };
    /// Ships the file from its offset on and goes on as it grows, until finish().
    void follow(const Source &source);
    /// Nothing more will be appended to these: what is left is shipped, then the files are let go.
    void finish(const QStringList &paths);
    bool isIdle() const { return m_sources.empty(); }

    /// Nothing is sent before this is known.
    void setInstance(const Instance &instance);
    /// Sends whatever is there now, without waiting for lines to become whole, and nothing that is written
    /// later.
    void flush();
    /// Whether everything that is there has been taken; after flush(), everything that was there then.
    bool isDrained() const;
    /// Begins no further request. Those under way may still be answered.
    void stop();
    /// Whether requests are under way. What they carry would be sent twice if nobody waited for their
    /// answers.
    bool isAwaitingAnswers() const { return m_underWay > 0; }

signals:
    /// One of the files has nothing left that could be sent now; after stop(): no request is under way any
    /// more.
    void drained();
    void failed(const cloudnode::Error &reason, int inARow);
    void warning(const cloudnode::Error &problem);

private:
    struct State {
        Source source;
        bool finished = false;
        bool underWay = false;
        bool isWatched = false;  ///< the system tells when it is written to
        bool mayHaveMore = true; ///< false: it need not be looked at
        bool refusalTold = false;
        qint64 heldSize = -1;      ///< size at which an unfinished line was kept back
        qint64 starvedSize = -1;   ///< size at which there was nothing that could be sent yet
        qint64 batch = 0;          ///< bytes a request; smaller after the backend found one too large
        std::optional<qint64> end; ///< where flush() has found it, and shipping ends
    };

    qint64 leastBatch() const;
    void look();
    void lookAtAll();
    void takeNews();
    bool mustLookAgain() const;
    void shipAll();
    void ship(State &state);
    bool holdBack(State &state, const QByteArray &text, qint64 size) const;
    void answered(const QString &path, qint64 endOffset, const CloudResult<void> &reply);
    void advance(State &state, qint64 endOffset);
    void postpone(const CloudError &error);

    ControlPlane &m_cloud;
    SecretMask m_mask;
    Instance m_instance;
    std::map<QString, State> m_sources; ///< by path
    FolderWatch m_watch;
    QTimer m_timer;     ///< runs only while a file may have more
    QTimer m_slowTimer; ///< runs while there is something to follow, for what m_watch cannot see
    QTimer m_pause;     ///< while it runs nothing is sent: the backend has trouble
    Backoff m_backoff;
    QString m_lastServed;
    int m_underWay = 0;
    bool m_flushing = false;
    bool m_stopped = false;
};

} // namespace cloudnode
