#pragma once

#include <QString>

namespace cloudnode::bench {

/// Writes `count` finished, reported workloads into a state directory, as a node leaves them behind. Their
/// logs have a line each.
void writeHistory(const QString &stateDir, int count);

} // namespace cloudnode::bench
