#pragma once

#include "workload/workload.h"

#include <QJsonObject>

/// One workload as the control socket lists it. Pure.
namespace cloudnode::workloadlisting {

QJsonObject toJson(const Workload &workload);

/// When SIGKILL follows the signal of its cancellation.
QDateTime forceAt(const Workload &workload, const WorkloadCancel &cancel);

} // namespace cloudnode::workloadlisting
