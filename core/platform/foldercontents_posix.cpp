#include "platform/foldercontents.h"

#include <QFile>

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <functional>
#include <memory>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode::foldercontents {

namespace {

constexpr qint64 blockSize = 512; // of st_blocks, whatever the file system's own is

bool isDots(const char *name)
{
    return std::strcmp(name, ".") == 0 || std::strcmp(name, "..") == 0;
}

/// False with errno set if it cannot be read to its end.
bool forEachEntry(const QString &path, const std::function<void(int folder, const dirent &)> &visit)
{
    const std::unique_ptr<DIR, int (*)(DIR *)> folder(::opendir(QFile::encodeName(path).constData()),
                                                      ::closedir);
    if (!folder)
        return false;
    errno = 0;
    // NOLINTNEXTLINE(concurrency-mt-unsafe): each call has a stream of its own
    while (const dirent *entry = ::readdir(folder.get())) {
        if (!isDots(entry->d_name))
            visit(::dirfd(folder.get()), *entry);
        errno = 0;
    }
    return errno == 0;
}

qint64 blocksOfTree(const QString &path, int &entriesLeft)
{
    qint64 blocks = 0;
    QStringList below;
    forEachEntry(path, [&](int folder, const dirent &entry) {
        struct stat info = {};
        if (--entriesLeft < 0 || ::fstatat(folder, entry.d_name, &info, AT_SYMLINK_NOFOLLOW) != 0)
            return;
        blocks += info.st_blocks;
        if (S_ISDIR(info.st_mode))
            below << path + u'/' + QFile::decodeName(entry.d_name);
    });
    for (const QString &folder : std::as_const(below)) {
        if (entriesLeft > 0)
            blocks += blocksOfTree(folder, entriesLeft);
    }
    return blocks;
}

bool isFolder(int parent, const dirent &entry)
{
    if (entry.d_type != DT_UNKNOWN)
        return entry.d_type == DT_DIR;
    struct stat info = {};
    return ::fstatat(parent, entry.d_name, &info, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(info.st_mode);
}

} // namespace

Result<QStringList> folders(const QString &path)
{
    QStringList names;
    const bool read = forEachEntry(path, [&](int parent, const dirent &entry) {
        if (isFolder(parent, entry))
            names << QFile::decodeName(entry.d_name);
    });
    if (!read)
        return fail(u"cannot be read: "_s + systemError(errno), path);
    return names;
}

qint64 bytesOnDisk(const QString &path)
{
    struct stat info = {};
    if (::lstat(QFile::encodeName(path).constData(), &info) != 0)
        return 0;
    qint64 blocks = info.st_blocks;
    if (S_ISDIR(info.st_mode)) {
        forEachEntry(path, [&](int folder, const dirent &entry) {
            struct stat file = {};
            if (::fstatat(folder, entry.d_name, &file, AT_SYMLINK_NOFOLLOW) == 0)
                blocks += file.st_blocks;
        });
    }
    return blocks * blockSize;
}

qint64 bytesOfTree(const QString &path, int mostEntries)
{
    struct stat info = {};
    if (::lstat(QFile::encodeName(path).constData(), &info) != 0 || !S_ISDIR(info.st_mode))
        return 0;
    return (info.st_blocks + blocksOfTree(path, mostEntries)) * blockSize;
}

Result<void> removeTree(const QString &path)
{
    std::error_code problem;
    std::filesystem::remove_all(QFile::encodeName(path).toStdString(), problem);
    if (problem)
        return fail(u"cannot be removed: "_s + systemError(problem.value()), path, u"Remove it by hand."_s);
    return {};
}

} // namespace cloudnode::foldercontents
