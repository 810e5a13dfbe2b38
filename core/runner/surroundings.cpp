#include "runner/surroundings.h"

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <initializer_list>

namespace cloudnode::surroundings {

namespace {

constexpr int ignored[] = {SIGHUP, SIGPIPE, SIGQUIT, SIGTSTP, SIGTTIN, SIGTTOU, SIGUSR2};

} // namespace

void closeInherited()
{
    int fd = 0;
    do
        fd = ::open("/dev/null", O_RDWR | O_CLOEXEC);
    while (fd >= 0 && fd <= STDERR_FILENO); // the lowest free number each time
    if (::syscall(SYS_close_range, 3U, ~0U, 0U) == 0)
        return;
    const auto most = static_cast<int>(::sysconf(_SC_OPEN_MAX)); // a kernel before 5.9
    for (int i = 3; i < most; ++i)
        ::close(i);
}

void defaultSignals()
{
    for (int signal = 1; signal < NSIG; ++signal)
        ::signal(signal, SIG_DFL); // refused for those that cannot be changed anyway
}

void detach()
{
    ::setsid();
    const int null = ::open("/dev/null", O_RDWR | O_CLOEXEC);
    for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
        ::dup2(null, fd);
    ::close(null);
}

sigset_t takeSignals()
{
    ::signal(SIGCHLD, SIG_DFL); // else our children would end unseen
    for (const int signal : ignored)
        ::signal(signal, SIG_IGN);
    sigset_t taken;
    ::sigemptyset(&taken);
    for (const int signal : {SIGTERM, SIGINT, SIGUSR1, SIGCHLD})
        ::sigaddset(&taken, signal);
    ::sigprocmask(SIG_SETMASK, &taken, nullptr);
    return taken;
}

void resetSignals()
{
    for (const int signal : ignored)
        ::signal(signal, SIG_DFL);
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

} // namespace cloudnode::surroundings
