#pragma once

namespace cloudnode {

class CommandLine;

/// `cloudnode why`: the life of one request as a timeline.
void addWhyCommand(CommandLine &line);

} // namespace cloudnode
