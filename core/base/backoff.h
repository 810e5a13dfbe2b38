#pragma once

#include <chrono>
#include <functional>

namespace cloudnode {

/// How long to wait before the next try: doubling from `first` to `longest`, each wait drawn between half
/// and the whole of its step, so that many nodes which lost the same broker do not come back in one wave.
class Backoff {
public:
    using Milliseconds = std::chrono::milliseconds;
    /// A number in [0, 1); the default draws from the system's generator.
    using Chance = std::function<double()>;

    Backoff(Milliseconds first, Milliseconds longest, Chance chance = {});

    /// The wait before the next try; the one after it will be longer.
    Milliseconds next();
    /// Starts over with `first`.
    void reset() { m_failures = 0; }
    /// Tries since the last reset.
    int failures() const { return m_failures; }

private:
    Milliseconds m_first;
    Milliseconds m_longest;
    Chance m_chance;
    int m_failures = 0;
};

} // namespace cloudnode
