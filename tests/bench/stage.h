#pragma once

#include "base/error.h"
#include "bench/place.h"
#include "sandbox/brokerprocess.h"
#include "support/nodeprocess.h"
#include "support/sandboxprocess.h"

namespace cloudnode::bench {

/// ", state in memory" or nothing.
QString inWords(State state);
/// `key` of a row, and another one where the state is in memory.
QString keyFor(State state, const QString &key);

/// A backend and a broker on loopback, and a node of its own between them: all of them real processes.
class Stage {
public:
    /// Backend and broker run after this; the node does not yet. Errors: what did not start.
    static Result<std::unique_ptr<Stage>> build(const QStringList &nodeConfiguration,
                                                State state = State::OnDisk);

    test::SandboxProcess &backend() { return *m_backend; }
    NodeProcess &node() { return *m_node; }
    quint16 brokerPort() const { return m_broker.port(); }

    /// Starts the node and returns as soon as it takes commands. Errors: its log.
    Result<void> startNode();
    /// An error that ends with the last the node has logged.
    tl::unexpected<Error> failure(const QString &what);

private:
    explicit Stage(State state);
    Result<void> startBroker();

    Place m_place;
    sandbox::BrokerProcess m_broker;
    std::unique_ptr<test::SandboxProcess> m_backend;
    std::unique_ptr<NodeProcess> m_node; // needs all the others
};

} // namespace cloudnode::bench
