#pragma once

#include "base/error.h"

#include <optional>

namespace cloudnode {

/// Sees to it that what is the node's own stays closed to everybody else on the machine.
namespace privatefiles {

/// A warning, if something had to be changed.
using Change = std::optional<Error>;

/// Takes a file that holds a secret from everybody but its owner. Where it is not ours to change, its group
/// may have been meant to read it. Errors: everybody can read it, and we cannot change that.
Result<Change> closeFile(const QString &path);

/// The same for the state directory. Errors: it cannot be changed; or it is open to others and does not look
/// like a state directory, so that closing it might take it from its users.
Result<Change> closeStateFolder(const QString &path);

/// Whether everybody on the machine can read it.
bool isOpenToAll(const QString &path);

} // namespace privatefiles

} // namespace cloudnode
