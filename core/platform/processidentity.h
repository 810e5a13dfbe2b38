#pragma once

#include "base/error.h"

#include <QString>

#include <chrono>
#include <optional>

namespace cloudnode {

/// One process for good: no later process with its pid, and none after a reboot, is ever taken for it.
struct ProcessIdentity {
    qint64 pid = 0;
    quint64 startTicks = 0; ///< clock ticks between boot and its start
    QString bootId;

    /// Of a running process. None if there is none with that pid.
    static std::optional<ProcessIdentity> of(qint64 pid);

    /// It runs. One that has ended but was not waited for does not.
    bool isAlive() const;
    /// It ran before the computer was last started.
    bool isFromEarlierBoot() const;
    /// How long ago it started, by a clock that nobody sets. Only in the boot it belongs to.
    std::chrono::milliseconds age() const;
    /// Errors: the system's reason. False if it is over.
    Result<bool> signal(int number) const;

    bool operator==(const ProcessIdentity &other) const = default;
};

} // namespace cloudnode
