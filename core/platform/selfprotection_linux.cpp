#include "platform/selfprotection.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <unistd.h>

namespace cloudnode::selfprotection {

namespace {

constexpr char oomScore[] = "-500"; // of 1000; sshd, say, has -1000

}

void hideMemory()
{
    ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

void surviveMemoryShortage()
{
    const int file = ::open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
    if (file < 0)
        return;
    (void)!::write(file, oomScore, sizeof oomScore - 1);
    ::close(file);
}

} // namespace cloudnode::selfprotection
