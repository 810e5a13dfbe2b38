#include "platform/descriptor.h"
#include "platform/fileoperations.h"

#include <QFile>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode::fileoperations {

bool exists(const QString &path)
{
    return ::faccessat(AT_FDCWD, QFile::encodeName(path).constData(), F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

bool isPlainFile(const QString &path)
{
    struct stat info = {};
    return ::lstat(QFile::encodeName(path).constData(), &info) == 0 && S_ISREG(info.st_mode);
}

Result<void> rename(const QString &from, const QString &to)
{
    if (::rename(QFile::encodeName(from).constData(), QFile::encodeName(to).constData()) != 0)
        return fail(u"cannot rename it to %1: "_s.arg(to) + systemError(errno), from);
    return {};
}

Result<void> remove(const QString &path)
{
    if (::unlink(QFile::encodeName(path).constData()) != 0 && errno != ENOENT)
        return fail(u"cannot remove: "_s + systemError(errno), path);
    return {};
}

Result<void> syncFolder(const QString &path)
{
    const Descriptor folder(::open(QFile::encodeName(path).constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!folder.isOpen() || ::fsync(folder.get()) != 0)
        return fail(u"cannot bring it to the disk: "_s + systemError(errno), path);
    return {};
}

} // namespace cloudnode::fileoperations
