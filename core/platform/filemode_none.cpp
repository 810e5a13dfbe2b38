#include "platform/filemode.h"

namespace cloudnode::filemode {

uint of(const QString & /*path*/)
{
    return 0;
}

bool set(const QString & /*path*/, uint /*mode*/)
{
    return true;
}

} // namespace cloudnode::filemode
