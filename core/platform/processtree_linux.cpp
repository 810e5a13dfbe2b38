#include "platform/processtree.h"

#include <dirent.h>

#include <algorithm>
#include <charconv>
#include <csignal>
#include <cstring>
#include <memory>

namespace cloudnode {

std::vector<ProcessStat> everyProcess()
{
    std::vector<ProcessStat> processes;
    const std::unique_ptr<DIR, int (*)(DIR *)> folder(::opendir("/proc"), ::closedir);
    // NOLINTNEXTLINE(concurrency-mt-unsafe): one thread
    while (const dirent *entry = folder ? ::readdir(folder.get()) : nullptr) {
        pid_t pid = 0;
        std::from_chars(entry->d_name, entry->d_name + std::strlen(entry->d_name), pid);
        if (pid <= 0)
            continue;
        if (const auto stat = ProcessStat::read(pid))
            processes.push_back(*stat);
    }
    return processes;
}

std::vector<ProcessStat> familyOf(const std::vector<pid_t> &roots, const std::vector<ProcessStat> &all)
{
    std::vector<ProcessStat> others = all;
    std::vector<ProcessStat> found;
    const auto move = [&](const auto &belongs) {
        const auto firstOther = std::partition(others.begin(), others.end(), belongs);
        found.insert(found.end(), others.begin(), firstOther);
        others.erase(others.begin(), firstOther);
    };
    move([&](const ProcessStat &p) { return std::find(roots.begin(), roots.end(), p.pid) != roots.end(); });
    for (std::size_t i = 0; i < found.size(); ++i) {
        const pid_t parent = found[i].pid;
        move([parent](const ProcessStat &p) { return p.parent == parent; });
    }
    return found;
}

std::vector<ProcessStat> livingDescendants(const std::vector<pid_t> &roots)
{
    std::vector<ProcessStat> others = everyProcess();
    std::vector<pid_t> family = roots;
    std::vector<ProcessStat> found;
    for (std::size_t i = 0; i < family.size(); ++i) {
        const auto isChild = [&](const ProcessStat &p) { return p.parent == family[i]; };
        const auto firstOther = std::partition(others.begin(), others.end(), isChild);
        for (auto child = others.begin(); child != firstOther; ++child) {
            family.push_back(child->pid);
            if (!child->isOver())
                found.push_back(*child);
        }
        others.erase(others.begin(), firstOther);
    }
    return found;
}

void signalEach(const std::vector<ProcessStat> &processes, int signal)
{
    for (const ProcessStat &process : processes) {
        signalProcess(process.pid, process.startTicks, signal);
        if (signal != SIGKILL)
            signalProcess(process.pid, process.startTicks, SIGCONT);
    }
}

} // namespace cloudnode
