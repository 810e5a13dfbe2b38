#pragma once

#include "config/nodeconfig.h"
#include "doctor/finding.h"

namespace cloudnode {

/// How the node would speak to the backend: as told, as it did the last time, or as it has yet to find out.
Finding controlPlaneFinding(const NodeConfig &config);

} // namespace cloudnode
