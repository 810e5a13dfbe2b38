#include "bench/place.h"

#include "platform/descriptor.h"

#include <QDir>
#include <QFile>

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode::bench {

namespace {

/// Folders made in it get room of their own. Other file systems refuse that, and have no need of it.
void spreadFoldersIn(const QString &path)
{
    const Descriptor folder(::open(QFile::encodeName(path).constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    int flags = 0;
    if (::ioctl(folder.get(), FS_IOC_GETFLAGS, &flags) != 0)
        return;
    flags |= FS_TOPDIR_FL;
    (void)::ioctl(folder.get(), FS_IOC_SETFLAGS, &flags);
}

} // namespace

Place::Place(State state)
    : m_folder((state == State::InMemory ? u"/dev/shm"_s : QDir::tempPath()) + u"/cloudnode-bench-XXXXXX"_s)
{
    spreadFoldersIn(m_folder.path());
}

} // namespace cloudnode::bench
