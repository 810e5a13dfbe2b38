#include "platform/childprocess.h"

#include <sys/prctl.h>
#include <unistd.h>

#include <csignal>

namespace cloudnode::childprocess {

void leadGroup(QProcess &process)
{
    process.setChildProcessModifier([] { ::setpgid(0, 0); });
}

void killGroup(qint64 leader)
{
    ::kill(static_cast<pid_t>(-leader), SIGKILL);
}

void dieWithUs(QProcess &process)
{
    process.setChildProcessModifier([] { ::prctl(PR_SET_PDEATHSIG, SIGKILL); });
}

} // namespace cloudnode::childprocess
