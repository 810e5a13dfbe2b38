#pragma once

#include "platform/processstat.h"

#include <vector>

namespace cloudnode {

/// Every process of this computer, as far as we may see them.
std::vector<ProcessStat> everyProcess();

/// The processes named by `roots` and all their descendants among `all`, those that are over included.
std::vector<ProcessStat> familyOf(const std::vector<pid_t> &roots, const std::vector<ProcessStat> &all);

/// The living descendants of these processes, whatever group or session they have moved to.
/// Those whose parent has died belong to whoever adopted them: here, to the supervisor.
std::vector<ProcessStat> livingDescendants(const std::vector<pid_t> &roots);

/// Signals each of them, and wakes the stopped ones so that they can act on it. No stranger that has got
/// one of their pids meanwhile is ever hit.
void signalEach(const std::vector<ProcessStat> &processes, int signal);

} // namespace cloudnode
