#pragma once

#include "qmqttconnectionproperties.h"
#include "qmqttpublishproperties.h"
#include "qmqttsubscription.h"
#include "qmqtttopicfilter.h"

#include <QObject>
#include <QSslConfiguration>

#include <memory>

class QIODevice;
class QMqttClientPrivate;

/// An MQTT client with the interface of Qt MQTT 6.4, as far as cloudnode uses it, on top of libmosquitto.
/// Nothing here ever blocks, not even a name lookup, and nothing reconnects by itself.
///
/// Where it differs from Qt's own: a keepAlive of 1 to 4 seconds counts as 5, the least libmosquitto takes,
/// and transport() is there for its errorString() only.
class QMqttClient : public QObject {
    Q_OBJECT

public:
    enum ClientState { Disconnected = 0, Connecting, Connected };
    Q_ENUM(ClientState)

    enum ClientError {
        NoError = 0,
        // Answers of the broker
        InvalidProtocolVersion = 1,
        IdRejected = 2,
        ServerUnavailable = 3,
        BadUsernameOrPassword = 4,
        NotAuthorized = 5,
        // Ours
        TransportInvalid = 256, ///< no connection, or the connection broke
        ProtocolViolation,      ///< the other side does not speak MQTT as it should
        UnknownError,
        Mqtt5SpecificError ///< serverConnectionProperties() says which
    };
    Q_ENUM(ClientError)

    enum ProtocolVersion { MQTT_3_1 = 3, MQTT_3_1_1 = 4, MQTT_5_0 = 5 };
    Q_ENUM(ProtocolVersion)

    explicit QMqttClient(QObject *parent = nullptr);
    /// Disconnects first; see disconnectFromHost().
    ~QMqttClient() override;

    /// None before the first connectToHost(); afterwards its errorString() tells why a connection failed.
    QIODevice *transport() const;

    /// None unless connected and the filter is valid. The same filter gives the same subscription.
    QMqttSubscription *subscribe(const QMqttTopicFilter &topic, quint8 qos = 0);
    void unsubscribe(const QMqttTopicFilter &topic);

    /// The message's id, which messageSent() brings back once the broker has acknowledged it; 0 with QoS 0,
    /// where nothing comes back; -1 if it cannot be sent, as when there is no connection.
    Q_INVOKABLE qint32 publish(const QMqttTopicName &topic, const QByteArray &message = QByteArray(),
                               quint8 qos = 0, bool retain = false);
    Q_INVOKABLE qint32 publish(const QMqttTopicName &topic, const QMqttPublishProperties &properties,
                               const QByteArray &message = QByteArray(), quint8 qos = 0, bool retain = false);

    QString hostname() const;
    quint16 port() const;
    QString clientId() const;
    quint16 keepAlive() const; ///< unit: seconds
    ProtocolVersion protocolVersion() const;

    Q_INVOKABLE void connectToHost();
    /// Honours the CA certificates (the system's if there are none), the local certificate with its key, the
    /// peer verify mode and depth, and the protocol (TLS 1.2 at least). The certificate must be made out to
    /// the host name.
    void connectToHostEncrypted(const QSslConfiguration &conf);
    /// Says goodbye, so that no will is published, and closes the connection without waiting for an answer.
    /// If the network does not take the goodbye at once, the connection just ends.
    Q_INVOKABLE void disconnectFromHost();

    ClientState state() const;
    ClientError error() const;

    QString username() const;
    QString password() const;
    bool cleanSession() const;
    QString willTopic() const;
    quint8 willQoS() const;
    QByteArray willMessage() const;
    bool willRetain() const;
    bool autoKeepAlive() const;

    void setConnectionProperties(const QMqttConnectionProperties &prop);
    QMqttConnectionProperties connectionProperties() const;
    void setLastWillProperties(const QMqttLastWillProperties &prop);
    QMqttLastWillProperties lastWillProperties() const;
    QMqttServerConnectionProperties serverConnectionProperties() const;

signals:
    void connected();
    void disconnected();
    /// Once for every message that comes in, whatever it was subscribed by.
    void messageReceived(const QByteArray &message, const QMqttTopicName &topic = QMqttTopicName());
    void messageStatusChanged(qint32 id, QMqtt::MessageStatus s,
                              const QMqttMessageStatusProperties &properties);
    void messageSent(qint32 id);
    void brokerSessionRestored(); ///< before connected()

    void hostnameChanged(QString hostname);
    void portChanged(quint16 port);
    void clientIdChanged(QString clientId);
    void keepAliveChanged(quint16 keepAlive);
    void protocolVersionChanged(QMqttClient::ProtocolVersion protocolVersion);
    void stateChanged(QMqttClient::ClientState state);
    void errorChanged(QMqttClient::ClientError error);
    void usernameChanged(QString username);
    void passwordChanged(QString password);
    void cleanSessionChanged(bool cleanSession);
    void willTopicChanged(QString willTopic);
    void willQoSChanged(quint8 willQoS);
    void willMessageChanged(QByteArray willMessage);
    void willRetainChanged(bool willRetain);
    void autoKeepAliveChanged(bool autoKeepAlive);

public slots:
    // All of these are for a disconnected client and do nothing otherwise.
    void setHostname(const QString &hostname);
    void setPort(quint16 port);
    void setClientId(const QString &clientId);
    void setKeepAlive(quint16 keepAlive);
    void setProtocolVersion(QMqttClient::ProtocolVersion protocolVersion);
    void setUsername(const QString &username);
    void setPassword(const QString &password);
    void setCleanSession(bool cleanSession);
    void setWillTopic(const QString &willTopic);
    void setWillQoS(quint8 willQoS);
    void setWillMessage(const QByteArray &willMessage);
    void setWillRetain(bool willRetain);
    void setAutoKeepAlive(bool autoKeepAlive);

private:
    Q_DISABLE_COPY_MOVE(QMqttClient)
    friend class QMqttSubscription;
    std::unique_ptr<QMqttClientPrivate> d;
};
