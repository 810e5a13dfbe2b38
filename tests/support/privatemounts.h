#pragma once

#include <sched.h>
#include <sys/mount.h>

namespace cloudnode::test {

/// What this thread, and all that it starts, mounts from here on is seen by nobody else, and gone with the
/// last of them: also where a signal ends the test. False if the system does not let us.
inline bool keepMountsPrivate()
{
    static const bool isPrivate =
        ::unshare(CLONE_NEWNS) == 0 && ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
    return isPrivate;
}

} // namespace cloudnode::test
