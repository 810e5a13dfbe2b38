#include "platform/descriptor.h"
#include "platform/fileoperations.h"

#include <QFile>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode::fileoperations {

namespace {

/// Up to `size` bytes from where it stands; errno says why there are none.
std::optional<QByteArray> readUpTo(int fd, qint64 size)
{
    QByteArray data(size, Qt::Uninitialized);
    qsizetype done = 0;
    while (done < size) {
        const ssize_t n = ::read(fd, data.data() + done, static_cast<size_t>(size - done));
        if (n < 0 && errno != EINTR)
            return std::nullopt;
        if (n == 0)
            break;
        done += std::max<ssize_t>(n, 0);
    }
    data.truncate(done);
    return data;
}

} // namespace

bool exists(const QString &path)
{
    return ::faccessat(AT_FDCWD, QFile::encodeName(path).constData(), F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

Result<std::optional<QByteArray>> read(const QString &path, qint64 maxBytes)
{
    const Descriptor file(
        ::open(QFile::encodeName(path).constData(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    if (!file.isOpen() && errno == ENOENT)
        return std::nullopt;
    struct stat info = {};
    const bool known = file.isOpen() && ::fstat(file.get(), &info) == 0;
    if (known ? !S_ISREG(info.st_mode) : errno == ELOOP)
        return fail(u"is no file"_s, path);
    auto data = known ? readUpTo(file.get(), std::min<qint64>(info.st_size, maxBytes)) : std::nullopt;
    if (!data)
        return fail(u"cannot read: "_s + systemError(errno), path);
    if (info.st_size > maxBytes)
        return fail(u"is larger than the %1 bytes expected of it"_s.arg(maxBytes), path);
    return data;
}

Result<void> make(const QString &path)
{
    const Descriptor file(
        ::open(QFile::encodeName(path).constData(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!file.isOpen())
        return fail(u"cannot write: "_s + systemError(errno), path);
    return {};
}

Result<void> append(const QString &path, const QByteArray &data, qint64 fullAt)
{
    const Descriptor file(::open(QFile::encodeName(path).constData(),
                                 O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600));
    struct stat info = {};
    if (!file.isOpen() || ::fstat(file.get(), &info) != 0)
        return fail(u"cannot write: "_s + systemError(errno), path);
    if (info.st_size >= fullAt)
        return {};
    const ssize_t written = ::write(file.get(), data.constData(), static_cast<size_t>(data.size()));
    if (written != data.size())
        return fail(u"cannot write: "_s + systemError(written < 0 ? errno : ENOSPC), path);
    return {};
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
