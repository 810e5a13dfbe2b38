#pragma once

#include "sandbox/eventlog.h"

#include <QMqttClient>
#include <QObject>

namespace cloudnode::sandbox {

/// Listens on the sandbox's broker: each command and response becomes an event, and a response that breaks
/// the contract a breach. It changes nothing: it has a session of its own.
class BrokerWatch final : public QObject {
    Q_OBJECT

public:
    BrokerWatch(quint16 brokerPort, EventLog &events, QObject *parent = nullptr);

    /// listening() follows.
    void start();

signals:
    void listening();

private:
    void note(const QByteArray &payload, const QString &topic);

    EventLog &m_events;
    QMqttClient m_client;
};

} // namespace cloudnode::sandbox
