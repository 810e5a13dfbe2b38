#pragma once

#include "base/error.h"
#include "bench/row.h"
#include "bench/scale.h"

namespace cloudnode::bench {

/// From nothing to a painted window that lists what the node has, with 10,000 finished workloads on disk.
Result<QList<Row>> measureOpening(const Scale &scale);

} // namespace cloudnode::bench
