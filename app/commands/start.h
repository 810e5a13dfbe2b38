#pragma once

#include "nodeoptions.h"

namespace cloudnode {

struct StartOptions {
    NodeOptions node;
    bool headless = false; ///< without tray icon and window, even where there is a desktop
};

/// `cloudnode start`: checks the configuration and runs a node until it is told to stop. Problems go to the
/// log. Returns an exit code, see node/exitcodes.h.
int runStart(const StartOptions &options);

} // namespace cloudnode
