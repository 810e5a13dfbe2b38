#include "runner/cgroup.h"

#include "platform/descriptor.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string_view>

namespace cloudnode {

namespace {

constexpr int periodMicroseconds = 100'000;

bool put(const char *path, std::string_view text)
{
    Descriptor file(::open(path, O_WRONLY | O_CLOEXEC));
    return file.isOpen() &&
           ::write(file.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size());
}

std::string get(const std::string &path)
{
    Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    char text[1024] = {};
    const ssize_t size = file.isOpen() ? ::read(file.get(), text, sizeof text) : -1;
    return size > 0 ? std::string(text, static_cast<std::size_t>(size)) : std::string();
}

std::string cpuShare(int percent)
{
    return std::to_string(percent * (periodMicroseconds / 100)) + ' ' + std::to_string(periodMicroseconds);
}

} // namespace

tl::expected<Cgroup, std::string> Cgroup::make(const std::string &path, const CgroupLimits &limits)
{
    const auto failed = [](const std::string &file) {
        return tl::make_unexpected("cannot set up the cgroup " + file + ": " + std::strerror(errno));
    };
    if (::mkdir(path.c_str(), 0755) != 0 && errno != EEXIST)
        return failed(path);
    const auto set = [&path](bool wanted, const char *name, const std::string &value) {
        return !wanted || put((path + '/' + name).c_str(), value);
    };
    if (!set(limits.memoryBytes > 0, "memory.max", std::to_string(limits.memoryBytes)))
        return failed(path + "/memory.max");
    set(limits.memoryBytes > 0, "memory.swap.max", "0"); // there is none where the system has no swap
    set(limits.memoryBytes > 0, "memory.oom.group", "1");
    if (!set(limits.cpuPercent > 0, "cpu.max", cpuShare(limits.cpuPercent)))
        return failed(path + "/cpu.max");
    if (!set(limits.processes > 0, "pids.max", std::to_string(limits.processes)))
        return failed(path + "/pids.max");
    return Cgroup(path);
}

bool Cgroup::enter(const std::string &path)
{
    char file[PATH_MAX];
    const int size = std::snprintf(file, sizeof file, "%s/cgroup.procs", path.c_str());
    if (size >= static_cast<int>(sizeof file)) {
        errno = ENAMETOOLONG;
        return false;
    }
    return put(file, "0");
}

long long Cgroup::memoryKills() const
{
    const std::string events = get(m_path + "/memory.events");
    const std::string name = "oom_kill ";
    const std::size_t at = events.find(name);
    return at == std::string::npos ? 0 : std::atoll(events.c_str() + at + name.size());
}

void Cgroup::remove() const
{
    ::rmdir(m_path.c_str());
}

} // namespace cloudnode
