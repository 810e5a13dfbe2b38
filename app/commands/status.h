#pragma once

namespace cloudnode {

class CommandLine;

/// `cloudnode status`: the snapshot of the node that runs, once or whenever it changes.
void addStatusCommand(CommandLine &line);

} // namespace cloudnode
