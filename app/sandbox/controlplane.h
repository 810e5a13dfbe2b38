#pragma once

#include <QString>

#include <optional>

namespace cloudnode::sandbox {

/// How the backend is asked: by REST calls (generation 1), by MQTT 5 requests (generation 2), or by either.
enum class ControlPlane { Rest, Mqtt, Both };

inline QString toString(ControlPlane plane)
{
    switch (plane) {
    case ControlPlane::Rest:
        return QStringLiteral("rest");
    case ControlPlane::Mqtt:
        return QStringLiteral("mqtt");
    case ControlPlane::Both:
        return QStringLiteral("both");
    }
    Q_UNREACHABLE();
}

inline std::optional<ControlPlane> controlPlaneFromString(QStringView name)
{
    for (const ControlPlane plane : {ControlPlane::Rest, ControlPlane::Mqtt, ControlPlane::Both}) {
        if (name == toString(plane))
            return plane;
    }
    return std::nullopt;
}

} // namespace cloudnode::sandbox
