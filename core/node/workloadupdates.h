#pragma once

#include "base/secretmask.h"
#include "wire/workloadupdate.h"
#include "workload/workload.h"

/// What the backend is told about a workload that it has named. Pure but for reading the end of its log
/// files. Source: WIRE contract, "Workload status updates".
namespace cloudnode::updates {

inline constexpr qsizetype longestError = 300;   ///< characters
inline constexpr qsizetype longestOutput = 2000; ///< characters of stderr

WorkloadUpdate running(const Workload &workload);
/// It has ended well, and its result files are on their way.
WorkloadUpdate finalizing(const Workload &workload, int fileCount);
/// It is over. `mask` is applied to what it printed.
WorkloadUpdate end(const Workload &workload, const SecretMask &mask);
/// It was never taken.
WorkloadUpdate refused(const QString &reason);

} // namespace cloudnode::updates
