#pragma once

#include "nodeoptions.h"

namespace cloudnode {

class CommandLine;

struct ConfigOptions {
    NodeOptions node;
    bool json = false; ///< for programs instead of people
};

/// `cloudnode config`: prints every setting as it would be used, and where it came from, with secrets
/// masked. Warnings go to standard error. Returns an exit code, see node/exitcodes.h.
int runConfig(const ConfigOptions &options);
void addConfigCommand(CommandLine &line);

} // namespace cloudnode
