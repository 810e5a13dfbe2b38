#pragma once

#include "config/configloader.h"

namespace cloudnode {

/// Before a node starts: blacks the configuration's secrets out of the log, and logs what is odd about it.
void announce(const LoadedConfig &loaded);

} // namespace cloudnode
