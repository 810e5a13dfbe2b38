#pragma once

namespace cloudnode {

class CommandLine;

/// `cloudnode logs`: what a workload has printed, and with -f what it goes on to print until it has ended.
/// Works without a node too, from the state directory.
void addLogsCommand(CommandLine &line);

} // namespace cloudnode
