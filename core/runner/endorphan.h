#pragma once

#include "runner/options.h"

namespace cloudnode {

/// Ends a workload whose supervisor was killed: signals its group, and kills whatever of its tree is left
/// after the grace. Goes on in the background, whatever becomes of the caller. Returns the exit status.
int endOrphan(const EndOptions &options);

} // namespace cloudnode
