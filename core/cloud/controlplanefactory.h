#pragma once

#include "cloud/controlplane.h"

namespace cloudnode {

class CommandLink;
struct NodeConfig;

/// The backend as `config` wants to reach it (control_plane: auto, rest or mqtt). `link` is the node's own
/// line to the broker, which must outlive what is returned. `memoryPath`: the file in which "auto" remembers
/// what worked, see ControlPlaneMemory.
std::unique_ptr<ControlPlane> makeControlPlane(const NodeConfig &config, const QString &memoryPath,
                                               CommandLink &link);

} // namespace cloudnode
