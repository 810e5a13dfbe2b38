#include "node/node.h"

#include "config/privatefiles.h"
#include "control/controlsocketpath.h"
#include "node/nodesettings.h"
#include "node/runnerlocation.h"
#include "node/shutdown.h"
#include "platform/atomicfile.h"
#include "platform/cgrouproom.h"

#include <QLoggingCategory>

using namespace Qt::Literals::StringLiterals;

Q_DECLARE_LOGGING_CATEGORY(logNode)

namespace cloudnode {

using Level = EventJournal::Level;

namespace {

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
    InstanceRecord instance;
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
    std::unique_ptr<Node> node(
        new Node({config, paths, makeCloud, std::move(*lock), std::move(*admission), *runner, cgroups,
                  InstanceRecord(config, paths.instanceIdentity()), notices}));
    if (const auto recovered = node->recover(); !recovered)
        return tl::make_unexpected(recovered.error());
    return node;
}

Node::Node(Means means)
    : m_config(means.config),
      m_statusWriter(nodesettings::facts(m_config)),
      m_mask(nodesettings::mask(m_config)),
      m_paths(means.paths),
      m_topics(m_config.environment),
      m_record(std::move(means.instance)),
      m_lock(std::move(means.lock)),
      m_link(nodesettings::linkPatience(m_config)),
      m_cloud(means.makeCloud(m_link)),
      m_pool(nodesettings::pool(m_config, m_mask, means.runner, means.cgroups)),
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
                                .slugHint = m_record.slugHint(),
                                .known = m_record.known(),
                                .store = [this](const Instance &instance) { store(instance); }}),
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
      m_installation({*m_cloud, m_registration, m_shipper, m_chronicle}),
      m_instance(m_record.known())
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
    connect(&m_installation, &Installation::succeeded, this, &Node::installed);
    connect(&m_installation, &Installation::failed, this, [this] { end(NodeExit::InstallFailed); });
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
    if (m_config.installScript.trimmed().isEmpty()) {
        installed();
    } else {
        m_installation.start(nodesettings::installScript(m_config, m_mask));
        noteState();
    }
}

void Node::installed()
{
    if (!m_instance.uuid.isEmpty())
        answerAs(m_instance); // results of earlier workloads need not wait for the backend
    announce();
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
    for (const Error &danger : nodesettings::unencrypted(m_config, settings))
        m_chronicle.warn(danger);
    if (m_sender.topic().isEmpty())
        m_link.close(); // it may be open as a stranger's, and that we are none any more is no trouble
    m_sender.setTopic(m_topics.response(instance.uuid));
    m_link.open(settings);
}

void Node::store(const Instance &instance)
{
    if (const auto stored = m_record.store(instance); !stored)
        m_chronicle.warn(stored.error());
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
    m_installation.stop();
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
    if (m_installation.isUnderWay())
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
