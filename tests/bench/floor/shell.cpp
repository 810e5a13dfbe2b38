#include "bench/floor/shell.h"

#include <QtGlobal>

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace cloudnode::bench::shell {

pid_t spawn(const QByteArray &command)
{
    QByteArray words[] = {"bash", "-c", command};
    char *const arguments[] = {words[0].data(), words[1].data(), words[2].data(), nullptr};
    pid_t pid = 0;
    const int problem = ::posix_spawnp(&pid, "bash", nullptr, nullptr, arguments, environ);
    if (problem != 0)
        qFatal("cannot start a shell: %s", std::strerror(problem));
    return pid;
}

void waitFor(pid_t pid)
{
    while (::waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
    }
}

void waitForAny()
{
    waitFor(-1);
}

} // namespace cloudnode::bench::shell
