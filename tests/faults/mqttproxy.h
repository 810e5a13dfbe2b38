#pragma once

#include "faults/mqttpackets.h"

#include <QPointer>
#include <QTcpServer>
#include <QTcpSocket>

#include <functional>

namespace cloudnode::faults {

/// Stands between nodes and a broker, sees each MQTT packet on its way, and does to it what a test decides.
class MqttProxy final : public QObject {
    Q_OBJECT

public:
    enum class From { Node, Broker };
    enum class Fate {
        Pass,
        Drop,      ///< it vanishes; the line stays up
        Delay,     ///< it waits for a while, and all behind it on its way
        Repeat,    ///< it comes twice, as the protocol allows; others pass
        CutBefore, ///< the line breaks instead
        CutAfter,  ///< the line breaks right behind it
    };
    using Decision = std::function<Fate(From from, const QByteArray &packet)>;

    explicit MqttProxy(quint16 brokerPort);
    ~MqttProxy() override; ///< breaks all lines

    quint16 port() const { return m_server.serverPort(); }
    /// From now on each packet is decided upon; without a function all pass.
    void decide(Decision decision) { m_decision = std::move(decision); }
    /// From now on each attempt to connect is broken off at once; those that are up stay.
    void withhold(bool on) { m_withholding = on; }
    /// Breaks all lines.
    void cut();

    int attempts() const { return m_attempts; } ///< to connect, so far
    int count(Fate fate) const { return m_counts.value(fate); }

signals:
    void attempted(); ///< somebody connects

private:
    struct Line;
    void accept();
    void take(const std::shared_ptr<Line> &line, From from, const QByteArray &packet);
    void deliver(const std::shared_ptr<Line> &line, From from, const QByteArray &packet, Fate fate);
    void release(const std::shared_ptr<Line> &line, From from);

    quint16 m_brokerPort;
    QTcpServer m_server;
    Decision m_decision;
    bool m_withholding = false;
    int m_attempts = 0;
    QHash<Fate, int> m_counts;
    QList<std::weak_ptr<Line>> m_lines;
};

inline size_t qHash(MqttProxy::Fate fate, size_t seed = 0)
{
    return ::qHash(static_cast<int>(fate), seed);
}

} // namespace cloudnode::faults
