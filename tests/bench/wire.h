#pragma once

#include "bench/waiting.h"

#include <QJsonObject>
#include <QMqttClient>
#include <QObject>

#include <functional>

namespace cloudnode::bench {

/// A caller of nodes that looks at the clock: when a message left, when one came.
class Wire : public QObject {
    Q_OBJECT

public:
    explicit Wire(quint16 brokerPort);

    /// Connects and listens to the answers of all nodes. False if the broker does not let it.
    bool open();

    /// Returns when it left.
    Clock::time_point command(const QString &node, const QString &command, const QString &requestId,
                              const QJsonObject &params = {});
    /// One message of `bytes` to ourselves through the broker and back. Unit: milliseconds; none if it got
    /// lost.
    std::optional<double> roundTrip(qsizetype bytes = 100) { return askedAndAnswered(m_echoTopic, bytes); }
    /// The same to whoever listens to `topic` and answers to echoTopic().
    std::optional<double> askedAndAnswered(const QString &topic, qsizetype bytes);
    QString echoTopic() const { return m_echoTopic; }

signals:
    /// Any response of any node.
    void answered(const QJsonObject &response, cloudnode::bench::Clock::time_point at);

private:
    bool subscribe(const QString &filter);
    Clock::time_point send(const QString &topic, const QByteArray &message);
    void take(const QByteArray &payload, const QString &topic);

    QMqttClient m_client;
    QString m_echoTopic;
    std::optional<Clock::time_point> m_echoed;
};

} // namespace cloudnode::bench
