#pragma once

#include "base/secretmask.h"
#include "cloud/commandlink.h"
#include "cloud/controlplane.h"
#include "config/nodeconfig.h"
#include "config/statepaths.h"
#include "control/controlserver.h"
#include "node/backendreporter.h"
#include "node/canceller.h"
#include "node/chronicle.h"
#include "node/commandhandler.h"
#include "node/heartbeat.h"
#include "node/installation.h"
#include "node/instancerecord.h"
#include "node/logshipper.h"
#include "node/nodecontrol.h"
#include "node/outbox.h"
#include "node/pause.h"
#include "node/reconciler.h"
#include "node/registration.h"
#include "node/reporter.h"
#include "node/responsesender.h"
#include "node/workloadgauge.h"
#include "node/workloadlogs.h"
#include "node/workloadresults.h"
#include "platform/nodelock.h"
#include "wire/nodestatus.h"
#include "wire/statuswriter.h"
#include "wire/topics.h"
#include "workload/workloadpool.h"

#include <QElapsedTimer>
#include <QObject>

#include <functional>
#include <memory>
#include <optional>

namespace cloudnode {

/// Why a node has ended.
enum class NodeExit { Stopped, TokenRejected, InstallFailed };

/// A Cloud Node at work: brings its parts up in order, introduces them to each other, and takes them down.
/// What each part does is written where the part is.
class Node : public QObject {
    Q_OBJECT

public:
    /// Makes the way to the backend, given the link to the broker, which outlives it.
    using CloudMaker = std::function<std::unique_ptr<ControlPlane>(CommandLink &link)>;

    /// A node that is ready to start(): it holds the state directory and knows its earlier workloads, which
    /// it watches from here on. Errors: another node holds the directory, it cannot be used, a command
    /// template is wrong, or the runner is missing.
    static Result<std::unique_ptr<Node>> create(const NodeConfig &config, const CloudMaker &makeCloud);
    ~Node() override; ///< workloads run on

    void start();
    /// Ends in order, within 3 s; finished() follows. Workloads run on.
    void stop();

    NodeState state() const;

signals:
    void stateChanged(cloudnode::NodeState state);
    void finished(cloudnode::NodeExit exit);

private:
    /// What create() has found out and acquired.
    struct Means;
    explicit Node(Means means);

    Result<void> recover();
    void connectParts();
    void connectAnswers();
    void connectStates();
    void openControlSocket();
    void installed();
    void announce();
    void registered(const Instance &instance);
    void registerAgain();
    void answerAs(const Instance &instance);
    void store(const Instance &instance);
    void listRunningWorkloads() const;
    void end(NodeExit exit);
    void noteState();
    NodeStatus::Broker broker() const;
    NodeStatus status() const;
    JsonText writtenStatus();

    // In the order in which they need each other.
    NodeConfig m_config;
    StatusWriter m_statusWriter; // needs m_config
    SecretMask m_mask;           ///< blacks out the secrets of m_config
    StatePaths m_paths;
    Topics m_topics;
    InstanceRecord m_record;
    std::unique_ptr<NodeLock> m_lock;
    CommandLink m_link;
    std::unique_ptr<ControlPlane> m_cloud; // needs m_link
    WorkloadPool m_pool;
    Chronicle m_chronicle; // needs m_pool
    Pause m_pause;
    ResponseSender m_sender;           // needs m_link
    Outbox m_outbox;                   // needs m_sender
    Reporter m_reporter;               // needs m_pool, m_sender
    BackendReporter m_backendReporter; // needs m_pool, m_cloud
    Reconciler m_reconciler;           // needs m_pool, m_cloud, m_backendReporter
    Canceller m_canceller;             // needs m_pool
    WorkloadGauge m_gauge;             // needs m_pool
    CommandHandler m_handler;          // needs m_pool, m_outbox, m_reporter, m_canceller, m_pause
    LogShipper m_shipper;              // needs m_cloud
    WorkloadLogs m_workloadLogs;       // needs m_pool, m_shipper
    WorkloadResults m_results;         // needs m_pool, m_cloud
    Registration m_registration;       // needs m_cloud
    Heartbeat m_heartbeat;             // needs m_cloud
    NodeControl m_control;             // needs all that the owner may ask for
    ControlServer m_server;            // needs m_control
    Installation m_installation;       // needs m_cloud, m_registration, m_shipper, m_chronicle

    Instance m_instance; ///< whom we answer as
    bool m_registered = false;
    bool m_stopping = false;
    NodeExit m_exit = NodeExit::Stopped; ///< what the stop under way leads to
    bool m_ended = false;
    Backoff m_lostInstance{std::chrono::seconds(1), std::chrono::seconds(60)};
    QElapsedTimer m_uptime;
    NodeState m_lastState = NodeState::Starting;
};

} // namespace cloudnode
