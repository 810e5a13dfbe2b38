#pragma once

#include "cloud/controlplane.h"

#include <QJsonObject>

namespace cloudnode {

/// The JSON object of an answer over MQTT that says "success", or why there is none: judged as an HTTP answer
/// with its `code` would be, so that both generations fail alike. A refusal that says in words that an
/// instance is terminated or not found counts as NotFound. Texts of the backend are cut short.
/// `where`: what was asked for, for people. `successMayBeMissing`: an answer without the word is no failure.
/// Source: WIRE contract, "Mechanism" and "Failures".
CloudResult<QJsonObject> judgeMqttAnswer(const QByteArray &payload, const QString &where,
                                         bool successMayBeMissing = false);

} // namespace cloudnode
