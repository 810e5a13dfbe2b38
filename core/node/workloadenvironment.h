#pragma once

#include "base/secretmask.h"
#include "config/nodeconfig.h"

#include <QProcessEnvironment>

namespace cloudnode {

/// What workloads and the install script find in their environment: the node's own and the .env files'
/// variables, without anything that holds the node's token or broker password, unless the owner exposes the
/// token. `mask` knows both.
QProcessEnvironment workloadEnvironment(const NodeConfig &config, const SecretMask &mask,
                                        const QProcessEnvironment &own);

} // namespace cloudnode
