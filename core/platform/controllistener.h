#pragma once

#include "base/error.h"

#include <QObject>
#include <QSocketNotifier>
#include <QTimer>

#include <functional>
#include <memory>

namespace cloudnode {

/// Holds the socket file and takes in who connects to it. What they say is not its business.
class ControlListener : public QObject {
    Q_OBJECT

public:
    /// Whether a process of that user may connect.
    using PeerCheck = std::function<bool(uint user)>;

    /// The default check: this process's own user, and root, who may do everything anyway.
    static bool isOwnerOrRoot(uint peer);
    /// The path is not too long for a socket.
    static bool canListenAt(const QString &path);

    explicit ControlListener(PeerCheck mayConnect = isOwnerOrRoot, QObject *parent = nullptr);
    ~ControlListener() override;

    /// Listens at the first of `paths` where that is possible. The folder of each is made if its parent
    /// exists, and gets mode 0700; the socket has 0600. The file of a dead node is replaced.
    /// Errors: a live node listens at one of the paths; a path is in use by something else; the system
    /// refuses.
    Result<void> open(const QStringList &paths);
    /// Stops listening and removes the file, if it is still the one made by open().
    void close();

    /// Where it listens; empty when it does not.
    const QString &path() const { return m_path; }
    /// The file is still there. Runtime folders are swept away at the end of a login session, which a node
    /// may outlive.
    bool isReachable() const;

signals:
    void accepted(int descriptor); ///< of a permitted client; the receiver owns it

private:
    Result<void> openAt(const QString &path);
    void accept();
    void rest();

    PeerCheck m_mayConnect;
    QString m_path;
    int m_socket = -1;
    quint64 m_device = 0; ///< with m_inode: which file is ours
    quint64 m_inode = 0;
    std::unique_ptr<QSocketNotifier> m_notifier; // needs m_socket
    QTimer m_rest;
};

} // namespace cloudnode
