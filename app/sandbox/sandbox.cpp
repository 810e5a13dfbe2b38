#include "sandbox/sandbox.h"

using namespace Qt::Literals::StringLiterals;

namespace cloudnode::sandbox {

namespace {

constexpr int mostBrokerAttempts = 5;

} // namespace

Sandbox::Sandbox(const SandboxOptions &options, QObject *parent)
    : QObject(parent),
      m_options(options),
      m_handler(options.token, m_model, m_faults, m_events),
      m_api({options.controlPlane, options.legacyPaths}, m_handler, m_events),
      m_admin(m_model, m_faults, m_events),
      m_server(m_api, m_admin),
      m_store(options.storeFolder, m_model.workloads().attachments(), m_faults, m_events),
      m_storeServer(m_store)
{
    for (const Fault &fault : options.faults)
        m_faults.add(fault);
    m_model.workloads().takeAny(options.anyWorkload);
}

void Sandbox::start()
{
    if (m_options.broker)
        startBroker();
    else if (m_options.otherBroker != 0)
        openMqttApi(m_options.otherBroker);
    else
        QMetaObject::invokeMethod(this, &Sandbox::openDoors, Qt::QueuedConnection);
}

void Sandbox::startBroker()
{
    ++m_brokerAttempts;
    m_broker = std::make_unique<BrokerProcess>(
        BrokerSettings{.port = m_options.mqttPort, .tls = m_options.tls, .extraLines = {}});
    connect(m_broker.get(), &BrokerProcess::ready, this, &Sandbox::watchBroker);
    // Queued: a new one may take its place, and it must not be deleted while it speaks.
    connect(m_broker.get(), &BrokerProcess::failed, this, &Sandbox::brokerFailed, Qt::QueuedConnection);
    m_broker->start();
}

void Sandbox::watchBroker()
{
    m_watch = std::make_unique<BrokerWatch>(m_broker->plainPort(), m_events);
    connect(m_watch.get(), &BrokerWatch::listening, this, [this] { openMqttApi(m_broker->plainPort()); });
    m_watch->start();
}

void Sandbox::brokerFailed(const Error &reason)
{
    // A port that was free a moment ago can be taken by the time the broker wants it.
    const bool portWasOurChoice = m_options.mqttPort == 0;
    if (portWasOurChoice && m_brokerAttempts < mostBrokerAttempts)
        startBroker();
    else
        emit failed(reason);
}

void Sandbox::openMqttApi(quint16 brokerPort)
{
    if (m_options.controlPlane == ControlPlane::Rest) {
        QMetaObject::invokeMethod(this, &Sandbox::openDoors, Qt::QueuedConnection);
        return;
    }
    m_mqttApi = std::make_unique<MqttApi>(brokerPort, m_handler, m_events);
    m_retainedWatch = std::make_unique<RetainedWatch>(brokerPort, m_events);
    connect(m_mqttApi.get(), &MqttApi::requested, m_retainedWatch.get(), &RetainedWatch::look);
    connect(m_mqttApi.get(), &MqttApi::settled, this, &Sandbox::openDoors);
    m_mqttApi->start();
}

void Sandbox::openDoors()
{
    const auto port =
        m_server.useTls(m_options.tls).and_then([this] { return m_server.open(m_options.port); });
    const auto storeUrl = m_storeServer.open(m_options.tls);
    if (!port || !storeUrl) {
        emit failed(port ? storeUrl.error() : port.error());
        return;
    }
    m_model.workloads().attachments().setBase(*storeUrl);
    const QString scheme = m_options.tls.inUse() ? u"https"_s : u"http"_s;
    QJsonObject data{{u"api_url"_s, u"%1://127.0.0.1:%2"_s.arg(scheme).arg(*port)},
                     {u"store_url"_s, storeUrl->toString()},
                     {u"token"_s, m_options.token},
                     {u"control_plane"_s, toString(m_options.controlPlane)}};
    if (m_broker) {
        data[u"mqtt_host"_s] = u"127.0.0.1"_s;
        data[u"mqtt_port"_s] = m_broker->port();
        if (m_options.tls.inUse())
            data[u"mqtt_plain_port"_s] = m_broker->plainPort();
    }
    m_events.add(u"ready"_s, data);
}

} // namespace cloudnode::sandbox
