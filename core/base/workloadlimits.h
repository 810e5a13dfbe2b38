#pragma once

#include <QString>

#include <chrono>

namespace cloudnode {

/// What one workload may use of this machine. Zero, empty and false: no limit of ours.
struct WorkloadLimits {
    int memoryMiB = 0;  ///< of all its processes where a cgroup holds them, else of each of them
    int cpuPercent = 0; ///< 100 is one core; only in a cgroup
    int processes = 0;  ///< threads count too; only in a cgroup
    int niceness = 0;   ///< 0 to 19: the higher, the more it steps back for others
    QString ioClass;    ///< "best-effort" or "idle"
    bool noNewPrivileges = false;
    std::chrono::seconds timeout{0};

    /// Whether it takes a cgroup to hold all of it.
    bool wantCgroup() const { return memoryMiB > 0 || cpuPercent > 0 || processes > 0; }
    bool operator==(const WorkloadLimits &other) const = default;
};

} // namespace cloudnode
