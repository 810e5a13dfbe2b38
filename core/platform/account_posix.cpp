#include "platform/account.h"

#include <QFile>

#include <pwd.h>
#include <unistd.h>

#include <array>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode::account {

QString homeFolder()
{
    passwd entry = {};
    passwd *found = nullptr;
    std::array<char, 16'384> strings = {};
    if (::getpwuid_r(::getuid(), &entry, strings.data(), strings.size(), &found) != 0 || !found)
        return u"/"_s;
    return QFile::decodeName(found->pw_dir);
}

uint userId()
{
    return ::geteuid();
}

} // namespace cloudnode::account
