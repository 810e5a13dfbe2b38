#include "platform/filemode.h"

#include <QFile>

#include <sys/stat.h>

namespace cloudnode::filemode {

uint of(const QString &path)
{
    struct stat info = {};
    return ::stat(QFile::encodeName(path).constData(), &info) == 0 ? info.st_mode & 07777 : 0;
}

bool set(const QString &path, uint mode)
{
    return ::chmod(QFile::encodeName(path).constData(), mode) == 0;
}

} // namespace cloudnode::filemode
