#pragma once

#include "qmqttglobal.h"
#include "qmqttmessage.h"
#include "qmqtttopicfilter.h"

#include <QObject>

class QMqttClient;
class QMqttClientPrivate;

/// What one subscription has come to. It belongs to its client and lasts as long as the connection does;
/// after a reconnect one subscribes again.
class QMqttSubscription : public QObject {
    Q_OBJECT

public:
    enum SubscriptionState {
        Unsubscribed = 0,
        SubscriptionPending,
        Subscribed,
        UnsubscriptionPending,
        Error
    };
    Q_ENUM(SubscriptionState)

    /// Unsubscribes first if that has not been done.
    ~QMqttSubscription() override;

    SubscriptionState state() const { return m_state; }
    /// Of a shared subscription: what follows "$share/group/".
    QMqttTopicFilter topic() const { return m_topic; }
    quint8 qos() const { return m_qos; }
    QString reason() const { return m_reason; } ///< the broker's own words, usually none
    QMqtt::ReasonCode reasonCode() const { return m_reasonCode; }
    QMqttUserProperties userProperties() const { return m_userProperties; }
    bool isSharedSubscription() const { return !m_sharedSubscriptionName.isEmpty(); }
    QString sharedSubscriptionName() const { return m_sharedSubscriptionName; }

signals:
    void stateChanged(SubscriptionState state);
    void qosChanged(quint8 qos); ///< the broker grants another QoS than was asked for
    void messageReceived(QMqttMessage msg);

public slots:
    void unsubscribe();

private:
    friend class QMqttClient;
    friend class QMqttClientPrivate;
    explicit QMqttSubscription(QMqttClient *client);
    void setState(SubscriptionState state);
    bool isHeard() const; ///< somebody would get messageReceived

    QMqttClient *m_client;
    QMqttTopicFilter m_topic;
    QString m_reason;
    QMqttUserProperties m_userProperties;
    QString m_sharedSubscriptionName;
    SubscriptionState m_state = Unsubscribed;
    QMqtt::ReasonCode m_reasonCode = QMqtt::ReasonCode::Success;
    quint8 m_qos = 0;
};
