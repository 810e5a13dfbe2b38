#pragma once

#include "base/jsontext.h"
#include "workload/workload.h"

/// One workload as the control socket lists it. Pure.
namespace cloudnode::workloadlisting {

JsonText toJson(const Workload &workload);

/// When SIGKILL follows the signal of its cancellation.
QDateTime forceAt(const Workload &workload, const WorkloadCancel &cancel);

} // namespace cloudnode::workloadlisting
