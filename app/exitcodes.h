#pragma once

namespace cloudnode {

/// How cloudnode ends, for scripts and supervisors. From 64 on as in <sysexits.h>, where that has a fit.
enum ExitCode : int {
    ExitOk = 0,             ///< done, or stopped as asked
    ExitConfiguration = 1,  ///< a wrong value or file in the configuration, or the start failed
    ExitUsage = 2,          ///< the command line was not understood
    ExitInstallFailed = 70, ///< the install script failed (EX_SOFTWARE)
    ExitTokenRejected = 77, ///< the backend does not accept the token (EX_NOPERM)
    ExitNoToken = 78,       ///< there is no token at all (EX_CONFIG)
};

} // namespace cloudnode
