#include "desktop/hostednode.h"

#include "config/statepaths.h"
#include "node/cloudnode.h"
#include "node/exitcodes.h"

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

HostedNode::HostedNode(QObject *parent) : QObject(parent) {}

HostedNode::~HostedNode() = default;

Result<void> HostedNode::start(const NodeConfig &config, std::function<void(const Error &)> failed)
{
    if (m_node || m_burying)
        return fail(u"a node is running in this program already"_s);
    auto node = std::make_unique<CloudNode>(config);
    connect(node.get(), &CloudNode::finished, this, &HostedNode::takeEnd);
    if (auto started = node->start(); !started)
        return started;
    m_node = std::move(node);
    m_stateDir = m_node->config().stateDir;
    m_failed = std::move(failed);
    return {};
}

void HostedNode::stop(std::function<void()> done)
{
    if (!m_node && !m_burying)
        return done();
    m_stopped << std::move(done);
    if (m_node)
        m_node->stop();
}

/// It is its own signal that brings us here, so it goes a little later.
void HostedNode::takeEnd(int exitCode)
{
    if (!m_node)
        return;
    m_burying = true;
    CloudNode *const ended = m_node.release();
    connect(ended, &QObject::destroyed, this, [this, exitCode] { bury(exitCode); });
    ended->deleteLater();
}

void HostedNode::bury(int exitCode)
{
    m_burying = false;
    const auto stopped = std::exchange(m_stopped, {});
    const auto failed = std::exchange(m_failed, {});
    if (exitCode != exitcode::ok && failed)
        failed(reason(exitCode));
    for (const auto &done : stopped)
        done();
}

Error HostedNode::reason(int exitCode) const
{
    if (exitCode == exitcode::tokenRejected)
        return {u"the backend does not accept the token"_s, {}, u"Paste a new one from your profile."_s};
    if (exitCode == exitcode::installFailed)
        return {u"the install script failed"_s,
                {},
                u"Its output is in %1/install.stdout.log and install.stderr.log."_s.arg(
                    StatePaths(m_stateDir).workloadLogs())};
    return {u"it ended with exit code %1"_s.arg(exitCode), {}, {}};
}

} // namespace cloudnode
