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
/// returns then, and `report` has got nothing. Else `report` gets one word: S, it has exec'ed; N, it could
/// not be started, which is on record; E and a reason, which is not. It ends when the workload's end is on
/// record, or with this process.
/// `folder` is the workload's; the options' is only what messages call it.
void superviseWorkload(const StartOptions &options, Seat seat, Descriptor folder, Descriptor report);

} // namespace cloudnode
