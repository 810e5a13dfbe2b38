#pragma once

#include "base/error.h"
#include "bench/row.h"
#include "bench/scale.h"

namespace cloudnode::bench {

/// The window's event loop with 1,000 finished workloads, 20 that run and one more that prints 10,000 lines a
/// second into the visible log, while short ones come and go and the owner looks at one list and the other.
Result<QList<Row>> measureResponsiveness(const Scale &scale);

} // namespace cloudnode::bench
