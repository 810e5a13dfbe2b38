#pragma once

#include <QByteArray>
#include <QList>

namespace cloudnode::faults {

/// The kinds of MQTT packets a test tells apart. Source: MQTT 5.0, 2.1.2.
enum class PacketType : quint8 {
    Connect = 1,
    Connack = 2,
    Publish = 3,
    Puback = 4,
    Subscribe = 8,
    Suback = 9,
    Pingreq = 12,
    Pingresp = 13,
    Disconnect = 14,
};

PacketType typeOf(const QByteArray &packet);
/// A PUBLISH of QoS 1, the only packet that may be sent twice.
bool isRepeatable(const QByteArray &packet);
/// The same PUBLISH as it is sent once more: with the DUP flag.
QByteArray repetitionOf(const QByteArray &packet);

/// Cuts a stream of bytes into MQTT packets.
class PacketSplitter {
public:
    /// The packets that are whole with these bytes.
    QList<QByteArray> add(const QByteArray &bytes);

private:
    qsizetype wholeLength() const;

    QByteArray m_rest;
};

} // namespace cloudnode::faults
