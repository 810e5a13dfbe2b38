#pragma once

#include "config/nodeconfig.h"

#include <QObject>
#include <QTimer>

#include <memory>

namespace cloudnode {

class Node;
class ServiceNotifier;

/// A Cloud Node in a program of your own: the way in to this library.
///
///     auto node = cloudnode::CloudNode::fromConfigFile("cyberwave.yml", "my-gpu-node");
///     if (!node) { std::cerr << qPrintable(node.error().text()); return 1; }
///     return (*node)->run();
///
/// Inside an application with an event loop of its own, use start() and finished() instead of run().
class CloudNode : public QObject {
    Q_OBJECT

public:
    /// Nothing is read or contacted yet. An empty stateDir means ~/.cyberwave, an empty workingDirectory the
    /// current one; a slug hint given here beats the configuration's.
    explicit CloudNode(NodeConfig config, const QString &slugHint = {}, QObject *parent = nullptr);
    ~CloudNode() override;

    /// Configured by a cyberwave.yml, completed from the environment, .env files and credentials.
    static Result<std::unique_ptr<CloudNode>> fromConfigFile(const QString &path,
                                                             const QString &slugHint = {});
    /// Configured by the environment, .env files and credentials alone.
    static Result<std::unique_ptr<CloudNode>> fromEnv(const QString &slugHint = {});

    const NodeConfig &config() const { return m_config; }

    /// Runs until SIGTERM or SIGINT, or until it cannot go on; workloads run on. Uses the application's event
    /// loop, and makes an application if there is none. The result is an exit code: see exitcodes.h.
    /// The process is taken to be the node's: no core dump will be written of it, and a service manager that
    /// waits for a word (sd_notify) gets it.
    int run();

    /// Starts within a running event loop; finished() follows some day.
    /// Errors: no token, another node holds the state directory, a command template is wrong.
    Result<void> start();
    /// Ends in order, within 3 s; finished() follows.
    void stop();

signals:
    void finished(int exitCode);

private:
    void tellService();
    void shrinkAfterStart();

    NodeConfig m_config;
    std::unique_ptr<Node> m_node;
    QTimer m_shrink;
    bool m_wasReady = false;
    std::unique_ptr<ServiceNotifier> m_service; ///< while run() has the process to itself
};

} // namespace cloudnode
