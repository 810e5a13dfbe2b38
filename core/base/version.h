#pragma once

namespace cloudnode {

/// Of this build, such as "0.1.0".
const char *version();

} // namespace cloudnode
