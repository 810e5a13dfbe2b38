#pragma once

#include "workload/workload.h"

namespace cloudnode {

/// The broker has every answer about one that is over and has run. Pure.
bool isAnswered(const WorkloadProgress &progress);
/// The backend has all that its log files hold.
bool isShipped(const Workload &workload);
/// The backend knows its end, if it has a name for it.
bool isTold(const Workload &workload);
/// The backend is to have its result files: it named the workload, which has succeeded and was not cancelled.
bool owesResults(const Workload &workload);
/// Nobody will ask for it any more, except to know that it has been.
bool isSettled(const Workload &workload);

} // namespace cloudnode
