#pragma once

#include "base/secretmask.h"
#include "wire/response.h"
#include "workload/workload.h"

/// What is said about a workload on the response topic. Pure but for reading the end of its log files.
namespace cloudnode::responses {

inline constexpr qint64 tailBytes = 64 * 1024; ///< of stdout and of stderr that a final response carries

/// It runs.
Response acknowledgement(const Workload &workload);
/// It is over: its output, or what went wrong. `mask` is applied to both.
Response final(const Workload &workload, const SecretMask &mask);
/// To whom asked for its end.
Response cancelled(const Workload &workload, const WorkloadCancel &request);

WorkloadReport report(const Workload &workload);
/// In a sentence, how it ended; of one that is over.
QString summary(const Workload &workload);

} // namespace cloudnode::responses
