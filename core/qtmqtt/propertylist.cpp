#include "propertylist.h"

#include <cstdlib>
#include <limits>
#include <memory>

namespace cloudnode::qtmqtt {

namespace {

struct FreeDeleter {
    void operator()(void *memory) const { std::free(memory); }
};
template <typename T>
using CMemory = std::unique_ptr<T, FreeDeleter>;

} // namespace

PropertyList::~PropertyList()
{
    mosquitto_property_free_all(&m_list);
}

std::unique_ptr<PropertyList> PropertyList::of(const QMqttConnectionProperties &properties)
{
    auto list = std::make_unique<PropertyList>();
    list->addNumber(MQTT_PROP_SESSION_EXPIRY_INTERVAL, properties.sessionExpiryInterval());
    if (properties.maximumPacketSize() != std::numeric_limits<quint32>::max())
        list->addNumber(MQTT_PROP_MAXIMUM_PACKET_SIZE, properties.maximumPacketSize());
    list->addUserProperties(properties.userProperties());
    return list;
}

std::unique_ptr<PropertyList> PropertyList::of(const QMqttLastWillProperties &properties)
{
    auto list = std::make_unique<PropertyList>();
    list->addNumber(MQTT_PROP_WILL_DELAY_INTERVAL, properties.willDelayInterval());
    list->addByte(MQTT_PROP_PAYLOAD_FORMAT_INDICATOR,
                  static_cast<quint8>(properties.payloadFormatIndicator()));
    list->addNumber(MQTT_PROP_MESSAGE_EXPIRY_INTERVAL, properties.messageExpiryInterval());
    list->addText(MQTT_PROP_CONTENT_TYPE, properties.contentType());
    list->addText(MQTT_PROP_RESPONSE_TOPIC, properties.responseTopic());
    list->addBytes(MQTT_PROP_CORRELATION_DATA, properties.correlationData());
    list->addUserProperties(properties.userProperties());
    return list;
}

std::unique_ptr<PropertyList> PropertyList::of(const QMqttPublishProperties &properties)
{
    auto list = std::make_unique<PropertyList>();
    list->addByte(MQTT_PROP_PAYLOAD_FORMAT_INDICATOR,
                  static_cast<quint8>(properties.payloadFormatIndicator()));
    list->addNumber(MQTT_PROP_MESSAGE_EXPIRY_INTERVAL, properties.messageExpiryInterval());
    list->addText(MQTT_PROP_RESPONSE_TOPIC, properties.responseTopic());
    list->addBytes(MQTT_PROP_CORRELATION_DATA, properties.correlationData());
    list->addText(MQTT_PROP_CONTENT_TYPE, properties.contentType());
    list->addUserProperties(properties.userProperties());
    return list;
}

mosquitto_property *PropertyList::release()
{
    return std::exchange(m_list, nullptr);
}

void PropertyList::addNumber(int identifier, quint32 value)
{
    if (value != 0)
        note(mosquitto_property_add_int32(&m_list, identifier, value));
}

void PropertyList::addByte(int identifier, quint8 value)
{
    if (value != 0)
        note(mosquitto_property_add_byte(&m_list, identifier, value));
}

void PropertyList::addText(int identifier, const QString &value)
{
    if (!value.isEmpty())
        note(mosquitto_property_add_string(&m_list, identifier, value.toUtf8().constData()));
}

void PropertyList::addBytes(int identifier, const QByteArray &value)
{
    if (value.isEmpty())
        return;
    if (value.size() > std::numeric_limits<quint16>::max()) {
        m_valid = false;
        return;
    }
    note(mosquitto_property_add_binary(&m_list, identifier, value.constData(),
                                       static_cast<quint16>(value.size())));
}

void PropertyList::addUserProperties(const QMqttUserProperties &properties)
{
    for (const QMqttStringPair &pair : properties)
        note(mosquitto_property_add_string_pair(&m_list, MQTT_PROP_USER_PROPERTY,
                                                pair.name().toUtf8().constData(),
                                                pair.value().toUtf8().constData()));
}

namespace incoming {

std::optional<quint8> byte(const mosquitto_property *list, int identifier)
{
    quint8 value = 0;
    if (!mosquitto_property_read_byte(list, identifier, &value, false))
        return {};
    return value;
}

std::optional<quint16> shortNumber(const mosquitto_property *list, int identifier)
{
    quint16 value = 0;
    if (!mosquitto_property_read_int16(list, identifier, &value, false))
        return {};
    return value;
}

std::optional<quint32> number(const mosquitto_property *list, int identifier)
{
    quint32 value = 0;
    if (!mosquitto_property_read_int32(list, identifier, &value, false))
        return {};
    return value;
}

std::optional<QString> text(const mosquitto_property *list, int identifier)
{
    char *value = nullptr;
    if (!mosquitto_property_read_string(list, identifier, &value, false))
        return {};
    const CMemory<char> owner(value);
    return QString::fromUtf8(value);
}

std::optional<QByteArray> bytes(const mosquitto_property *list, int identifier)
{
    void *value = nullptr;
    quint16 size = 0;
    if (!mosquitto_property_read_binary(list, identifier, &value, &size, false))
        return {};
    const CMemory<void> owner(value);
    return QByteArray(static_cast<const char *>(value), size);
}

QMqttUserProperties userProperties(const mosquitto_property *list)
{
    QMqttUserProperties properties;
    char *name = nullptr;
    char *value = nullptr;
    const mosquitto_property *found =
        mosquitto_property_read_string_pair(list, MQTT_PROP_USER_PROPERTY, &name, &value, false);
    while (found) {
        const CMemory<char> nameOwner(name);
        const CMemory<char> valueOwner(value);
        properties.append(QMqttStringPair(QString::fromUtf8(name), QString::fromUtf8(value)));
        found = mosquitto_property_read_string_pair(found, MQTT_PROP_USER_PROPERTY, &name, &value, true);
    }
    return properties;
}

QMqttPublishProperties publishProperties(const mosquitto_property *list)
{
    QMqttPublishProperties properties;
    if (const auto value = byte(list, MQTT_PROP_PAYLOAD_FORMAT_INDICATOR))
        properties.setPayloadFormatIndicator(static_cast<QMqtt::PayloadFormatIndicator>(*value));
    if (const auto value = number(list, MQTT_PROP_MESSAGE_EXPIRY_INTERVAL))
        properties.setMessageExpiryInterval(*value);
    if (const auto value = text(list, MQTT_PROP_RESPONSE_TOPIC))
        properties.setResponseTopic(*value);
    if (const auto value = bytes(list, MQTT_PROP_CORRELATION_DATA))
        properties.setCorrelationData(*value);
    if (const auto value = text(list, MQTT_PROP_CONTENT_TYPE))
        properties.setContentType(*value);
    if (const auto value = userProperties(list); !value.isEmpty())
        properties.setUserProperties(value);
    return properties;
}

} // namespace incoming

} // namespace cloudnode::qtmqtt
