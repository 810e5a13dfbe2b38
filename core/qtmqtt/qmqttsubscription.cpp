#include "qmqttsubscription.h"

#include "clientprivate.h"
#include "qmqttclient.h"

#include <QMetaMethod>

QMqttSubscription::QMqttSubscription(QMqttClient *client) : QObject(client), m_client(client) {}

QMqttSubscription::~QMqttSubscription()
{
    if (m_state == Subscribed)
        unsubscribe();
    m_client->d->forget(this);
}

void QMqttSubscription::unsubscribe()
{
    m_client->d->unsubscribe(this);
}

bool QMqttSubscription::isHeard() const
{
    static const QMetaMethod message = QMetaMethod::fromSignal(&QMqttSubscription::messageReceived);
    return isSignalConnected(message);
}

void QMqttSubscription::setState(SubscriptionState state)
{
    if (m_state == state)
        return;
    m_state = state;
    emit stateChanged(state);
}
