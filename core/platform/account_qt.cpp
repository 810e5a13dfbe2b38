#include "platform/account.h"

#include <QDir>

namespace cloudnode::account {

QString homeFolder()
{
    return QDir::homePath();
}

uint userId()
{
    return static_cast<uint>(-2); // what QFileInfo::ownerId() says where files have no such number
}

} // namespace cloudnode::account
