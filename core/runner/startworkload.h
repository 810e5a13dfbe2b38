#pragma once

#include "runner/options.h"

namespace cloudnode {

/// Starts the workload of a directory, unless that has been done: leaves a supervisor behind, waits until
/// the workload has exec'ed, and prints one line, which is the record that tells what became of it
/// (started.json; or exit.json if it could not be started), or {"error": ...} if there is no record.
/// Returns the exit status: 0 when it has been started, by this call or by an earlier one.
int startWorkload(const StartOptions &options);

} // namespace cloudnode
