#pragma once

#include "sandbox/callhandler.h"
#include "sandbox/mqttcontract.h"

#include <QMqttClient>
#include <QMqttMessage>
#include <QObject>

namespace cloudnode::sandbox {

/// The backend's side of MQTT 5 request/response: takes every request from a broker, holds it against the
/// contract, hands the call over and publishes the answer. It reconnects for ever; requests sent meanwhile
/// are kept by the broker. To the event log it tells itself only of a breach: the contract was broken; with
/// `reason` and `topic`, from which the token is left out.
class MqttApi final : public QObject {
    Q_OBJECT

public:
    /// `brokerPort` is on loopback, without TLS.
    MqttApi(quint16 brokerPort, CallHandler &handler, EventLog &events, QObject *parent = nullptr);

    /// settled() follows.
    void start() { connectToBroker(); }

signals:
    void settled();   ///< once: it listens, or has found no broker and goes on trying
    void requested(); ///< a request has come, right or wrong

private:
    void connectToBroker();
    void subscribe();
    void settle();
    void take(const QMqttMessage &message);
    void answer(const MqttRequest &request, const HandledCall &handled);
    void publish(const MqttRequest &request, const QByteArray &payload, const QByteArray &correlation);

    CallHandler &m_handler;
    EventLog &m_events;
    QMqttClient m_client;
    bool m_settled = false;
};

} // namespace cloudnode::sandbox
