#pragma once

#include "config/configloader.h"

#include <string>

namespace cloudnode {

class CommandOptions;

/// The flags that say which node is meant and how it is set up.
struct NodeOptions {
    std::string configFile;
    bool noConfigFile = false;
    std::string slug;
    std::string profile;
    std::string mqttHost;
    std::string mqttPort;
    std::string stateDir;
    bool verbose = false;

    /// Adds them to a command. Several commands may share one NodeOptions: a flag given to a subcommand
    /// counts more than the same flag before it.
    void addTo(CommandOptions command);
    /// Adds only what says which node is meant, for commands that talk to a running one.
    void addStateDirTo(CommandOptions command);
    /// What follows from them and from this process.
    ConfigRequest request() const;
};

} // namespace cloudnode
