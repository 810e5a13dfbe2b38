#pragma once

#include <QtGlobal>

/// What a process of this machine has used, as the kernel counts it. Zero for one that is gone.
namespace cloudnode::bench::processmeter {

/// Processor time of all its threads, those that have ended too. Unit: milliseconds.
double work(qint64 pid);
/// How often its threads have woken up to do something.
qint64 wakeUps(qint64 pid);

/// Unit: MiB.
struct Memory {
    double proportional = 0; ///< PSS: pages that n processes share count one n-th
    double privateDirty = 0; ///< what nobody shares and only swap could hold
};
Memory memory(qint64 pid);

} // namespace cloudnode::bench::processmeter
