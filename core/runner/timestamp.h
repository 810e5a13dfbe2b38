#pragma once

#include <ctime>
#include <string>

namespace cloudnode {

/// The wall clock.
timespec wallClock();
/// "2026-02-04T21:00:59.018Z": UTC, milliseconds.
std::string isoTimestamp(const timespec &time);

} // namespace cloudnode
