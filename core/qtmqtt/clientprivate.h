#pragma once

#include "connection.h"
#include "connectsettings.h"
#include "qmqttclient.h"

#include <QHash>
#include <QIODevice>
#include <QMap>
#include <QSet>

/// Stands where Qt has its socket, to answer the one question that is asked of it: what went wrong.
class QMqttTransportText final : public QIODevice {
public:
    using QIODevice::setErrorString;

protected:
    qint64 readData(char *, qint64) override { return -1; }
    qint64 writeData(const char *, qint64) override { return -1; }
};

/// The state behind one QMqttClient, and its connection while there is one.
class QMqttClientPrivate {
public:
    explicit QMqttClientPrivate(QMqttClient *client);
    ~QMqttClientPrivate();
    Q_DISABLE_COPY_MOVE(QMqttClientPrivate)

    void connectToHost(const std::optional<QSslConfiguration> &tls);
    void disconnectFromHost();
    QMqttSubscription *subscribe(const QMqttTopicFilter &filter, quint8 qos);
    void unsubscribe(QMqttSubscription *subscription);
    void forget(QMqttSubscription *subscription);
    qint32 publish(const QMqttTopicName &topic, const QMqttPublishProperties &properties,
                   const QByteArray &message, quint8 qos, bool retain);

    /// Sets a member that may only change while disconnected. True if it did change.
    template <typename T>
    bool change(T &member, const T &value)
    {
        if (state != QMqttClient::Disconnected || member == value)
            return false;
        member = value;
        return true;
    }

    cloudnode::qtmqtt::ConnectSettings settings;
    QMqttClient::ClientState state = QMqttClient::Disconnected;
    QMqttClient::ClientError error = QMqttClient::NoError;
    QMqttServerConnectionProperties serverProperties;
    std::unique_ptr<QMqttTransportText> transport;
    /// By the filter as it goes over the wire. A few, and each message walks through them all.
    QMap<QMqttTopicFilter, QMqttSubscription *> subscriptions;

private:
    void watch();
    void answered(bool accepted, bool sessionPresent, const QMqttServerConnectionProperties &properties,
                  const QString &assignedClientId);
    void ended(QMqttClient::ClientError reason, const QString &text);
    void arrived(const QMqttMessage &message);
    void published(int id, const QMqttMessageStatusProperties &properties);
    void subscribed(int id, QMqtt::ReasonCode code, const QString &reason,
                    const QMqttUserProperties &properties);
    void unsubscribed(int id);
    void release();
    void setState(QMqttClient::ClientState next);
    void setError(QMqttClient::ClientError next);

    QMqttClient *q;
    cloudnode::qtmqtt::Connection *m_connection = nullptr; // none while disconnected
    QHash<int, QMqttSubscription *> m_awaitSubscribed;     // by the id of the request
    QHash<int, QMqttSubscription *> m_awaitUnsubscribed;
    QSet<int> m_unacknowledged; // ids of messages with QoS above 0
};
