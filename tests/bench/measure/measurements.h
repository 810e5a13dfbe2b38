#pragma once

#include "base/error.h"
#include "bench/row.h"
#include "bench/scale.h"

namespace cloudnode::bench {

/// What a measurement found, or why it could not be made.
using Rows = Result<QList<Row>>;

Rows measureLatency(const Scale &scale);    ///< command to first instruction, exit to response
Rows measureWhole(const Scale &scale);      ///< one inference after the other
Rows measureThroughput(const Scale &scale); ///< many short workloads, eight at a time
Rows measureStatus(const Scale &scale);
Rows measureStartUp(const Scale &scale);
Rows measureLogLatency(const Scale &scale);
Rows measureLogThroughput(const Scale &scale);
Rows measureIdle(const Scale &scale);    ///< memory, processor time and wake-ups without work
Rows measureCrowd(const Scale &scale);   ///< a thousand sleeping workloads
Rows measureHistory(const Scale &scale); ///< start-up with ten thousand finished workloads
Rows measureSize(const Scale &scale);    ///< of what is installed
Rows measureWindow(const Scale &scale);  ///< no rows if the desktop was not built

} // namespace cloudnode::bench
