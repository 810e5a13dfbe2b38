#pragma once

#include "base/error.h"

namespace cloudnode {

/// Where the cgroups of workloads may be made: a folder of ours at the top of the cgroup tree (version 2), so
/// that a workload leaves the service it was started from and is not ended with it.
namespace cgrouproom {

/// Makes the folder and has the system offer memory, cpu and pids in it. Its path.
/// `top` is where the tree is mounted; empty: wherever the system has it.
/// Errors: there is none, it lacks one of the three, or it is not ours to change, as is usual for anybody but
/// root.
Result<QString> prepare(QString top = {});

} // namespace cgrouproom

} // namespace cloudnode
