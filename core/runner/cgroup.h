#pragma once

#include <tl/expected.hpp>

#include <string>

namespace cloudnode {

/// What a workload's cgroup (version 2) holds it to. Zero: no limit.
struct CgroupLimits {
    long long memoryBytes = 0;
    int cpuPercent = 0; ///< 100 is one core
    int processes = 0;
};

/// The cgroup of one workload, from before its first process to after its last.
class Cgroup {
public:
    /// Makes it, with its limits. Errors: the file and the system's reason.
    static tl::expected<Cgroup, std::string> make(const std::string &path, const CgroupLimits &limits);

    /// Moves the calling process into it; its children are born there. Allocates nothing. Errors: errno.
    static bool enter(const std::string &path);

    /// How many of its processes the kernel has killed for the memory limit. Zero if that cannot be read.
    long long memoryKills() const;
    /// Removes it; it must be empty. A cgroup that is not goes with the next start of the machine.
    void remove() const;

private:
    explicit Cgroup(std::string path) : m_path(std::move(path)) {}

    std::string m_path;
};

} // namespace cloudnode
