#pragma once

#include "bench/row.h"

namespace cloudnode::bench {

/// The rows for people: what was measured, its floor, their ratio, and which goals are met.
QString table(const QList<Row> &rows);

} // namespace cloudnode::bench
