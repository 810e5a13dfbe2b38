#pragma once

#include "commandline.h"

namespace cloudnode {

struct StartOptions {
    NodeOptions node;
    bool headless = false;  ///< without tray icon and window, even where there is a desktop
    bool tray = false;      ///< with a desktop: no window at the start
    bool autostart = false; ///< at every login on this machine: only for those who have set up a desktop
};

/// `cloudnode start`: on a desktop shows tray and window, which run a node where none is running; elsewhere,
/// and under its second name, checks the configuration and runs a node until it is told to stop. Problems go
/// to the log. Makes the application itself. Returns an exit code, see node/exitcodes.h.
int runStart(const StartOptions &options, ProgramArguments arguments);
void addStartCommand(CommandLine &line); ///< the one that runs when none is given

} // namespace cloudnode
