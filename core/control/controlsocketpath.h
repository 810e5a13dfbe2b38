#pragma once

#include "base/error.h"

#include <QStringList>

namespace cloudnode {

/// Where this user's sockets may lie.
struct RuntimeFolders {
    QString home;        ///< absolute
    QStringList folders; ///< best first: $XDG_RUNTIME_DIR, then /run/user/<uid>; may be empty

    /// Of this process. A runtime folder that does not exist or belongs to another user (as after su) is
    /// left out.
    static RuntimeFolders ofThisProcess();
};

/// The paths at which a node with that state directory may have its control socket, best first: in each
/// runtime folder, then in the state directory itself. More than one, because a service that started at boot
/// and a user who logged in later do not see the same runtime folders: the node listens at the first it can
/// have, the faces try them all.
/// A state directory other than ~/.cyberwave gives the sockets in runtime folders a name of their own, so
/// that two nodes of one user never meet; symbolic links lead to the same name. Errors: every one of them is
/// longer than a socket's name may be (107 bytes).
Result<QStringList> controlSocketPaths(const QString &stateDir,
                                       const RuntimeFolders &runtime = RuntimeFolders::ofThisProcess());

} // namespace cloudnode
