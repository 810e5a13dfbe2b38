#include "runner/seat.h"

#include "runner/surroundings.h"

#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

namespace cloudnode {

Seat Seat::take()
{
    ::setsid();
    const sigset_t taken = surroundings::takeSignals();
    ::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
    return {.signals = Descriptor(::signalfd(-1, &taken, SFD_CLOEXEC | SFD_NONBLOCK)),
            .self = ProcessStat::read(::getpid()).value_or(ProcessStat()),
            .bootId = currentBootId()};
}

void Seat::forgetSignals() const
{
    signalfd_siginfo signal = {};
    while (::read(signals.get(), &signal, sizeof signal) > 0) {
    }
}

} // namespace cloudnode
