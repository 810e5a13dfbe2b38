#pragma once

#include "base/secretmask.h"
#include "config/configloader.h"

namespace cloudnode {

/// Every secret that may occur in what a node has written: of all settings, not only of those in force, of
/// the environment, of the .env files and of credentials.json; each also as JSON and URLs spell it. A
/// configuration that cannot be read hides none of the others.
SecretMask knownSecrets(const ConfigRequest &request);

} // namespace cloudnode
