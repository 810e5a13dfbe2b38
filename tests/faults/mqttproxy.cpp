#include "faults/mqttproxy.h"

#include <QTimer>

#include <array>
#include <memory>

using namespace std::chrono_literals;

namespace cloudnode::faults {

namespace {

constexpr auto delay = 30ms;

} // namespace

/// One connection of a node with the one to the broker that belongs to it.
struct MqttProxy::Line {
    struct Way {
        QPointer<QTcpSocket> source;
        QPointer<QTcpSocket> target;
        PacketSplitter splitter;
        QList<QByteArray> waiting; ///< the delayed packet, and those behind it
    };

    Way &from(From side) { return ways.at(side == From::Node ? 0 : 1); }
    void cut()
    {
        for (const Way &way : ways) {
            if (way.source)
                way.source->abort();
        }
    }

    std::array<Way, 2> ways;
};

MqttProxy::MqttProxy(quint16 brokerPort) : m_brokerPort(brokerPort)
{
    connect(&m_server, &QTcpServer::newConnection, this, &MqttProxy::accept);
    if (!m_server.listen(QHostAddress::LocalHost))
        qFatal("no port for a proxy");
}

MqttProxy::~MqttProxy()
{
    cut(); // while both ends of each are whole: one tells the other of its end
}

void MqttProxy::cut()
{
    for (const std::weak_ptr<Line> &line : std::exchange(m_lines, {})) {
        if (const auto alive = line.lock())
            alive->cut();
    }
}

void MqttProxy::accept()
{
    while (QTcpSocket *node = m_server.nextPendingConnection()) {
        ++m_attempts;
        emit attempted();
        if (m_withholding) {
            node->abort();
            node->deleteLater();
            continue;
        }
        auto *broker = new QTcpSocket(node);
        broker->connectToHost(QHostAddress::LocalHost, m_brokerPort);
        const auto line = std::make_shared<Line>();
        line->from(From::Node) = {.source = node, .target = broker, .splitter = {}, .waiting = {}};
        line->from(From::Broker) = {.source = broker, .target = node, .splitter = {}, .waiting = {}};
        m_lines << line;
        for (const From side : {From::Node, From::Broker}) {
            QTcpSocket *source = line->from(side).source;
            connect(source, &QTcpSocket::readyRead, this, [this, line, side, source] {
                for (const QByteArray &packet : line->from(side).splitter.add(source->readAll()))
                    take(line, side, packet);
            });
            connect(source, &QTcpSocket::disconnected, this, [target = line->from(side).target] {
                if (target)
                    target->disconnectFromHost(); // behind the last words, which may be on their way still
            });
        }
        connect(node, &QTcpSocket::disconnected, node, &QObject::deleteLater);
    }
}

void MqttProxy::take(const std::shared_ptr<Line> &line, From from, const QByteArray &packet)
{
    Line::Way &way = line->from(from);
    if (!way.target || way.target->state() == QAbstractSocket::UnconnectedState)
        return; // it has been cut
    if (!way.waiting.isEmpty()) {
        way.waiting << packet;
        return;
    }
    const Fate fate = m_decision ? m_decision(from, packet) : Fate::Pass;
    ++m_counts[fate];
    deliver(line, from, packet, fate);
}

void MqttProxy::deliver(const std::shared_ptr<Line> &line, From from, const QByteArray &packet, Fate fate)
{
    Line::Way &way = line->from(from);
    switch (fate) {
    case Fate::Drop:
        return;
    case Fate::CutBefore:
        line->cut();
        return;
    case Fate::Delay:
        way.waiting << packet;
        QTimer::singleShot(delay, this, [this, line, from] { release(line, from); });
        return;
    case Fate::Repeat:
        way.target->write(packet);
        if (isRepeatable(packet))
            way.target->write(repetitionOf(packet));
        return;
    case Fate::CutAfter:
        way.target->write(packet);
        way.target->flush();
        line->cut();
        return;
    case Fate::Pass:
        way.target->write(packet);
        return;
    }
}

void MqttProxy::release(const std::shared_ptr<Line> &line, From from)
{
    Line::Way &way = line->from(from);
    const QList<QByteArray> packets = std::exchange(way.waiting, {});
    if (!way.target)
        return;
    way.target->write(packets.first());
    for (const QByteArray &packet : packets.sliced(1))
        take(line, from, packet);
}

} // namespace cloudnode::faults
