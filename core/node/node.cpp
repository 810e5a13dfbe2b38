#include "node/node.h"

#include "base/version.h"
#include "config/instanceidentity.h"
#include "config/privatefiles.h"
#include "control/controlsocketpath.h"
#include "node/failurenotice.h"
#include "node/runnerlocation.h"
#include "node/shutdown.h"
#include "node/workloadenvironment.h"
#include "platform/atomicfile.h"
#include "platform/cgrouproom.h"

#include <QCoreApplication>
#include <QHostAddress>
#include <QLoggingCategory>

using namespace Qt::Literals::StringLiterals;

Q_DECLARE_LOGGING_CATEGORY(logNode)

namespace cloudnode {

using Level = EventJournal::Level;

namespace {

SecretMask maskFor(const NodeConfig &config)
{
    return SecretMask({config.apiToken.toUtf8(), config.mqttPassword.toUtf8()});
}

RetentionLimits retentionLimits(const NodeConfig &config)
{
    return {.count = config.keepFinishedWorkloads,
            .age = std::chrono::hours(24) * config.keepFinishedDays,
            .bytes = qint64{config.keepFinishedMegabytes} * 1'000'000};
}

WorkloadPoolSettings poolSettings(const NodeConfig &config, const SecretMask &mask, const StatePaths &paths,
                                  const QString &runner, const QString &cgroups)
{
    return {
        .workloadsFolder = paths.workloads(),
        .logsFolder = paths.workloadLogs(),
        .runnerProgram = runner,
        .cgroupsFolder = cgroups,
        .environment = workloadEnvironment(config, mask, QProcessEnvironment::systemEnvironment()),
        .keep = retentionLimits(config),
    };
}

LinkPatience linkPatience(const NodeConfig &config)
{
    LinkPatience patience;
    patience.longestRetry = config.mqttReconnectMax;
    return patience;
}

/// The folder for the cgroups of workloads; empty if none is needed or none can be had, which is then noted.
QString roomForCgroups(const NodeConfig &config, QList<Error> &notices)
{
    const bool wanted = config.inferenceLimits.wantCgroup() || config.trainingLimits.wantCgroup() ||
                        config.simulateLimits.wantCgroup();
    const Result<QString> room = wanted ? cgrouproom::prepare() : QString();
    if (room)
        return *room;
    notices.append({u"workloads get no cgroup: "_s + room.error().what, room.error().where,
                    u"So memory_mb holds for each of their processes, and cpu_percent and processes are not "
                    u"enforced."_s});
    return {};
}

NodeFacts factsOf(const NodeConfig &config)
{
    return {
        .workspaceSlug = config.workspaceSlug,
        .profileSlug = config.profileSlug,
        .apiUrl = config.apiUrl.toString(QUrl::RemoveUserInfo),
        .hasInference = !config.inference.trimmed().isEmpty(),
        .hasTraining = !config.training.trimmed().isEmpty(),
        .hasSimulate = !config.simulate.trimmed().isEmpty(),
        .maxConcurrentWorkloads = config.maxConcurrentWorkloads,
        .pid = QCoreApplication::applicationPid(),
        .stateDir = config.stateDir,
        .configFile = config.configFile,
        .version = QString::fromLatin1(version()),
    };
}

Instance knownInstance(const NodeConfig &config, const StatePaths &paths)
{
    const auto loaded = InstanceIdentity::load(paths.instanceIdentity());
    if (loaded.warning)
        qCWarning(logNode).noquote() << loaded.warning->text();
    Instance known;
    if (loaded.identity)
        known = {loaded.identity->uuid, loaded.identity->slug};
    if (!config.instanceUuid.isEmpty() && config.instanceUuid != known.uuid)
        known = {config.instanceUuid, config.slugHint};
    return known;
}

QString slugHint(const NodeConfig &config, const Instance &known)
{
    return config.slugHint.isEmpty() ? known.slug : config.slugHint;
}

bool isLoopback(const QString &host)
{
    return host == u"localhost" || QHostAddress(host).isLoopback();
}

QString seconds(std::chrono::milliseconds wait)
{
    return QString::number(static_cast<double>(wait.count()) / 1000, 'f', 1);
}

} // namespace

struct Node::Means {
    NodeConfig config;
    StatePaths paths;
    CloudMaker makeCloud;
    std::unique_ptr<NodeLock> lock;
    Admission admission;
    QString runner;
    QString cgroups;
    Instance known;
    QList<Error> notices; ///< to be told when there is somebody to tell
};

Result<std::unique_ptr<Node>> Node::create(const NodeConfig &config, const CloudMaker &makeCloud)
{
    auto admission = Admission::fromConfig(config);
    if (!admission)
        return tl::make_unexpected(admission.error());
    const auto runner = findRunner();
    if (!runner)
        return tl::make_unexpected(runner.error());
    const StatePaths paths(config.stateDir);
    if (const auto made = atomicfile::makePrivateFolder(config.stateDir); !made)
        return tl::make_unexpected(made.error());
    const auto closed = privatefiles::closeStateFolder(config.stateDir);
    if (!closed)
        return tl::make_unexpected(closed.error());
    auto lock = NodeLock::acquire(paths.nodeLock());
    if (!lock)
        return tl::make_unexpected(lock.error());

    QList<Error> notices;
    if (*closed)
        notices.append(**closed);
    const QString cgroups = roomForCgroups(config, notices);
    std::unique_ptr<Node> node(new Node({config, paths, makeCloud, std::move(*lock), std::move(*admission),
                                         *runner, cgroups, knownInstance(config, paths), notices}));
    if (const auto recovered = node->recover(); !recovered)
        return tl::make_unexpected(recovered.error());
    return node;
}

Node::Node(Means means)
    : m_config(means.config),
      m_statusWriter(factsOf(m_config)),
      m_mask(maskFor(m_config)),
      m_paths(means.paths),
      m_topics(m_config.environment),
      m_lock(std::move(means.lock)),
      m_link(linkPatience(m_config)),
      m_cloud(means.makeCloud(m_link)),
      m_pool(poolSettings(m_config, m_mask, m_paths, means.runner, means.cgroups)),
      m_chronicle(m_pool, m_paths.events()),
      m_pause(m_paths.paused()),
      m_sender(m_link),
      m_outbox(m_paths.outbox(), m_sender),
      m_reporter(m_pool, m_sender, m_mask, [this] { return m_instance; }),
      m_backendReporter(m_pool, *m_cloud, m_paths.refusals(), m_mask, [this] { return m_instance; }),
      m_reconciler(m_pool, *m_cloud, m_backendReporter),
      m_canceller(m_pool),
      m_gauge(m_pool, m_mask),
      m_handler(m_pool, m_outbox, m_reporter, m_canceller, m_pause, std::move(means.admission),
                [this] { return writtenStatus(); }),
      m_shipper(*m_cloud, m_mask),
      m_workloadLogs(m_pool, m_shipper),
      m_results(m_pool, *m_cloud, {.moreAuthorities = m_config.apiTlsCaCerts}),
      m_registration(*m_cloud, {.profileSlug = m_config.profileSlug,
                                .slugHint = slugHint(m_config, means.known),
                                .known = means.known,
                                .store = [this](const Instance &instance) { storeIdentity(instance); }}),
      m_heartbeat(*m_cloud, m_config.heartbeatInterval),
      m_control({.pool = m_pool,
                 .canceller = m_canceller,
                 .pause = m_pause,
                 .journal = m_chronicle.journal(),
                 .timeline = m_chronicle.timeline(),
                 .gauge = m_gauge,
                 .status = [this] { return writtenStatus(); },
                 .stop = [this] { stop(); }}),
      m_server(m_control),
      m_instance(means.known)
{
    m_uptime.start();
    connectParts();
    for (const Error &notice : std::as_const(means.notices))
        m_chronicle.warn(notice);
}

Node::~Node() = default;

void Node::connectParts()
{
    m_chronicle.follow(m_pool);
    m_chronicle.follow(m_handler);
    m_chronicle.follow(m_canceller);
    m_chronicle.follow(m_reporter);
    m_chronicle.follow(m_backendReporter);
    m_chronicle.follow(m_reconciler);
    m_chronicle.follow(m_workloadLogs);
    m_chronicle.follow(m_results);
    m_chronicle.follow(m_link);
    m_chronicle.follow(m_registration);
    m_chronicle.follow(m_heartbeat);
    m_chronicle.follow(m_pause);
    connect(&m_outbox, &Outbox::warning, &m_chronicle, &Chronicle::warn);
    connect(&m_shipper, &LogShipper::warning, &m_chronicle, &Chronicle::warn);
    connect(&m_shipper, &LogShipper::failed, this, [this](const Error &reason, int inARow) {
        if (inARow == 1)
            m_chronicle.warn({u"logs wait for the backend: "_s + reason.what, reason.where, reason.remedy});
    });
    connectAnswers();
    connectStates();
}

void Node::connectAnswers()
{
    const auto post = [this](const Response &response) { m_outbox.post(response.toJson(m_instance)); };
    connect(&m_canceller, &Canceller::answer, this, post);
    connect(&m_handler, &CommandHandler::answer, this, post);
    connect(&m_handler, &CommandHandler::statusAnswer, this, [this](const Response &response) {
        m_sender.send([payload = response.toJson(m_instance)] { return payload; }, {});
    });
    connect(
        &m_handler, &CommandHandler::refusedWorkload, &m_backendReporter,
        [this](const QString &uuid, const Error &reason) { m_backendReporter.refused(uuid, reason.what); });
    connect(&m_link, &CommandLink::received, &m_handler, &CommandHandler::handle);
}

void Node::connectStates()
{
    connect(&m_link, &CommandLink::up, this, &Node::noteState);
    connect(&m_link, &CommandLink::down, this, &Node::noteState);
    connect(&m_registration, &Registration::registered, this, &Node::registered);
    connect(&m_registration, &Registration::rejected, this, [this] { end(NodeExit::TokenRejected); });
    connect(&m_heartbeat, &Heartbeat::beat, this, [this] { m_lostInstance.reset(); });
    connect(&m_link, &CommandLink::up, &m_results, &WorkloadResults::retryNow);
    connect(&m_heartbeat, &Heartbeat::instanceGone, this, &Node::registerAgain);
    connect(&m_heartbeat, &Heartbeat::rejected, this, [this] {
        m_exit = NodeExit::TokenRejected;
        stop();
    });
    connect(&m_chronicle, &Chronicle::changed, &m_control, &NodeControl::noteStatus);
    connect(&m_handler, &CommandHandler::accepted, &m_control, &NodeControl::noteStatus);
    connect(&m_results, &WorkloadResults::filesFound, &m_backendReporter, &BackendReporter::noteResultFiles);
    connect(&m_results, &WorkloadResults::finished, &m_backendReporter, &BackendReporter::noteResultsDone);
    connect(&m_results, &WorkloadResults::changed, &m_control, &NodeControl::noteStatus);
}

void Node::openControlSocket()
{
    const auto paths = controlSocketPaths(m_config.stateDir);
    const auto listening = paths.and_then([this](const QStringList &all) { return m_server.listen(all); });
    if (!listening)
        m_chronicle.warn({u"no window and no command line can reach this node: "_s + listening.error().what,
                          listening.error().where, listening.error().remedy});
}

Result<void> Node::recover()
{
    if (auto outbox = m_outbox.recover(); !outbox)
        return outbox;
    if (auto pool = m_pool.recover(); !pool)
        return pool;
    m_reporter.recover();
    if (auto reporter = m_backendReporter.recover(); !reporter)
        return reporter;
    m_reconciler.recover();
    m_canceller.recover();
    m_workloadLogs.recover();
    m_results.recover();
    return {};
}

void Node::start()
{
    openControlSocket();
    if (!m_instance.uuid.isEmpty())
        m_shipper.setInstance(m_instance);
    for (const Workload *workload : m_pool.active())
        qCInfo(logNode).noquote() << u"workload %1 still runs"_s.arg(workload->key);
    if (m_config.installScript.trimmed().isEmpty())
        installed();
    else
        install();
}

void Node::install()
{
    const QString out = m_paths.workloadLogs() + u"/install.stdout.log"_s;
    const QString err = m_paths.workloadLogs() + u"/install.stderr.log"_s;
    m_install = std::make_unique<InstallScript>(InstallScriptSettings{
        .script = m_config.installScript,
        .workingDirectory = m_config.workingDirectory,
        .environment = workloadEnvironment(m_config, m_mask, QProcessEnvironment::systemEnvironment()),
        .stdoutPath = out,
        .stderrPath = err,
        .mask = m_mask,
    });
    const auto finish = [this, out, err] { m_shipper.finish({out, err}); };
    connect(m_install.get(), &InstallScript::succeeded, this, [this, finish] {
        finish();
        m_chronicle.note(u"install"_s, Level::Info, u"the install script has succeeded"_s);
        installed();
    });
    connect(m_install.get(), &InstallScript::failed, this, [this, finish](const Error &reason) {
        finish();
        installFailed(reason);
    });
    m_chronicle.note(u"install"_s, Level::Info,
                     u"running the install script, its output is in %1"_s.arg(out));
    m_install->start();
    m_shipper.follow({.path = out, .stream = LogStream::Stdout});
    m_shipper.follow({.path = err, .stream = LogStream::Stderr});
    noteState();
}

void Node::installed()
{
    if (m_install)
        m_install.release()->deleteLater(); // it is its signal that brought us here
    if (!m_instance.uuid.isEmpty())
        answerAs(m_instance); // results of earlier workloads need not wait for the backend
    announce();
}

void Node::installFailed(const Error &reason)
{
    m_chronicle.installFailed(reason);
    auto *notice = new FailureNotice(*m_cloud, m_registration, m_shipper, reason.what, this);
    connect(notice, &FailureNotice::done, this, [this](bool told) {
        if (!told)
            m_chronicle.warn({u"the backend could not be told"_s, {}, {}});
        end(NodeExit::InstallFailed);
    });
    notice->start();
}

void Node::announce()
{
    m_registration.start();
    noteState();
}

void Node::registered(const Instance &instance)
{
    m_registered = true;
    answerAs(instance);
    m_shipper.setInstance(instance);
    m_heartbeat.start(instance.uuid);
    m_reconciler.start(instance);
    m_backendReporter.start();
    m_results.start();
    noteState();
}

void Node::registerAgain()
{
    m_registered = false;
    // At once the first time; a backend that forgets us again and again is asked ever more slowly.
    const auto wait = m_lostInstance.failures() == 0 ? std::chrono::milliseconds(0) : m_lostInstance.next();
    if (m_lostInstance.failures() == 0)
        m_lostInstance.next();
    m_chronicle.warn(
        {u"the backend does not know this instance any more; registering again in %1 s"_s.arg(seconds(wait)),
         {},
         {}});
    QTimer::singleShot(wait, this, [this] {
        if (!m_stopping)
            announce();
    });
    noteState();
}

void Node::answerAs(const Instance &instance)
{
    const bool changed = instance != m_instance || m_sender.topic().isEmpty();
    m_instance = instance;
    if (!changed)
        return;
    const LinkSettings settings = LinkSettings::of(m_config, instance);
    if (!settings.useTls && !isLoopback(settings.host))
        m_chronicle.warn({u"the connection to %1 is not encrypted"_s.arg(settings.host),
                          {},
                          u"Set mqtt_use_tls: true if the broker offers TLS."_s});
    if (m_config.apiUrl.scheme() == u"http" && !isLoopback(m_config.apiUrl.host()))
        m_chronicle.warn({u"the API token travels to %1 without encryption"_s.arg(m_config.apiUrl.host()),
                          {},
                          u"Use an https:// URL if the backend offers it."_s});
    if (m_sender.topic().isEmpty())
        m_link.close(); // it may be open as a stranger's, and that we are none any more is no trouble
    m_sender.setTopic(m_topics.response(instance.uuid));
    m_link.open(settings);
}

void Node::storeIdentity(const Instance &instance)
{
    if (instance == m_stored) // it has been created, and now it is registered
        return;
    const InstanceIdentity identity{.uuid = instance.uuid,
                                    .slug = instance.slug,
                                    .workspaceSlug = m_config.workspaceSlug,
                                    .registeredAt = QDateTime::currentDateTimeUtc()};
    if (const auto saved = identity.save(m_paths.instanceIdentity()); saved)
        m_stored = instance;
    else
        m_chronicle.warn(saved.error());
}

void Node::stop()
{
    if (m_stopping)
        return;
    m_stopping = true;
    m_handler.refuseFromNowOn();
    m_registration.cancel();
    m_heartbeat.stop();
    m_backendReporter.stop();
    m_results.stop();
    m_install.reset();
    noteState();
    listRunningWorkloads();
    auto *shutdown = new Shutdown({*m_cloud, m_link, m_shipper, m_sender}, m_instance, this);
    connect(shutdown, &Shutdown::done, this, [this] { end(m_exit); });
    shutdown->start();
}

void Node::listRunningWorkloads() const
{
    for (const Workload *workload : m_pool.active()) {
        qCInfo(logNode).noquote() << u"workload %1 runs on: pid %2, output in %3 and %4"_s.arg(workload->key)
                                         .arg(workload->start ? workload->start->pid : 0)
                                         .arg(workload->stdoutPath, workload->stderrPath);
    }
}

void Node::end(NodeExit exit)
{
    if (m_ended)
        return;
    m_ended = true;
    m_link.close();
    m_control.giveUp();
    m_server.close();
    emit finished(exit);
}

NodeState Node::state() const
{
    if (m_stopping)
        return NodeState::Stopping;
    if (m_install)
        return NodeState::Installing;
    if (!m_registered)
        return m_registration.isUnderWay() ? NodeState::Registering : NodeState::Starting;
    return m_link.isUp() ? NodeState::Ready : NodeState::Connecting;
}

void Node::noteState()
{
    const NodeState now = state();
    if (now == m_lastState)
        return;
    m_lastState = now;
    const QString text = now == NodeState::Ready ? u"ready: %1 takes commands through %2:%3"_s
                                                       .arg(m_instance.slug, m_config.mqttHost)
                                                       .arg(m_config.mqttPort)
                                                 : toString(now);
    m_chronicle.note(u"node"_s, Level::Info, text);
    m_control.noteStatus();
    emit stateChanged(now);
}

NodeStatus::Broker Node::broker() const
{
    return {.host = m_config.mqttHost,
            .port = m_config.mqttPort,
            .tls = m_config.mqttUseTls,
            .connected = m_link.isUp(),
            .since = m_chronicle.brokerSince()};
}

NodeStatus Node::status() const
{
    NodeStatus status{
        .instance = m_instance,
        .controlPlane = m_cloud->name(),
        .state = state(),
        .paused = m_pause.isActive(),
        .uploads = m_results.status(),
        .unreportedResults = m_reporter.unreported(),
        .heartbeat = m_heartbeat.statistics(),
        .broker = broker(),
        .problem = m_chronicle.troubles().gravest(),
        .uptime = std::chrono::seconds(m_uptime.elapsed() / 1000),
    };
    for (const Workload *workload : m_pool.active())
        status.activeWorkloads << m_gauge.measure(*workload);
    return status;
}

JsonText Node::writtenStatus()
{
    return m_statusWriter.write(status());
}

} // namespace cloudnode
