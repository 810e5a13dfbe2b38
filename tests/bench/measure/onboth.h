#pragma once

#include "bench/measure/measurements.h"
#include "bench/stage.h"

namespace cloudnode::bench {

/// The rows of both, one below the other.
inline Rows onDiskAndInMemory(Rows (*measure)(State, const Scale &), const Scale &scale)
{
    Rows onDisk = measure(State::OnDisk, scale);
    if (!onDisk)
        return onDisk;
    return measure(State::InMemory, scale).map([&](const QList<Row> &inMemory) {
        return *onDisk + inMemory;
    });
}

} // namespace cloudnode::bench
