#include "base/version.h"

namespace cloudnode {

const char *version()
{
    return CLOUDNODE_VERSION;
}

} // namespace cloudnode
