#pragma once

#include <chrono>
#include <functional>

namespace cloudnode::bench {

using Clock = std::chrono::steady_clock;

/// Runs the event loop until `done` holds, which it looks at after every turn: unlike QTest::qWaitFor() it
/// never sleeps beside it, so that what happens is seen at once. False if it took too long.
bool runUntil(const std::function<bool()> &done,
              std::chrono::milliseconds patience = std::chrono::seconds(60));
/// Lets the event loop run.
void runFor(std::chrono::milliseconds time);

double millisecondsBetween(Clock::time_point from, Clock::time_point to);

} // namespace cloudnode::bench
