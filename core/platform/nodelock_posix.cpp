#include "platform/nodelock.h"

#include <QFile>

#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

namespace {

constexpr int pauseMs = 10;
constexpr int pauses = 100;

QString holderOf(int fd)
{
    std::array<char, 32> text = {};
    const ssize_t n = ::pread(fd, text.data(), text.size(), 0);
    return QString::fromLatin1(text.data(), n > 0 ? n : 0).trimmed();
}

bool isDead(const QString &pid)
{
    const int number = pid.toInt();
    return number > 0 && ::kill(number, 0) != 0 && errno == ESRCH;
}

/// False, and errno, if it cannot be had. A node that was killed while it started a program is survived for a
/// moment by a copy of itself, which lets go when it becomes that program.
bool lock(int fd)
{
    for (int i = 0; i < pauses; ++i) {
        if (::flock(fd, LOCK_EX | LOCK_NB) == 0)
            return true;
        if (errno != EWOULDBLOCK)
            return false;
        if (!isDead(holderOf(fd)))
            break;
        ::poll(nullptr, 0, pauseMs);
    }
    errno = EWOULDBLOCK;
    return false;
}

} // namespace

Result<std::unique_ptr<NodeLock>> NodeLock::acquire(const QString &path)
{
    const int fd = ::open(QFile::encodeName(path).constData(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        return fail(u"cannot open the lock: "_s + systemError(errno), path);
    if (!lock(fd)) {
        const int reason = errno;
        const QString pid = holderOf(fd);
        const QString holder = pid.isEmpty() ? u"another node"_s : u"another node, process %1,"_s.arg(pid);
        ::close(fd);
        if (reason != EWOULDBLOCK)
            return fail(u"cannot lock: "_s + systemError(reason), path);
        return fail(holder + u" already runs with this state directory"_s, path,
                    u"Stop it first, or give this node a directory of its own with --state-dir."_s);
    }
    // For people only: on a full disk the lock is held as well without.
    const QByteArray pid = QByteArray::number(static_cast<qint64>(::getpid())) + '\n';
    if (::ftruncate(fd, 0) == 0)
        (void)!::pwrite(fd, pid.constData(), static_cast<size_t>(pid.size()), 0);
    return std::unique_ptr<NodeLock>(new NodeLock(fd));
}

NodeLock::~NodeLock()
{
    ::close(m_fd);
}

} // namespace cloudnode
