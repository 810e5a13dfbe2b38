#pragma once

#include "config/nodeconfig.h"

#include <QProcessEnvironment>

namespace cloudnode {

/// What workloads and the install script find in their environment: the node's own and the .env files'
/// variables, without anything that holds the node's token or broker password, unless the owner exposes the
/// token.
QProcessEnvironment workloadEnvironment(const NodeConfig &config, const QProcessEnvironment &own);

} // namespace cloudnode
