#pragma once

#include "sandbox/eventlog.h"

#include <QMqttClient>
#include <QMqttMessage>
#include <QObject>
#include <QSet>
#include <QTimer>

namespace cloudnode::sandbox {

/// Finds requests that were published to be retained, which the contract forbids. Nobody who is subscribed
/// already is told of that; so this one subscribes anew a moment after each request, and hears what the
/// broker has kept. Each topic is one breach.
class RetainedWatch final : public QObject {
    Q_OBJECT

public:
    /// `brokerPort` is on loopback, without TLS.
    RetainedWatch(quint16 brokerPort, EventLog &events, QObject *parent = nullptr);

    /// Looks soon, and once for all calls that come until then.
    void look();

private:
    void subscribe();
    void note(const QMqttMessage &message);

    EventLog &m_events;
    QMqttClient m_client;
    QTimer m_soon;
    QSet<QString> m_known;
};

} // namespace cloudnode::sandbox
