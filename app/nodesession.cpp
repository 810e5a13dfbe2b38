#include "nodesession.h"

#include "config/configsources.h"
#include "console.h"
#include "control/controlsocketpath.h"
#include "node/exitcodes.h"

#include <QCoreApplication>

namespace cloudnode {

NodeSession::NodeSession(const NodeOptions &node, ControlClient::Persistence persistence)
{
    connect(&m_client, &ControlClient::disconnected, this, [this] { m_cut = true; });
    connect(&m_client, &ControlClient::connected, this, [this] { m_cut = false; });
    // Only the folder: a configuration that cannot be read is no reason to lose sight of a node that runs.
    const auto paths = controlSocketPaths(ConfigFolders(node.request()).state);
    if (paths)
        m_client.connectTo(*paths, persistence);
    else
        m_obstacle = paths.error();
}

void NodeSession::ask(const QString &method, const QJsonObject &params, Then then,
                      std::chrono::milliseconds timeout)
{
    m_client.call(
        method, params, this,
        [this, then = std::move(then)](const Result<QJsonValue> &answer) {
            if (answer)
                then(*answer);
            else
                endWith(answer.error());
        },
        timeout);
}

void NodeSession::tryAsking(const QString &method, const QJsonObject &params, ControlClient::Callback done)
{
    m_client.call(method, params, this, std::move(done));
}

int NodeSession::exec()
{
    if (m_obstacle) {
        console::printError(*m_obstacle);
        return exitcode::refused;
    }
    return QCoreApplication::exec();
}

void NodeSession::end(int exitCode)
{
    m_client.close();
    QCoreApplication::exit(exitCode);
}

void NodeSession::endWith(const Error &error)
{
    console::printError(error);
    QCoreApplication::exit(m_cut ? exitcode::unavailable : exitcode::refused);
}

} // namespace cloudnode
