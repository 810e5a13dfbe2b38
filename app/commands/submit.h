#pragma once

#include "nodeoptions.h"

namespace cloudnode {

class CommandLine;

struct SubmitOptions {
    NodeOptions node;
    std::string target;     ///< slug or uuid of the node
    std::string command;    ///< inference, training, simulate, status, cancel
    std::string params;     ///< JSON, or @ and the name of a file that holds it; empty: {}
    std::string requestId;  ///< empty: a generated one
    int timeoutSeconds = 0; ///< for the final response; 0: none
    bool json = false;      ///< print the responses as they came, one a line
};

/// `cloudnode submit`: sends a command to a node, prints what comes back, and returns as the result did: 0
/// for ok, the workload's own exit code where it failed, otherwise an exit code of ours.
int runSubmit(const SubmitOptions &options);
void addSubmitCommand(CommandLine &line);

} // namespace cloudnode
