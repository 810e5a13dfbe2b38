#pragma once

#include <csignal>

namespace cloudnode {

/// What a process has from its parent and should not keep.
namespace surroundings {

/// Closes every descriptor beyond the first three, and opens those of the three that are closed to
/// /dev/null, so that no file of ours ever gets one of their numbers.
void closeInherited();
/// Every signal has its default effect, whatever a caller has had us ignore.
void defaultSignals();
/// Own session, no terminal, the three standard descriptors to /dev/null.
void detach();
/// The signals the supervisor waits for, blocked from now on. A signal that could only be meant for a
/// terminal's job, or would end it for a lost reader, is ignored.
sigset_t takeSignals();
/// After takeSignals(): every signal has its default effect and none is blocked.
void resetSignals();

} // namespace surroundings

} // namespace cloudnode
