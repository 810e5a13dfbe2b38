#include "node/cloudnode.h"

#include "cloud/controlplanefactory.h"
#include "config/configloader.h"
#include "node/exitcodes.h"
#include "node/node.h"
#include "platform/selfprotection.h"
#include "platform/servicenotifier.h"
#include "platform/stopsignals.h"
#include "platform/workingset.h"

#include <QCoreApplication>
#include <QDir>

#include <chrono>
#include <cstdio>
#include <utility>

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace cloudnode {

namespace {

int exitCodeOf(NodeExit exit)
{
    switch (exit) {
    case NodeExit::Stopped:
        return exitcode::ok;
    case NodeExit::TokenRejected:
        return exitcode::tokenRejected;
    case NodeExit::InstallFailed:
        return exitcode::installFailed;
    }
    Q_UNREACHABLE();
}

/// Better said now than at every attempt to connect.
Result<void> requireTlsFiles(const NodeConfig &config)
{
    const auto read = [](const TlsSettings &tls) -> Result<void> {
        if (!tls.namesFiles())
            return {};
        return tls.configuration().map([](const QSslConfiguration &) {});
    };
    if (auto backend = read(TlsSettings::ofBackend(config)); !backend)
        return backend;
    return config.mqttUseTls ? read(TlsSettings::ofBroker(config)) : Result<void>();
}

} // namespace

CloudNode::CloudNode(NodeConfig config, const QString &slugHint, QObject *parent)
    : QObject(parent),
      m_config(std::move(config))
{
    if (!slugHint.isEmpty())
        m_config.slugHint = slugHint;
    if (m_config.stateDir.isEmpty())
        m_config.stateDir = ConfigRequest::ofThisProcess().homeFolder + u"/.cyberwave"_s;
    if (m_config.workingDirectory.isEmpty())
        m_config.workingDirectory = QDir::currentPath();
}

CloudNode::~CloudNode() = default;

Result<std::unique_ptr<CloudNode>> CloudNode::fromConfigFile(const QString &path, const QString &slugHint)
{
    return NodeConfig::fromConfigFile(path).map(
        [&](const NodeConfig &config) { return std::make_unique<CloudNode>(config, slugHint); });
}

Result<std::unique_ptr<CloudNode>> CloudNode::fromEnv(const QString &slugHint)
{
    return NodeConfig::fromEnv().map(
        [&](const NodeConfig &config) { return std::make_unique<CloudNode>(config, slugHint); });
}

Result<void> CloudNode::start()
{
    if (auto usable = requireToken(m_config); !usable)
        return usable;
    if (auto usable = requireTlsFiles(m_config); !usable)
        return usable;
    const auto makeCloud = [this](CommandLink &link) {
        return makeControlPlane(m_config, StatePaths(m_config.stateDir).controlPlane(), link);
    };
    auto node = Node::create(m_config, makeCloud);
    if (!node)
        return tl::make_unexpected(node.error());
    m_node = std::move(*node);
    connect(m_node.get(), &Node::finished, this, [this](NodeExit exit) { emit finished(exitCodeOf(exit)); });
    m_node->start();
    return {};
}

void CloudNode::stop()
{
    if (m_node)
        m_node->stop();
    else
        emit finished(exitcode::ok);
}

/// Ready is the node that takes care of itself from here on, not the one that has found its backend: nobody
/// should end it because the network is down.
void CloudNode::tellService()
{
    const auto tell = [this](NodeState state) {
        m_service->status(toString(state));
        if (state == NodeState::Stopping)
            m_service->stopping();
    };
    connect(m_node.get(), &Node::stateChanged, m_service.get(), tell);
    QMetaObject::invokeMethod(
        m_service.get(),
        [this, tell] {
            m_service->ready();
            tell(m_node->state());
        },
        Qt::QueuedConnection);
}

/// Half of what a start needs, nothing needs again.
void CloudNode::shrinkAfterStart()
{
    m_shrink.setSingleShot(true);
    connect(&m_shrink, &QTimer::timeout, this, &workingset::shrink);
    connect(m_node.get(), &Node::stateChanged, this, [this](NodeState state) {
        if (state == NodeState::Ready && !std::exchange(m_wasReady, true))
            m_shrink.start(1s);
    });
}

int CloudNode::run()
{
    std::unique_ptr<QCoreApplication> own;
    int argc = 1;
    QByteArray name("cloudnode");
    char *argv[] = {name.data(), nullptr};
    if (!QCoreApplication::instance())
        own = std::make_unique<QCoreApplication>(argc, argv);

    selfprotection::surviveMemoryShortage();
    selfprotection::hideMemory();
    m_service = std::make_unique<ServiceNotifier>();
    const StopSignals stopSignals;
    connect(&stopSignals, &StopSignals::requested, this, &CloudNode::stop);
    // Queued: a failure may end it before the loop below has begun.
    connect(
        this, &CloudNode::finished, qApp, [](int code) { QCoreApplication::exit(code); },
        Qt::QueuedConnection);
    if (const auto started = start(); !started) {
        std::fprintf(stderr, "%s\n", qPrintable(started.error().text()));
        return m_config.apiToken.isEmpty() ? exitcode::noToken : exitcode::cannotStart;
    }
    tellService();
    shrinkAfterStart();
    return QCoreApplication::exec();
}

} // namespace cloudnode
