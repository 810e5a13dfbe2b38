#pragma once

#include <QString>

#include <optional>

namespace cloudnode::sandbox {

/// How the backend is asked: by REST calls (generation 1), by MQTT 5 requests (generation 2), or by either.
enum class ControlPlane { Rest, Mqtt, Both };

/// "rest", "mqtt", "both".
QString toString(ControlPlane plane);
std::optional<ControlPlane> controlPlaneFromString(QStringView name);

} // namespace cloudnode::sandbox
