#pragma once

namespace cloudnode {

class CommandLine;

/// `cloudnode cancel`: ends a workload with all its processes.
void addCancelCommand(CommandLine &line);

} // namespace cloudnode
