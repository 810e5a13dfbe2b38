#include "platform/atomicfile.h"
#include "platform/descriptor.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode::atomicfile {

namespace {

bool writeAll(int fd, const QByteArray &data)
{
    qsizetype done = 0;
    while (done < data.size()) {
        const ssize_t n = ::write(fd, data.constData() + done, static_cast<size_t>(data.size() - done));
        if (n < 0 && errno != EINTR)
            return false;
        if (n > 0)
            done += n;
    }
    return true;
}

tl::unexpected<Error> cannot(const QString &path, int errnoValue)
{
    return fail(u"cannot write: "_s + systemError(errnoValue), path,
                errnoValue == ENOSPC ? u"Free some disk space."_s : QString());
}

} // namespace

Result<void> write(const QString &path, const QByteArray &data, Durability durability)
{
    const QByteArray target = QFile::encodeName(path);
    QByteArray temporary = target + ".XXXXXX";
    const Descriptor file(::mkostemp(temporary.data(), O_CLOEXEC)); // creates with mode 0600
    if (!file.isOpen())
        return cannot(path, errno);

    const bool durable = durability == Durability::PowerLoss;
    if (!writeAll(file.get(), data) || (durable && ::fsync(file.get()) != 0) ||
        ::rename(temporary.constData(), target.constData()) != 0) {
        const int reason = errno;
        ::unlink(temporary.constData());
        return cannot(path, reason);
    }
    if (durable) {
        const QByteArray folderName = QFile::encodeName(QFileInfo(path).path());
        const Descriptor folder(::open(folderName.constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
        if (!folder.isOpen() || ::fsync(folder.get()) != 0)
            return cannot(path, errno);
    }
    return {};
}

Result<void> writeNew(const QString &path, const QByteArray &data)
{
    const QByteArray target = QFile::encodeName(path);
    const Descriptor file(::open(target.constData(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!file.isOpen())
        return cannot(path, errno);
    if (!writeAll(file.get(), data) || ::fsync(file.get()) != 0) {
        const int reason = errno;
        ::unlink(target.constData());
        return cannot(path, reason);
    }
    return {};
}

Result<void> fill(const QString &path, const QByteArray &data, Durability durability)
{
    const Descriptor file(::open(QFile::encodeName(path).constData(), O_WRONLY | O_CLOEXEC | O_NOFOLLOW));
    if (!file.isOpen() || !writeAll(file.get(), data) ||
        (durability == Durability::PowerLoss && ::fsync(file.get()) != 0))
        return cannot(path, errno);
    return {};
}

Result<void> empty(const QString &path)
{
    const Descriptor file(
        ::open(QFile::encodeName(path).constData(), O_WRONLY | O_TRUNC | O_CLOEXEC | O_NOFOLLOW));
    if (!file.isOpen() || ::fsync(file.get()) != 0)
        return cannot(path, errno);
    return {};
}

Result<void> makePrivateFolder(const QString &path)
{
    const QString clean = QDir::cleanPath(path);
    const QByteArray name = QFile::encodeName(clean);
    if (::mkdir(name.constData(), 0700) == 0 || QFileInfo(clean).isDir())
        return {};
    const QString parent = QFileInfo(clean).path();
    if (parent != clean) {
        if (auto made = makePrivateFolder(parent); !made)
            return made;
    }
    if (::mkdir(name.constData(), 0700) == 0)
        return {};
    const int problem = errno;
    if (problem == EEXIST && QFileInfo(clean).isDir()) // somebody else has made it meanwhile
        return {};
    return fail(u"cannot make the folder: "_s + systemError(problem), clean);
}

} // namespace cloudnode::atomicfile
