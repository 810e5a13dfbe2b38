#pragma once

#include <chrono>
#include <ctime>
#include <string>

namespace cloudnode {

/// The wall clock.
timespec wallClock();
/// By a clock that nobody sets and that runs while the computer sleeps.
std::chrono::nanoseconds sinceBoot();
/// "2026-02-04T21:00:59.018Z": UTC, milliseconds.
std::string isoTimestamp(const timespec &time);

} // namespace cloudnode
