#include "platform/descriptor.h"
#include "platform/resultfiles.h"

#include <QFileInfo>

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>
#include <utility>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

namespace {

/// A file's time is that of the kernel's latest tick, which may lie this much before the true time.
constexpr qint64 tickMs = 10;

constexpr int folderFlags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

qint64 modifiedMs(const struct stat &info)
{
    return qint64{info.st_mtim.tv_sec} * 1000 + info.st_mtim.tv_nsec / 1'000'000;
}

/// The shared folder's own name may be a link: its owner has chosen it. A workload's own was made by us.
Descriptor openRoot(const QString &path, bool shared)
{
    return Descriptor(
        ::open(QFile::encodeName(path).constData(), shared ? folderFlags & ~O_NOFOLLOW : folderFlags));
}

/// The folder that `name` lies in, by a way that follows no link.
Descriptor openParent(const QString &root, bool shared, const QString &name)
{
    Descriptor folder = openRoot(root, shared);
    const QStringList parts = name.split(u'/');
    for (qsizetype i = 0; i + 1 < parts.size() && folder.isOpen(); ++i)
        folder = Descriptor(::openat(folder.get(), QFile::encodeName(parts[i]).constData(), folderFlags));
    return folder;
}

QByteArray lastPart(const QString &name)
{
    return QFile::encodeName(name.mid(name.lastIndexOf(u'/') + 1));
}

/// What the link of that name leads to, relative to the root; empty if that is not below it.
QString targetOf(const QString &root, const QString &name)
{
    const QString top = QFileInfo(root).canonicalFilePath() + u'/';
    const QString target = QFileInfo(root + u'/' + name).canonicalFilePath();
    return target.startsWith(top) ? target.mid(top.size()) : QString();
}

/// The regular file of that name. Not open, with errno set, if there is none.
Descriptor openFile(const QString &root, bool shared, const QString &name, struct stat &info)
{
    const Descriptor parent = openParent(root, shared, name);
    if (!parent.isOpen())
        return Descriptor();
    // Not waiting for somebody at the other end of a pipe.
    Descriptor file(
        ::openat(parent.get(), lastPart(name).constData(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    if (file.isOpen() && (::fstat(file.get(), &info) != 0 || !S_ISREG(info.st_mode))) {
        file = Descriptor();
        errno = EINVAL;
    }
    return file;
}

/// One look through one folder and all below it.
class Walk {
public:
    Walk(const ResultPlaces &places, bool shared, const std::atomic<bool> &stop, qsizetype most,
         ResultListing &found)
        : m_places(places),
          m_root(shared ? places.shared : places.own),
          m_shared(shared),
          m_stop(stop),
          m_most(most),
          m_found(found)
    {
    }

    void run()
    {
        if (m_root.isEmpty())
            return;
        Descriptor root = openRoot(m_root, m_shared);
        if (root.isOpen())
            look(std::move(root), {}, 0);
        else if (errno != ENOENT)
            complain(u"cannot be read: "_s + systemError(errno), {});
    }

private:
    void look(Descriptor folder, const QString &prefix, int depth)
    {
        const std::unique_ptr<DIR, int (*)(DIR *)> entries(::fdopendir(folder.release()), ::closedir);
        if (!entries)
            return complain(u"cannot be read: "_s + systemError(errno), prefix);
        errno = 0;
        // NOLINTNEXTLINE(concurrency-mt-unsafe): each walk has a stream of its own
        while (const dirent *entry = m_stop ? nullptr : ::readdir(entries.get())) {
            if (std::strcmp(entry->d_name, ".") != 0 && std::strcmp(entry->d_name, "..") != 0)
                visit(::dirfd(entries.get()), entry->d_name, prefix, depth);
            errno = 0;
        }
        if (errno != 0)
            complain(u"cannot be read to its end: "_s + systemError(errno), prefix);
    }

    void visit(int folder, const char *rawName, const QString &prefix, int depth)
    {
        const QString name = prefix + QFile::decodeName(rawName);
        if (lastPart(name) != rawName)
            return complain(u"its name is no text, so it cannot be uploaded"_s, name);
        struct stat info = {};
        if (::fstatat(folder, rawName, &info, AT_SYMLINK_NOFOLLOW) != 0)
            return; // gone again
        if (S_ISDIR(info.st_mode))
            return descend(folder, rawName, name, depth);
        if (S_ISLNK(info.st_mode) && !readTarget(name, info))
            return;
        if (S_ISREG(info.st_mode) && counts(name, info))
            take(name, info);
    }

    void descend(int folder, const char *rawName, const QString &name, int depth)
    {
        if (depth == ResultFiles::mostDepth)
            return complain(u"lies too deep, so it is not looked into"_s, name);
        Descriptor below(::openat(folder, rawName, folderFlags));
        if (below.isOpen())
            look(std::move(below), name + u'/', depth + 1);
        else
            complain(u"cannot be read: "_s + systemError(errno), name);
    }

    bool readTarget(const QString &name, struct stat &info) const
    {
        const QString target = targetOf(m_root, name);
        return !target.isEmpty() && openFile(m_root, m_shared, target, info).isOpen();
    }

    /// What others have left in the shared folder, earlier or later, is not this workload's.
    bool counts(const QString &name, const struct stat &info) const
    {
        if (!m_shared)
            return true;
        const qint64 from = m_places.from.toMSecsSinceEpoch() - tickMs;
        if (modifiedMs(info) > m_places.until.toMSecsSinceEpoch())
            return false;
        if (modifiedMs(info) >= from)
            return true;
        // A copy may have been given the time of its original.
        const QDateTime made = QFileInfo(m_root + u'/' + name).birthTime();
        return made.isValid() && made.toMSecsSinceEpoch() >= from;
    }

    void take(const QString &name, const struct stat &info)
    {
        if (m_found.files.size() < m_most)
            m_found.files.append({m_shared, name, info.st_size, modifiedMs(info)});
        else
            ++m_found.leftOut;
    }

    void complain(const QString &what, const QString &name)
    {
        constexpr qsizetype mostProblems = 20;
        if (m_found.problems.size() < mostProblems)
            m_found.problems.append({what, name.isEmpty() ? m_root : m_root + u'/' + name, {}});
    }

    const ResultPlaces &m_places;
    QString m_root;
    bool m_shared;
    const std::atomic<bool> &m_stop;
    qsizetype m_most;
    ResultListing &m_found;
};

} // namespace

namespace {

/// The backend knows a workload's files by their names, so of two with one name it is to have the one that is
/// this workload's beyond doubt. `found` is sorted.
void leaveOutNamesakes(ResultListing &found, const QString &sharedFolder)
{
    const auto firstOut =
        std::unique(found.files.begin(), found.files.end(),
                    [](const ResultFile &a, const ResultFile &b) { return a.name == b.name; });
    const auto count = std::distance(firstOut, found.files.end());
    found.files.erase(firstOut, found.files.end());
    if (count > 0)
        found.problems.append({u"%1 files have the names of files in the workload's own folder, so they are "
                               "not uploaded"_s.arg(count),
                               sharedFolder,
                               {}});
}

} // namespace

ResultListing ResultFiles::list(const std::atomic<bool> &stop, qsizetype most) const
{
    ResultListing found;
    Walk(m_places, false, stop, most, found).run();
    Walk(m_places, true, stop, most, found).run();
    std::sort(found.files.begin(), found.files.end(), [](const ResultFile &a, const ResultFile &b) {
        return std::pair(a.name, a.shared) < std::pair(b.name, b.shared);
    });
    leaveOutNamesakes(found, m_places.shared);
    return found;
}

Result<ResultFiles::Opened> ResultFiles::open(const ResultFile &file) const
{
    const QString root = folderOf(file);
    const QString where = root + u'/' + file.name;
    struct stat info = {};
    Descriptor descriptor = openFile(root, file.shared, file.name, info);
    if (!descriptor.isOpen() && errno == ELOOP)
        descriptor = openFile(root, file.shared, targetOf(root, file.name), info);
    if (!descriptor.isOpen())
        return fail(errno == ENOENT ? u"it is not there any more"_s
                                    : u"it cannot be read: "_s + systemError(errno),
                    where);
    auto opened = std::make_unique<QFile>();
    if (!opened->open(descriptor.get(), QIODevice::ReadOnly | QIODevice::Unbuffered,
                      QFileDevice::AutoCloseHandle))
        return fail(u"it cannot be read: "_s + opened->errorString(), where);
    (void)descriptor.release();
    return Opened{std::move(opened), {file.shared, file.name, info.st_size, modifiedMs(info)}};
}

ResultFile ResultFiles::current(ResultFile file, const QFile &open)
{
    struct stat info = {};
    (void)::fstat(open.handle(), &info);
    file.size = info.st_size;
    file.modified = modifiedMs(info);
    return file;
}

Result<void> ResultFiles::remove(const ResultFile &file) const
{
    const QString root = folderOf(file);
    const QString where = root + u'/' + file.name;
    const Descriptor parent = openParent(root, file.shared, file.name);
    const QByteArray name = lastPart(file.name);
    struct stat info = {};
    if (!parent.isOpen() || ::fstatat(parent.get(), name.constData(), &info, AT_SYMLINK_NOFOLLOW) != 0)
        return errno == ENOENT ? Result<void>() : fail(u"cannot be removed: "_s + systemError(errno), where);
    // A link whose file has gone has served its turn.
    const bool leads = ::fstatat(parent.get(), name.constData(), &info, 0) == 0;
    if (leads && (info.st_size != file.size || modifiedMs(info) != file.modified))
        return fail(u"has changed since it was uploaded, so it is kept"_s, where);
    if (::unlinkat(parent.get(), name.constData(), 0) != 0 && errno != ENOENT)
        return fail(u"cannot be removed: "_s + systemError(errno), where);
    return {};
}

} // namespace cloudnode
