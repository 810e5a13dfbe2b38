#include "ui/desktop/singleinstance.h"

#include "platform/atomicfile.h"

#include <QFileInfo>

namespace cloudnode {

SingleInstance::SingleInstance(QString path, QObject *parent) : QObject(parent), m_path(std::move(path))
{
    m_server.setSocketOptions(QLocalServer::UserAccessOption);
    connect(&m_server, &QLocalServer::newConnection, this, [this] {
        delete m_server.nextPendingConnection(); // that it came is all it has to say
        emit raiseWanted();
    });
    connect(&m_socket, &QLocalSocket::connected, this, &SingleInstance::second);
    connect(
        &m_socket, &QLocalSocket::errorOccurred, this,
        [this](QLocalSocket::LocalSocketError error) {
            if (error != QLocalSocket::PeerClosedError)
                takeOver();
        },
        Qt::QueuedConnection);
}

void SingleInstance::claim()
{
    m_socket.connectToServer(m_path);
}

bool SingleInstance::listen()
{
    return atomicfile::makePrivateFolder(QFileInfo(m_path).absolutePath()).has_value() &&
           m_server.listen(m_path);
}

/// Nobody is there, but one that crashed may have left its socket. If even then it cannot be had, being two
/// is better than being none.
void SingleInstance::takeOver()
{
    if (!listen()) {
        QLocalServer::removeServer(m_path);
        listen();
    }
    emit first();
}

} // namespace cloudnode
