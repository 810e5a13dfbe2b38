#pragma once

#include <QLocalServer>
#include <QLocalSocket>
#include <QObject>

namespace cloudnode {

/// One desktop for one node: whoever starts another raises the first one's window instead.
class SingleInstance : public QObject {
    Q_OBJECT

public:
    /// `path`: of its own socket.
    explicit SingleInstance(QString path, QObject *parent = nullptr);

    /// first() or second() follows.
    void claim();

signals:
    void first();       ///< this is the only one; keep it alive to stay so
    void second();      ///< there is another, which has been told
    void raiseWanted(); ///< another was started

private:
    bool listen();
    void takeOver();

    QString m_path;
    QLocalServer m_server;
    QLocalSocket m_socket;
};

} // namespace cloudnode
