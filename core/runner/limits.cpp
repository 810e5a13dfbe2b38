#include "runner/limits.h"

#include "platform/descriptor.h"
#include "record/recordfolder.h"
#include "runner/cgroup.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>

namespace cloudnode {

namespace {

// linux/ioprio.h, which Debian's kernel headers have only since 5.15.
constexpr int ioprioWhoProcess = 1;
constexpr int ioprioClassShift = 13;
constexpr int ioprioBestEffort = 2;
constexpr int ioprioIdle = 3;
constexpr int ioprioLowest = 7; // within best-effort

constexpr int oomHandicap = 200; // thousandths of all memory, added to what the workload uses
constexpr char oomFile[] = "/proc/self/oom_score_adj";

bool setIoClass(const std::string &name)
{
    const int value =
        name == "idle" ? ioprioIdle << ioprioClassShift : ioprioBestEffort << ioprioClassShift | ioprioLowest;
    return ::syscall(SYS_ioprio_set, ioprioWhoProcess, 0, value) == 0;
}

bool setMemory(long long bytes)
{
    // Not the address space: whoever uses a GPU reserves terabytes of it.
    const rlimit limit = {static_cast<rlim_t>(bytes), static_cast<rlim_t>(bytes)};
    return ::setrlimit(RLIMIT_DATA, &limit) == 0;
}

/// Rather the workload than the node or somebody's desktop. Everybody may raise their own, so what can fail
/// here is no reason not to run.
void volunteerForOom()
{
    Descriptor file(::open(oomFile, O_RDWR | O_CLOEXEC));
    char text[16] = {};
    if (!file.isOpen() || ::read(file.get(), text, sizeof text - 1) <= 0)
        return;
    const int score = std::min(std::max(std::atoi(text), 0) + oomHandicap, 1000);
    writeAll(file.get(), std::to_string(score));
}

} // namespace

std::optional<std::string> Limits::applyToSelf() const
{
    volunteerForOom();
    if (!cgroup.empty() && !Cgroup::enter(cgroup))
        return "cannot enter the cgroup " + cgroup;
    if (cgroup.empty() && memoryBytes > 0 && !setMemory(memoryBytes))
        return "cannot limit its memory";
    if (niceness > 0 &&
        ::setpriority(PRIO_PROCESS, 0, std::max(niceness, ::getpriority(PRIO_PROCESS, 0))) != 0)
        return "cannot set its niceness";
    if (!ioClass.empty() && !setIoClass(ioClass))
        return "cannot set its I/O class";
    if (noNewPrivileges && ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return "cannot keep it from gaining privileges";
    return std::nullopt;
}

} // namespace cloudnode
