#pragma once

#include "platform/descriptor.h"
#include "platform/processstat.h"

#include <string>

namespace cloudnode {

/// What a supervisor needs of its own, whatever it is going to supervise: so it can be made ready before
/// there is anything to do.
struct Seat {
    Descriptor signals; ///< signalfd of those it waits for; closed if the system has no descriptor left
    ProcessStat self;
    std::string bootId;

    /// Makes the calling process, which has no terminal and default signals, one that can supervise: in a
    /// session of its own, and its orphaned descendants become its children, so that none gets out of sight.
    static Seat take();
    /// Signals that have come for an earlier workload are none for the next.
    void forgetSignals() const;
};

} // namespace cloudnode
