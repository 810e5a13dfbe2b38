// Kills cloudnode or its runner at one chosen step, from outside: loaded with LD_PRELOAD, it sees each call
// by which they change the world or learn of a change. What a SIGKILL leaves behind differs only by how many
// of those calls have been made, so killing before each of them is killing everywhere. The programs
// themselves know nothing of it: what is tested is, byte for byte, what is shipped.
//
// CLOUDNODE_STEP_ORDER names a file of one line, "ROLE/STEP N": die before the Nth such step. Who obeys
// removes the file first, so each order is carried out once, however many processes have read it.
// CLOUDNODE_STEP_TRACE names a file to which each step is appended, a line each: "PID ROLE/STEP".
// CLOUDNODE_STEP_NO_SERVICE refuses the node the kind of socket through which it orders workloads from a
// runner that waits, so that it calls the runner for each.

#include <dlfcn.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>

namespace {

template <typename Function>
Function next(const char *name)
{
    return reinterpret_cast<Function>(::dlsym(RTLD_NEXT, name));
}

/// The order of this process, which its forks inherit with all that has been counted so far.
struct Order {
    std::string line; ///< as it was read
    std::string path;
    std::string step;
    int left = 0;
};

enum class Program { Other, Node, Runner };

struct State {
    Program program = Program::Other;
    pid_t loadedIn = 0;
    pid_t pid = 0;      ///< of the process whose memory this is
    int generation = 0; ///< forks between that and the process that has loaded us
    Order order;
    std::string tracePath;
};

State &state()
{
    static State *instance = new State; // never destroyed: the last steps come after everything else
    return *instance;
}

const char *role()
{
    static constexpr const char *ofRunner[] = {"starter", "supervisor", "child"};
    // A vforked process has the memory of its parent.
    const int generation = state().generation + (::getpid() == state().pid ? 0 : 1);
    return state().program == Program::Node ? "node" : ofRunner[generation < 2 ? generation : 2];
}

void trace(const std::string &step)
{
    if (state().tracePath.empty())
        return;
    const long fd = ::syscall(SYS_openat, AT_FDCWD, state().tracePath.c_str(),
                              O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    const std::string line = std::to_string(::getpid()) + ' ' + step + '\n';
    ::syscall(SYS_write, fd, line.data(), line.size());
    ::syscall(SYS_close, fd);
}

void step(const std::string &what)
{
    if (state().program == Program::Other)
        return;
    const std::string full = std::string(role()) + '/' + what;
    trace(full);
    Order &order = state().order;
    if (order.left == 0 || order.step != full || --order.left > 0)
        return;
    if (::syscall(SYS_unlink, order.path.c_str()) != 0)
        return; // another one was quicker
    // The node's own forks are runners to be: it is the node that is meant.
    const pid_t victim = state().program == Program::Node ? state().loadedIn : ::getpid();
    ::syscall(SYS_kill, victim, SIGKILL);
    while (victim == ::getpid()) { // it strikes before we get any further
    }
}

/// What a path is about, without what differs from workload to workload.
std::string object(std::string_view path)
{
    const std::size_t slash = path.rfind('/');
    const std::string_view name = path.substr(slash == path.npos ? 0 : slash + 1);
    const std::string_view folder = path.substr(0, slash == path.npos ? 0 : slash);
    const std::string_view parent =
        folder.substr(folder.rfind('/') == folder.npos ? 0 : folder.rfind('/') + 1);
    if (parent == "workloads")
        return "workload";
    if (parent == "outbox")
        return "outbox";
    // A temporary file is named after the one it becomes, and a workload's files after the workload.
    const std::size_t suffix = name.find(".json");
    const std::string_view stem = name.substr(0, suffix == name.npos ? name.size() : suffix + 5);
    if (parent == "workload_logs")
        return std::string(stem.substr(stem.find('.') == stem.npos ? 0 : stem.find('.') + 1));
    if (suffix != name.npos)
        return std::string(stem);
    return parent.starts_with(".") || name.starts_with("cloudnode-") ? "folder" : std::string(name);
}

std::string objectOf(int fd)
{
    char link[64];
    char path[4096];
    std::snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    const ssize_t size = ::readlink(link, path, sizeof path);
    return size > 0 ? object({path, static_cast<std::size_t>(size)}) : "?";
}

bool isNetwork(int fd)
{
    sockaddr_storage address = {};
    socklen_t size = sizeof address;
    return ::getsockname(fd, reinterpret_cast<sockaddr *>(&address), &size) == 0 &&
           (address.ss_family == AF_INET || address.ss_family == AF_INET6);
}

const char *packetName(unsigned char first)
{
    static constexpr const char *names[] = {
        "",          "CONNECT", "CONNACK",     "PUBLISH",  "PUBACK",  "PUBREC",   "PUBREL",     "PUBCOMP",
        "SUBSCRIBE", "SUBACK",  "UNSUBSCRIBE", "UNSUBACK", "PINGREQ", "PINGRESP", "DISCONNECT", "AUTH"};
    return names[first >> 4];
}

/// What is about to be sent, or has just been received. Empty: the rest of something.
std::string message(const void *data, std::size_t size)
{
    const std::string_view text(static_cast<const char *>(data), size);
    if (text.starts_with("POST ")) {
        const std::string_view path = text.substr(5, text.find(' ', 5) - 5);
        return "POST " + std::string(path.substr(path.rfind('/') + 1));
    }
    if (text.starts_with("HTTP/"))
        return "HTTP";
    std::string name = text.empty() ? "" : packetName(static_cast<unsigned char>(text.front()));
    const auto holds = [&](const char *words) { return text.find(words) != text.npos; };
    if (name == "PUBLISH" && size > 1)
        name += holds("cyberwave/response/")      ? " request"
                : holds("\"status\":\"running\"") ? " running"
                                                  : " final";
    return name;
}

void sending(int fd, const void *data, std::size_t size)
{
    if (state().program != Program::Node || !isNetwork(fd))
        return;
    const std::string what = message(data, size);
    if (!what.empty())
        step("send " + what);
}

/// libmosquitto reads the first byte of a packet alone, and so each byte of the length that follows. Other
/// threads read from connections of their own meanwhile.
/// Source: MQTT 5.0, 2.1.1 and 1.5.5.
bool beginsPacket(int fd, unsigned char byte)
{
    static std::array<std::atomic<bool>, 1024> inLength; // by connection
    if (static_cast<std::size_t>(fd) >= inLength.size())
        return true;
    std::atomic<bool> &within = inLength[static_cast<std::size_t>(fd)];
    if (!within) {
        within = true;
        return true;
    }
    within = (byte & 0x80) != 0;
    return false;
}

void received(int fd, const void *data, ssize_t size)
{
    if (state().program != Program::Node || size <= 0 || !isNetwork(fd))
        return;
    const std::string what = message(data, static_cast<std::size_t>(size));
    if (what == "HTTP" || (size == 1 && beginsPacket(fd, *static_cast<const unsigned char *>(data))))
        step("receive " + what);
}

bool isSyncedFile(int fd)
{
    struct stat info = {};
    return ::fstat(fd, &info) == 0 && (S_ISREG(info.st_mode) || S_ISDIR(info.st_mode));
}

void readOrder(const char *path)
{
    if (!path)
        return;
    const long fd = ::syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
    char text[256];
    const long size = ::syscall(SYS_read, fd, text, sizeof text);
    ::syscall(SYS_close, fd);
    if (size <= 0)
        return;
    const std::string line(text, static_cast<std::size_t>(size));
    if (line == state().order.line)
        return; // what has been counted of it still counts
    const std::size_t space = line.rfind(' ');
    state().order = {line, path, line.substr(0, space), std::atoi(line.c_str() + space + 1)};
}

__attribute__((constructor)) void load()
{
    const std::string_view name = program_invocation_short_name;
    if (name != "cloudnode" && name != "cloudnode-runner")
        return;
    readOrder(std::getenv("CLOUDNODE_STEP_ORDER"));
    if (const char *path = std::getenv("CLOUDNODE_STEP_TRACE"))
        state().tracePath = path;
    state().loadedIn = ::getpid();
    state().pid = ::getpid();
    state().program = name == "cloudnode" ? Program::Node : Program::Runner;
}

void forgetOurselves()
{
    for (const char *name :
         {"LD_PRELOAD", "CLOUDNODE_STEP_ORDER", "CLOUDNODE_STEP_TRACE", "CLOUDNODE_STEP_NO_SERVICE"})
        ::unsetenv(name);
}

} // namespace

extern "C" {

int rename(const char *from, const char *to)
{
    static const auto real = next<decltype(&::rename)>("rename");
    step("rename " + object(to));
    return real(from, to);
}

int renameat(int fromFolder, const char *from, int toFolder, const char *to)
{
    static const auto real = next<decltype(&::renameat)>("renameat");
    step("rename " + object(to));
    return real(fromFolder, from, toFolder, to);
}

int unlink(const char *path)
{
    static const auto real = next<decltype(&::unlink)>("unlink");
    // What an earlier life has left half made is cleared away if there is any: no step that every life comes
    // to.
    if (!std::strstr(path, "/."))
        step("unlink " + object(path));
    return real(path);
}

int mkdir(const char *path, mode_t mode)
{
    static const auto real = next<decltype(&::mkdir)>("mkdir");
    step("mkdir " + object(path));
    return real(path, mode);
}

int fsync(int fd)
{
    static const auto real = next<decltype(&::fsync)>("fsync");
    step("fsync " + objectOf(fd));
    return real(fd);
}

int fdatasync(int fd)
{
    static const auto real = next<decltype(&::fdatasync)>("fdatasync");
    step("sync " + objectOf(fd));
    return real(fd);
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wshadow" // the system's struct of that name
int flock(int fd, int operation)
{
    static const auto real = next<int (*)(int, int)>("flock");
    step("lock " + objectOf(fd));
    return real(fd, operation);
}
#pragma GCC diagnostic pop

int posix_fallocate(int fd, off_t offset, off_t length)
{
    static const auto real = next<decltype(&::posix_fallocate)>("posix_fallocate");
    step("reserve " + objectOf(fd));
    return real(fd, offset, length);
}

ssize_t write(int fd, const void *data, size_t size)
{
    static const auto real = next<decltype(&::write)>("write");
    if (fd > STDERR_FILENO && isSyncedFile(fd))
        step("write " + objectOf(fd));
    else if (state().program == Program::Runner)
        step("tell");
    else
        sending(fd, data, size);
    return real(fd, data, size);
}

ssize_t pwrite(int fd, const void *data, size_t size, off_t offset)
{
    static const auto real = next<decltype(&::pwrite)>("pwrite");
    step("write " + objectOf(fd));
    return real(fd, data, size, offset);
}

ssize_t send(int fd, const void *data, size_t size, int flags)
{
    static const auto real = next<decltype(&::send)>("send");
    sending(fd, data, size);
    return real(fd, data, size, flags);
}

ssize_t read(int fd, void *data, size_t size)
{
    static const auto real = next<decltype(&::read)>("read");
    const ssize_t result = real(fd, data, size);
    received(fd, data, result);
    return result;
}

ssize_t recv(int fd, void *data, size_t size, int flags)
{
    static const auto real = next<decltype(&::recv)>("recv");
    const ssize_t result = real(fd, data, size, flags);
    received(fd, data, result);
    return result;
}

ssize_t sendmsg(int fd, const msghdr *message, int flags)
{
    static const auto real = next<decltype(&::sendmsg)>("sendmsg");
    if (state().program == Program::Node && message->msg_controllen > 0)
        step("send order");
    return real(fd, message, flags);
}

ssize_t recvmsg(int fd, msghdr *message, int flags)
{
    static const auto real = next<decltype(&::recvmsg)>("recvmsg");
    const ssize_t result = real(fd, message, flags);
    if (state().program == Program::Runner && result > 0) {
        readOrder(std::getenv("CLOUDNODE_STEP_ORDER"));
        step("receive order");
    }
    return result;
}

int socketpair(int domain, int type, int protocol, int *ends)
{
    static const auto real = next<decltype(&::socketpair)>("socketpair");
    if (state().program != Program::Node || !std::getenv("CLOUDNODE_STEP_NO_SERVICE") ||
        (type & ~(SOCK_CLOEXEC | SOCK_NONBLOCK)) != SOCK_SEQPACKET)
        return real(domain, type, protocol, ends);
    errno = EPROTONOSUPPORT;
    return -1;
}

pid_t fork()
{
    static const auto real = next<decltype(&::fork)>("fork");
    if (state().program == Program::Runner)
        readOrder(std::getenv("CLOUDNODE_STEP_ORDER")); // it may be younger than this process
    step("fork");
    const pid_t pid = real();
    if (pid == 0) {
        state().pid = ::getpid();
        ++state().generation;
    }
    return pid;
}

int execve(const char *program, char *const arguments[], char *const environment[])
{
    static const auto real = next<decltype(&::execve)>("execve");
    step("exec " + object(program));
    return real(program, arguments, environment);
}

int execvp(const char *program, char *const arguments[])
{
    static const auto real = next<decltype(&::execvp)>("execvp");
    step("exec");
    forgetOurselves();
    return real(program, arguments);
}

} // extern "C"
