#pragma once

#include "sandbox/adminapi.h"
#include "sandbox/brokerprocess.h"
#include "sandbox/brokerwatch.h"
#include "sandbox/restapi.h"
#include "sandbox/restserver.h"
#include "sandbox/sandboxoptions.h"

#include <memory>

namespace cloudnode::sandbox {

/// The whole stand-in cloud: REST API and broker, up for as long as this object lives.
class Sandbox final : public QObject {
    Q_OBJECT

public:
    explicit Sandbox(const SandboxOptions &options, QObject *parent = nullptr);

    /// Broker first, then the REST API, then the event "ready": `api_url`, `token` and, if there is a
    /// broker, `mqtt_host` and `mqtt_port`; with TLS also `mqtt_plain_port`, where it is spoken to without.
    /// Or failed().
    void start();

    EventLog &events() { return m_events; }

signals:
    void failed(const cloudnode::Error &reason);

private:
    void startBroker();
    void watchBroker();
    void brokerFailed(const Error &reason);
    void openRestServer();

    SandboxOptions m_options;
    int m_brokerAttempts = 0;
    EventLog m_events;
    CloudModel m_model;
    Faults m_faults;
    RestApi m_api;       // needs all of the above
    AdminApi m_admin;    // likewise
    RestServer m_server; // needs both APIs
    std::unique_ptr<BrokerProcess> m_broker;
    std::unique_ptr<BrokerWatch> m_watch; // needs m_broker
};

} // namespace cloudnode::sandbox
