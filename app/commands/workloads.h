#pragma once

namespace cloudnode {

class CommandLine;

/// `cloudnode workloads`: the active workloads, or all that are on record.
void addWorkloadsCommand(CommandLine &line);

} // namespace cloudnode
