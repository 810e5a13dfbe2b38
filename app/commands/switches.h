#pragma once

namespace cloudnode {

class CommandLine;

/// `cloudnode pause`, `resume` and `stop`.
void addSwitchCommands(CommandLine &line);

} // namespace cloudnode
