#pragma once

#include <chrono>
#include <string>

namespace cloudnode {

/// What the wall clock shows, as the records say it (base/isotimestamp.h).
std::string wallClock();
/// By a clock that nobody sets and that runs while the computer sleeps.
std::chrono::nanoseconds sinceBoot();

} // namespace cloudnode
