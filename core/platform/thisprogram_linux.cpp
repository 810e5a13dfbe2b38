#include "platform/thisprogram.h"

#include <QFileInfo>

#include <sys/resource.h>
#include <unistd.h>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode::thisprogram {

QString path()
{
    return QFileInfo(u"/proc/self/exe"_s).canonicalFilePath();
}

bool writesToTerminal()
{
    return ::isatty(STDOUT_FILENO) == 1;
}

std::optional<OpenFilesLimit> openFilesLimit()
{
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return std::nullopt;
    return limit.rlim_cur == RLIM_INFINITY ? OpenFilesLimit{} : OpenFilesLimit{limit.rlim_cur};
}

} // namespace cloudnode::thisprogram
