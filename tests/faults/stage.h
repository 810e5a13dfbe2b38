#pragma once

#include "faults/customer.h"
#include "faults/evidence.h"
#include "faults/killorder.h"
#include "faults/logbook.h"
#include "faults/reckoning.h"
#include "sandbox/brokerprocess.h"
#include "support/nodeprocess.h"
#include "support/sandboxprocess.h"

#include <functional>
#include <memory>

namespace cloudnode::faults {

/// A whole small world: the stand-in cloud, a broker, a node with a secret token, and a customer. What
/// happens in it is for a test to say; at the end it reckons up.
class Stage {
public:
    static constexpr int patience = 120'000; ///< ms, for what must happen, however busy the machine is
    static constexpr int workloadsAtOnce = 4;

    explicit Stage(const QString &name);

    /// Puts something between the node and what it talks to: makes of that one's port another.
    using Detour = std::function<quint16(quint16 port)>;
    static quint16 straight(quint16 port) { return port; }

    /// Starts all of it. Errors: what did not start.
    Result<void> open(const Detour &toBroker = straight, const Detour &toBackend = straight);

    sandbox::BrokerProcess &broker() { return *m_broker; }
    test::SandboxProcess &sandbox() { return *m_sandbox; }
    NodeProcess &node() { return *m_node; }
    Customer &customer() { return *m_customer; }
    KillOrder &kills() { return m_kills; }
    QRandomGenerator &chance() { return m_chance; }
    Logbook &logbook() { return m_logbook; }

    /// Starts the node with the orders given by now, without waiting for it.
    void startNode();
    /// Starts the broker, or starts it again, and waits until it listens.
    bool startBroker();
    /// The same with another configuration; the broker has gone before.
    bool startBrokerWith(const QStringList &lines);
    /// Lets the customer have `count` jobs of these kinds under way.
    void keepBusy(const QList<Job::Kind> &kinds, int count = workloadsAtOnce);
    /// Runs on until everything asked for has been answered and all logs have arrived, or patience is at an
    /// end; then ends the node and reckons up.
    Reckoning finish(Supervision supervision = Supervision::Intact);
    /// What the jobs themselves have left on the disk.
    Evidence evidence() const;

    static quint32 seed(); ///< CLOUDNODE_FAULTS_SEED, or drawn; printed once
    static bool isLong();  ///< CLOUDNODE_FAULTS_LONG
    static QString report(const QString &what, const Reckoning &reckoning);

private:
    void configureNode(quint16 brokerPort, quint16 backendPort);
    bool haveAllLogsArrived() const;
    void waitForLogs() const;
    void lookForSecrets(Reckoning &reckoning);

    QString m_token;
    QRandomGenerator m_chance;
    KillOrder m_kills;
    Logbook m_logbook;
    std::unique_ptr<test::SandboxProcess> m_sandbox; // needs m_logbook
    std::unique_ptr<sandbox::BrokerProcess> m_broker;
    std::unique_ptr<Customer> m_customer;
    std::unique_ptr<NodeProcess> m_node; // goes first
    int m_secretsInLogs = 0;
};

} // namespace cloudnode::faults
