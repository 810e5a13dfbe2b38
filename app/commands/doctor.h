#pragma once

namespace cloudnode {

class CommandLine;

/// `cloudnode doctor`: looks at all that a node needs, a line each: ok, or what to do.
void addDoctorCommand(CommandLine &line);

} // namespace cloudnode
