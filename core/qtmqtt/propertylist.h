#pragma once

#include "qmqttconnectionproperties.h"
#include "qmqttpublishproperties.h"

#include <mosquitto.h>
#include <mqtt_protocol.h>

#include <memory>
#include <optional>

namespace cloudnode::qtmqtt {

/// MQTT 5 properties on their way out, as libmosquitto wants them. Values that are empty are left out.
class PropertyList {
public:
    PropertyList() = default;
    ~PropertyList();
    Q_DISABLE_COPY_MOVE(PropertyList)

    static std::unique_ptr<PropertyList> of(const QMqttConnectionProperties &properties);
    static std::unique_ptr<PropertyList> of(const QMqttLastWillProperties &properties);
    static std::unique_ptr<PropertyList> of(const QMqttPublishProperties &properties);

    /// False if a value cannot be sent, such as text with control characters.
    bool isValid() const { return m_valid; }
    const mosquitto_property *get() const { return m_list; }
    /// Hands the list over to libmosquitto.
    mosquitto_property *release();

private:
    void addNumber(int identifier, quint32 value);
    void addByte(int identifier, quint8 value);
    void addText(int identifier, const QString &value);
    void addBytes(int identifier, const QByteArray &value);
    void addUserProperties(const QMqttUserProperties &properties);
    void note(int result) { m_valid = m_valid && result == MOSQ_ERR_SUCCESS; }

    mosquitto_property *m_list = nullptr;
    bool m_valid = true;
};

/// Reading MQTT 5 properties that came in. `list` may be null: MQTT 3.1.1 has none.
namespace incoming {
std::optional<quint8> byte(const mosquitto_property *list, int identifier);
std::optional<quint16> shortNumber(const mosquitto_property *list, int identifier);
std::optional<quint32> number(const mosquitto_property *list, int identifier);
std::optional<QString> text(const mosquitto_property *list, int identifier);
std::optional<QByteArray> bytes(const mosquitto_property *list, int identifier);
QMqttUserProperties userProperties(const mosquitto_property *list);
QMqttPublishProperties publishProperties(const mosquitto_property *list);
} // namespace incoming

} // namespace cloudnode::qtmqtt
