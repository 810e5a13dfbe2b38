#pragma once

#include "qmqttclient.h"

namespace cloudnode::qtmqtt {

/// Everything a client says about itself when it connects.
struct ConnectSettings {
    QString hostname;
    quint16 port = 0;
    QString clientId;
    quint16 keepAlive = 60; ///< unit: seconds
    bool autoKeepAlive = true;
    QMqttClient::ProtocolVersion protocolVersion = QMqttClient::MQTT_3_1_1;
    bool cleanSession = true;
    QString username;
    QString password;
    QString willTopic;
    QByteArray willMessage;
    quint8 willQoS = 0;
    bool willRetain = false;
    QMqttConnectionProperties connectionProperties;
    QMqttLastWillProperties lastWillProperties;
};

} // namespace cloudnode::qtmqtt
