#pragma once

#include "config/nodeconfig.h"

#include <QObject>

#include <functional>
#include <memory>

namespace cloudnode {

class CloudNode;

/// The node that lives in the desktop's process: none or one. When it has ended its state directory is free
/// again before anybody is told.
class HostedNode : public QObject {
    Q_OBJECT

public:
    explicit HostedNode(QObject *parent = nullptr);
    ~HostedNode() override;

    bool isRunning() const { return m_node != nullptr; }
    /// `failed`: it ended though nobody stopped it. Errors: one is running or being stopped; no token; the
    /// state directory is in use.
    Result<void> start(const NodeConfig &config, std::function<void(const Error &)> failed);
    /// `done` is called once it has ended; at once if there is none.
    void stop(std::function<void()> done);

private:
    void takeEnd(int exitCode);
    void bury(int exitCode);
    Error reason(int exitCode) const;

    std::unique_ptr<CloudNode> m_node;
    bool m_burying = false; ///< it has ended, but still holds its state directory
    QString m_stateDir;
    std::function<void(const Error &)> m_failed;
    QList<std::function<void()>> m_stopped;
};

} // namespace cloudnode
