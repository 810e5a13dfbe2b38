#pragma once

#include <QByteArray>

#include <sys/types.h>

namespace cloudnode::bench::shell {

/// Starts a shell command the cheapest way there is. The shell is the node's: bash.
pid_t spawn(const QByteArray &command);
/// Until that one has ended.
void waitFor(pid_t pid);
/// Until any has ended.
void waitForAny();

} // namespace cloudnode::bench::shell
