#pragma once

#include "base/error.h"

namespace cloudnode {

/// Where cloudnode-runner is: beside this program, in ../libexec/cloudnode, where it was installed to, or in
/// the PATH, in this order. Errors: in none of them.
Result<QString> findRunner();

} // namespace cloudnode
