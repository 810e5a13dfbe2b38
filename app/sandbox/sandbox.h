#pragma once

#include "sandbox/adminapi.h"
#include "sandbox/brokerprocess.h"
#include "sandbox/brokerwatch.h"
#include "sandbox/mqttapi.h"
#include "sandbox/restapi.h"
#include "sandbox/restserver.h"
#include "sandbox/retainedwatch.h"
#include "sandbox/sandboxoptions.h"
#include "sandbox/storeserver.h"

#include <memory>

namespace cloudnode::sandbox {

/// The whole stand-in cloud: its API and its broker, up for as long as this object lives.
class Sandbox final : public QObject {
    Q_OBJECT

public:
    explicit Sandbox(const SandboxOptions &options, QObject *parent = nullptr);

    /// Broker first, then the API, then the event "ready": `api_url`, `store_url`, `token`, `control_plane`
    /// and, if there is a broker, `mqtt_host` and `mqtt_port`; with TLS also `mqtt_plain_port`, where it is
    /// spoken to without. Or failed().
    void start();

    EventLog &events() { return m_events; }

signals:
    void failed(const cloudnode::Error &reason);

private:
    void startBroker();
    void watchBroker();
    void brokerFailed(const Error &reason);
    /// Answers requests over MQTT, if it is to, and goes on once it does, or has found nobody there yet.
    void openMqttApi(quint16 brokerPort);
    void openDoors();

    SandboxOptions m_options;
    int m_brokerAttempts = 0;
    EventLog m_events;
    CloudModel m_model;
    Faults m_faults;
    CallHandler m_handler;     // needs all of the above
    RestApi m_api;             // needs m_handler and m_events
    AdminApi m_admin;          // needs the model, the faults and the events
    RestServer m_server;       // needs both APIs
    Store m_store;             // needs the model, the faults and the events
    StoreServer m_storeServer; // needs m_store
    std::unique_ptr<BrokerProcess> m_broker;
    std::unique_ptr<BrokerWatch> m_watch;           // needs m_broker
    std::unique_ptr<MqttApi> m_mqttApi;             // needs m_handler
    std::unique_ptr<RetainedWatch> m_retainedWatch; // needs m_mqttApi
};

} // namespace cloudnode::sandbox
