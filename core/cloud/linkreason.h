#pragma once

#include "cloud/commandlink.h"

#include <QtMqtt/QMqttClient>

/// Why a link is down, told to a person with a broken node.
namespace cloudnode::linkreason {

/// An attempt to connect has failed. `detail` is the transport's own word for it.
Error notConnected(QMqttClient::ClientError error, const QString &detail, const LinkSettings &settings);
/// It has not led to anything within `limit`.
Error noAnswer(std::chrono::milliseconds limit, const LinkSettings &settings);
/// The link is up, but the broker has acknowledged nothing for `limit`.
Error notAcknowledged(std::chrono::milliseconds limit, const LinkSettings &settings);
/// The link was up. `sudden`: only for a short while.
Error dropped(QMqttClient::ClientError error, bool sudden, const LinkSettings &settings);
/// The broker does not grant the one subscription that is needed.
Error notSubscribed(const QString &topic);

} // namespace cloudnode::linkreason
