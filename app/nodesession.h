#pragma once

#include "control/controlclient.h"
#include "nodeoptions.h"

namespace cloudnode {

/// A command's talk with the node that runs with a state directory. It ends the program's event loop.
class NodeSession : public QObject {
    Q_OBJECT

public:
    using Then = std::function<void(const QJsonValue &)>;

    /// Connects at once, or soon: what is asked waits for that.
    explicit NodeSession(const NodeOptions &node,
                         ControlClient::Persistence persistence = ControlClient::Persistence::Once);

    ControlClient &client() { return m_client; }

    /// Asks, and goes on with the result. Errors: printed, and the program ends.
    void ask(const QString &method, const QJsonObject &params, Then then,
             std::chrono::milliseconds timeout = std::chrono::seconds(10));
    /// The same for one who knows what to do about an error.
    void tryAsking(const QString &method, const QJsonObject &params, ControlClient::Callback done);

    /// Runs the event loop until end(). Returns the exit code.
    int exec();
    void end(int exitCode);
    void endWith(const Error &error); ///< printed

private:
    ControlClient m_client;
    std::optional<Error> m_obstacle; ///< why there cannot be a connection
    bool m_cut = false;              ///< there is no node, or it went away
};

} // namespace cloudnode
