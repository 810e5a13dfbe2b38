#pragma once

#include "base/error.h"

namespace cloudnode::sandbox {

/// Holds a message on a response topic against the contract: the keys every response has, and the `workload`
/// object where there is one. `instanceUuid` is the one in the topic. Errors: what is wrong with it.
Result<void> checkResponse(const QString &instanceUuid, const QByteArray &payload);

} // namespace cloudnode::sandbox
