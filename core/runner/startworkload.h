#pragma once

#include "platform/descriptor.h"
#include "runner/options.h"
#include "runner/seat.h"

namespace cloudnode {

/// Starts the workload of a directory, unless that has been done: leaves a supervisor behind, waits until
/// the workload has exec'ed, and prints one line, which is the record that tells what became of it
/// (started.json; or exit.json if it could not be started), or {"error": ...} if there is no record.
/// Returns the exit status: 0 when it has been started, by this call or by an earlier one.
int startWorkload(const StartOptions &options);

/// Starts it and supervises it to its end, in this process, unless it has been or may just be being started:
/// returns then, and `report` has got nothing. Else `report` gets a word: that it has been started, or that
/// it could not be. True if it has ended, which is on record, and has left nothing behind.
/// `folder` is the workload's; the options' is only what messages call it.
bool superviseWorkload(const StartOptions &options, const Seat &seat, Descriptor folder, Descriptor &report);

} // namespace cloudnode
