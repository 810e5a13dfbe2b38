#pragma once

#include "nodeoptions.h"

namespace cloudnode {

class CommandLine;

struct StartOptions {
    NodeOptions node;
    bool headless = false; ///< without tray icon and window, even where there is a desktop
};

/// `cloudnode start`: checks the configuration and runs a node until it is told to stop. Problems go to the
/// log. Returns an exit code, see node/exitcodes.h.
int runStart(const StartOptions &options);
void addStartCommand(CommandLine &line); ///< the one that runs when none is given

} // namespace cloudnode
