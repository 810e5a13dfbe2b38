#pragma once

#include "runner/cgroup.h"
#include "runner/limits.h"

#include <sys/types.h>
#include <tl/expected.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <variant>

namespace cloudnode {

/// `start`: run PROGRAM as the workload of `directory`, unless that has been done already.
struct StartOptions {
    std::string directory;
    std::string stdoutPath;
    std::string stderrPath;
    std::string workingDirectory;
    std::chrono::seconds timeout{0}; ///< 0: none
    std::chrono::seconds grace{10};  ///< between the first signal of a cancellation and SIGKILL
    Limits limits;
    CgroupLimits cgroupLimits; ///< count if limits.cgroup is given
    char **program = nullptr;  ///< PROGRAM and its arguments, null at the end
};

/// `end`: signal a workload that has lost its supervisor, and kill its tree after the grace.
struct EndOptions {
    pid_t pid = 0;
    std::uint64_t startTicks = 0;
    int signal = 0;
    std::chrono::seconds grace{10};
};

/// `serve`: start workloads as they are ordered, see serve.h.
struct ServeOptions {};

using Options = std::variant<StartOptions, EndOptions, ServeOptions>;

inline constexpr char usageText[] = "usage: cloudnode-runner start --dir D --stdout F --stderr F --cwd C "
                                    "[--timeout S] [--grace S]\n"
                                    "         [--memory-mib N] [--nice N] [--io-class best-effort|idle] "
                                    "[--no-new-privileges 0|1]\n"
                                    "         [--cgroup PATH [--cpu-percent N] [--processes N]] "
                                    "-- PROGRAM [ARGUMENT...]\n"
                                    "       cloudnode-runner end --pid P --ticks T --signal N [--grace S]\n"
                                    "       cloudnode-runner serve\n";

/// Reads the command line. Errors: which word is wrong.
tl::expected<Options, std::string> parseOptions(int argc, char **argv);

} // namespace cloudnode
