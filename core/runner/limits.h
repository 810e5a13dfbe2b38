#pragma once

#include <optional>
#include <string>

namespace cloudnode {

/// What the workload may use. Zero, empty and false: no limit.
struct Limits {
    long long memoryBytes = 0; ///< of each process, unless there is a cgroup
    int niceness = 0;
    std::string ioClass; ///< "best-effort" or "idle"
    bool noNewPrivileges = false;
    std::string cgroup; ///< path of the workload's cgroup, see cgroup.h; empty: none

    /// Puts the calling process, and all it will start, under them. It is also made the first to go when the
    /// system's memory runs out. Errors: what the system refuses; errno says why.
    std::optional<std::string> applyToSelf() const;
};

} // namespace cloudnode
