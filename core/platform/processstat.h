#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>

namespace cloudnode {

/// What we need of /proc/PID/stat. Source: proc(5).
struct ProcessStat {
    pid_t pid = 0;
    pid_t parent = 0;
    pid_t group = 0;
    char state = '?';
    long threads = 0;
    std::uint64_t startTicks = 0; ///< clock ticks between boot and its start; with the pid it names a process
    std::uint64_t cpuTicks = 0;   ///< user and system time, of the children it has waited for too
    long residentPages = 0;

    /// None if there is no such process.
    static std::optional<ProcessStat> read(pid_t pid); ///< allocates nothing
    /// The text of the file. None if it is not of that form.
    static std::optional<ProcessStat> parse(pid_t pid, const char *text);

    /// It has ended, and only its parent has not noticed yet. A process whose first thread alone has ended
    /// is not over.
    bool isOver() const { return (state == 'Z' || state == 'X') && threads <= 1; }
};

/// The units of ProcessStat's times and of its memory.
long clockTicksPerSecond();
long memoryPageBytes();

/// Names this run of the kernel; empty if the kernel does not tell.
std::string currentBootId();

/// A descriptor that polls readable once the process has ended; negative with errno set if there is none.
int openPidfd(pid_t pid);

/// Sends `signal` to the process that had `pid` and `startTicks`, never to a later one with the same pid.
/// 0, or the system's error number; ESRCH when that process is over.
int signalProcess(pid_t pid, std::uint64_t startTicks, int signal);

} // namespace cloudnode
