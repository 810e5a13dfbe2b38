#pragma once

#include "config/configloader.h"
#include "control/desktop.h"
#include "nodeoptions.h"

namespace cloudnode {

/// The configuration of a node that the desktop hosts: command line, then the owner's settings, then all the
/// places that every node reads. A missing token is no error. Errors: the chosen project folder is gone, or
/// as loadConfig().
Result<LoadedConfig> loadDesktopConfig(const NodeOptions &options, const DesktopSettings &settings);

} // namespace cloudnode
