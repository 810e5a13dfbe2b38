#pragma once

#include "control/controlport.h"
#include "control/controlprotocol.h"

#include <functional>

/// What the control socket can be asked, subscriptions excepted: those belong to a connection.
namespace cloudnode::controlmethods {

inline constexpr int defaultListed = 100;
inline constexpr int maxListed = 2000; ///< workloads in one answer

/// A result, or why there is none.
using Outcome = tl::expected<JsonText, controlprotocol::Failure>;

/// Checks the request's params, asks the port, and hands over the outcome: during the call, or later where
/// the port itself answers later. `done` runs at most once.
void call(ControlPort &port, const controlprotocol::Request &request, std::function<void(Outcome)> done);

/// The failure to answer with when params of a method that takes none are not empty.
tl::expected<void, controlprotocol::Failure> requireNoParams(const QJsonObject &params);

} // namespace cloudnode::controlmethods
