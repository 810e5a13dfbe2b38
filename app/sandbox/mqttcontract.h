#pragma once

#include "base/error.h"
#include "sandbox/apicall.h"

#include <QByteArray>
#include <QList>
#include <QPair>

/// What a node may ask the backend over MQTT 5, to the letter. Pure: no network, no state.
namespace cloudnode::sandbox {

/// A request as it came from the broker.
struct MqttRequest {
    QString topic;
    QByteArray payload;
    int qos = 1;
    bool retained = false;
    QString responseTopic; ///< empty: none
    QByteArray correlation;
    QList<QPair<QString, QString>> userProperties;
};

/// Whether the topic is one that the backend listens to, whatever its prefix and whether or not the
/// contract knows it. Commands, and responses of either kind, are none.
bool isRequestTopic(const QString &topic);

/// The topic without the token that one of them holds, to be shown.
QString withoutToken(const QString &topic);

/// Whether an answer can be sent, however wrong the rest may be.
bool canBeAnswered(const MqttRequest &request);

/// The call a request makes. Errors: the first breach of the contract, in words; none of them holds a token.
Result<ApiCall> checkContract(const MqttRequest &request);

} // namespace cloudnode::sandbox
