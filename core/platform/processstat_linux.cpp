#include "platform/descriptor.h"
#include "platform/processstat.h"

#include <fcntl.h>
#include <sys/syscall.h>

#include <algorithm>
#include <cerrno>
#include <cinttypes>
#include <csignal>
#include <cstdio>
#include <cstring>

namespace cloudnode {

namespace {

/// Files under /proc tell no size; those read here are far shorter than that.
struct ShortFile {
    explicit ShortFile(const char *path)
    {
        const Descriptor file(::open(path, O_RDONLY | O_CLOEXEC));
        const ssize_t size = file.isOpen() ? ::read(file.get(), text, sizeof text - 1) : 0;
        text[std::max<ssize_t>(size, 0)] = '\0';
    }
    char text[1024];
};

bool isStill(pid_t pid, std::uint64_t startTicks)
{
    const auto now = ProcessStat::read(pid);
    return now && now->startTicks == startTicks && !now->isOver();
}

} // namespace

std::optional<ProcessStat> ProcessStat::parse(pid_t pid, const char *text)
{
    // The second field, the program's name, may itself hold blanks and parentheses.
    const char *nameEnd = std::strrchr(text, ')');
    if (!nameEnd)
        return std::nullopt;
    ProcessStat stat;
    stat.pid = pid;
    std::uint64_t own[2] = {};
    std::uint64_t children[2] = {};
    // NOLINTNEXTLINE(cert-err34-c): the kernel's numbers fit
    const int fields = std::sscanf(nameEnd + 1,
                                   " %c %d %d %*d %*d %*d %*u %*u %*u %*u %*u %" SCNu64 " %" SCNu64
                                   " %" SCNu64 " %" SCNu64 " %*d %*d %ld %*d %" SCNu64 " %*u %ld",
                                   &stat.state, &stat.parent, &stat.group, &own[0], &own[1], &children[0],
                                   &children[1], &stat.threads, &stat.startTicks, &stat.residentPages);
    stat.cpuTicks = own[0] + own[1] + children[0] + children[1];
    return fields == 10 ? std::optional(stat) : std::nullopt;
}

std::optional<ProcessStat> ProcessStat::read(pid_t pid)
{
    char path[32];
    std::snprintf(path, sizeof path, "/proc/%d/stat", pid);
    return parse(pid, ShortFile(path).text);
}

long clockTicksPerSecond()
{
    return ::sysconf(_SC_CLK_TCK);
}

long memoryPageBytes()
{
    return ::sysconf(_SC_PAGESIZE);
}

std::string currentBootId()
{
    std::string id = ShortFile("/proc/sys/kernel/random/boot_id").text;
    while (!id.empty() && id.back() == '\n')
        id.pop_back();
    return id;
}

int openPidfd(pid_t pid)
{
    return static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)); // close-on-exec by itself
}

int signalProcess(pid_t pid, std::uint64_t startTicks, int signal)
{
    // The descriptor is opened before the look: what it names can then no longer change.
    const Descriptor process(openPidfd(pid));
    const int openError = process.isOpen() ? 0 : errno;
    if (!isStill(pid, startTicks))
        return ESRCH;
    const long sent = process.isOpen() ? ::syscall(SYS_pidfd_send_signal, process.get(), signal, nullptr, 0)
                      : openError == ESRCH ? -1
                                           : ::kill(pid, signal); // a kernel without pidfd
    return sent == 0 ? 0 : errno;
}

} // namespace cloudnode
