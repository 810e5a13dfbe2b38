#include "faults/mqttpackets.h"

namespace cloudnode::faults {

namespace {

constexpr char dupFlag = 0x08;
constexpr int qosMask = 0x06;
constexpr int qosOne = 0x02;

} // namespace

PacketType typeOf(const QByteArray &packet)
{
    return static_cast<PacketType>(static_cast<quint8>(packet.front()) >> 4);
}

bool isRepeatable(const QByteArray &packet)
{
    return typeOf(packet) == PacketType::Publish && (packet.front() & qosMask) == qosOne;
}

QByteArray repetitionOf(const QByteArray &packet)
{
    QByteArray again = packet;
    again[0] = static_cast<char>(again.front() | dupFlag);
    return again;
}

QList<QByteArray> PacketSplitter::add(const QByteArray &bytes)
{
    m_rest += bytes;
    QList<QByteArray> packets;
    for (qsizetype length = wholeLength(); length > 0; length = wholeLength()) {
        packets << m_rest.first(length);
        m_rest.remove(0, length);
    }
    return packets;
}

/// Of the packet at the front; 0 while it is not whole. Source: MQTT 5.0, 2.1.4 and 1.5.5.
qsizetype PacketSplitter::wholeLength() const
{
    constexpr qsizetype longestLengthField = 4;
    qsizetype body = 0;
    for (qsizetype i = 0; i < longestLengthField && i + 1 < m_rest.size(); ++i) {
        const auto byte = static_cast<quint8>(m_rest.at(i + 1));
        body += static_cast<qsizetype>(byte & 0x7F) << (7 * i);
        if ((byte & 0x80) != 0)
            continue;
        const qsizetype length = i + 2 + body;
        return length <= m_rest.size() ? length : 0;
    }
    return 0;
}

} // namespace cloudnode::faults
