#include "platform/controllistener.h"

#include <QFile>
#include <QFileInfo>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace cloudnode {

namespace {

constexpr int backlog = 64;
constexpr int acceptedPerTurn = 16;
constexpr auto restTime = 1s; ///< while this process has no descriptor left for another client

/// Closes on every way out of a scope, unless taken.
class OwnedSocket {
public:
    explicit OwnedSocket(int fd) : m_fd(fd) {}
    ~OwnedSocket()
    {
        if (m_fd >= 0)
            ::close(m_fd);
    }
    Q_DISABLE_COPY_MOVE(OwnedSocket)
    int get() const { return m_fd; }
    int take() { return std::exchange(m_fd, -1); }

private:
    int m_fd;
};

tl::unexpected<Error> cannotListen(const QString &path, int reason)
{
    return fail(u"cannot listen: "_s + systemError(reason), path);
}

Error occupied(const QString &path)
{
    return {u"a node with this state directory is already running"_s, path,
            u"Use that one, or stop it first: cloudnode stop"_s};
}

int newSocket()
{
    return ::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
}

Result<sockaddr_un> addressOf(const QString &path)
{
    const QByteArray name = QFile::encodeName(path);
    sockaddr_un address = {};
    address.sun_family = AF_UNIX;
    if (!ControlListener::canListenAt(path))
        return fail(u"the path is too long for a socket"_s, path, u"Use a shorter state directory."_s);
    std::memcpy(address.sun_path, name.constData(), static_cast<size_t>(name.size()));
    return address;
}

bool callSocket(int (*function)(int, const sockaddr *, socklen_t), int fd, const sockaddr_un &address)
{
    return function(fd, reinterpret_cast<const sockaddr *>(&address), sizeof(address)) == 0;
}

/// What the system says to a connection there: 0 if somebody accepts it, or would if fewer were waiting;
/// ECONNREFUSED if nobody holds that file any more.
int probe(const QString &path)
{
    const Result<sockaddr_un> address = addressOf(path);
    if (!address)
        return ENAMETOOLONG;
    const OwnedSocket socket(newSocket());
    if (callSocket(::connect, socket.get(), *address) || errno == EAGAIN)
        return 0;
    return errno;
}

/// A folder that nobody else can enter. One of another user is refused: its owner could put a socket of his
/// own in the place of ours.
Result<void> preparePrivateFolder(const QString &path)
{
    const QByteArray name = QFile::encodeName(path);
    if (::mkdir(name.constData(), 0700) != 0 && errno != EEXIST)
        return fail(u"cannot make the folder: "_s + systemError(errno), path);
    const OwnedSocket folder(::open(name.constData(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    struct stat state = {};
    if (folder.get() < 0 || ::fstat(folder.get(), &state) != 0)
        return fail(u"cannot open the folder: "_s + systemError(errno), path);
    if (state.st_uid != ::geteuid())
        return fail(u"the folder belongs to another user"_s, path);
    if ((state.st_mode & 07777) != 0700 && ::fchmod(folder.get(), 0700) != 0)
        return fail(u"cannot make the folder private: "_s + systemError(errno), path);
    return {};
}

/// Two nodes that start at the same moment must not both take the file of a dead one for theirs to replace.
/// Held until the descriptor is closed. The file stays: removing it would let a third one lock a file without
/// a name.
Result<int> lock(const QString &path)
{
    const QByteArray name = QFile::encodeName(path + u".lock"_s);
    OwnedSocket file(::open(name.constData(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (file.get() < 0)
        return cannotListen(path, errno);
    if (::flock(file.get(), LOCK_EX | LOCK_NB) != 0)
        return errno == EWOULDBLOCK ? Result<int>(tl::make_unexpected(occupied(path)))
                                    : cannotListen(path, errno);
    return file.take();
}

Result<void> removeDeadSocket(const QString &path)
{
    const QByteArray name = QFile::encodeName(path);
    struct stat state = {};
    if (::lstat(name.constData(), &state) != 0)
        return {};
    if (!S_ISSOCK(state.st_mode))
        return fail(u"a file that is no socket is in the way"_s, path, u"Remove it."_s);
    const int reason = probe(path);
    if (reason == 0)
        return tl::make_unexpected(occupied(path));
    if (reason != ECONNREFUSED)
        return cannotListen(path, reason);
    if (::unlink(name.constData()) != 0)
        return cannotListen(path, errno);
    return {};
}

Result<int> listenAt(const QString &path)
{
    const Result<sockaddr_un> address = addressOf(path);
    if (!address)
        return tl::make_unexpected(address.error());
    OwnedSocket socket(newSocket());
    // Nobody can connect before listen(), hence never while the file still has its first mode.
    if (!callSocket(::bind, socket.get(), *address) || ::chmod(address->sun_path, 0600) != 0 ||
        ::listen(socket.get(), backlog) != 0)
        return cannotListen(path, errno);
    return socket.take();
}

uid_t peerOf(int descriptor)
{
    ucred peer = {};
    socklen_t size = sizeof(peer);
    const bool known = ::getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0;
    return known ? peer.uid : static_cast<uid_t>(-1);
}

} // namespace

bool ControlListener::isOwnerOrRoot(uint peer)
{
    return peer == ::geteuid() || peer == 0;
}

bool ControlListener::canListenAt(const QString &path)
{
    return static_cast<size_t>(QFile::encodeName(path).size()) < sizeof(sockaddr_un::sun_path);
}

ControlListener::ControlListener(PeerCheck mayConnect, QObject *parent)
    : QObject(parent),
      m_mayConnect(std::move(mayConnect))
{
    m_rest.setSingleShot(true);
    connect(&m_rest, &QTimer::timeout, this, [this] {
        if (m_notifier)
            m_notifier->setEnabled(true);
    });
}

ControlListener::~ControlListener()
{
    close();
}

Result<void> ControlListener::open(const QStringList &paths)
{
    close();
    for (const QString &path : paths) {
        if (probe(path) == 0)
            return tl::make_unexpected(occupied(path));
    }
    Result<void> opened = fail(u"there is no place for the control socket"_s);
    for (const QString &path : paths) {
        opened = openAt(path);
        if (opened || opened.error() == occupied(path))
            return opened;
    }
    return opened;
}

Result<void> ControlListener::openAt(const QString &path)
{
    if (auto prepared = preparePrivateFolder(QFileInfo(path).path()); !prepared)
        return prepared;
    const Result<int> locked = lock(path);
    if (!locked)
        return tl::make_unexpected(locked.error());
    const OwnedSocket held(*locked);
    if (auto removed = removeDeadSocket(path); !removed)
        return removed;
    const Result<int> listening = listenAt(path);
    if (!listening)
        return tl::make_unexpected(listening.error());

    struct stat state = {};
    ::stat(QFile::encodeName(path).constData(), &state);
    m_device = state.st_dev;
    m_inode = state.st_ino;
    m_socket = *listening;
    m_path = path;
    m_notifier = std::make_unique<QSocketNotifier>(m_socket, QSocketNotifier::Read);
    connect(m_notifier.get(), &QSocketNotifier::activated, this, &ControlListener::accept);
    return {};
}

void ControlListener::close()
{
    if (m_socket < 0)
        return;
    if (isReachable())
        ::unlink(QFile::encodeName(m_path).constData());
    m_notifier.reset();
    m_rest.stop();
    ::close(std::exchange(m_socket, -1));
    m_path.clear();
}

bool ControlListener::isReachable() const
{
    struct stat state = {};
    return m_socket >= 0 && ::lstat(QFile::encodeName(m_path).constData(), &state) == 0 &&
           state.st_dev == m_device && state.st_ino == m_inode;
}

void ControlListener::accept()
{
    for (int i = 0; i < acceptedPerTurn && m_socket >= 0; ++i) {
        OwnedSocket client(::accept4(m_socket, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
        if (client.get() < 0) {
            if (errno == ECONNABORTED || errno == EINTR)
                continue;
            if (errno != EAGAIN)
                rest();
            return;
        }
        if (m_mayConnect(peerOf(client.get())))
            emit accepted(client.take());
    }
}

/// The waiting client would wake the event loop for ever.
void ControlListener::rest()
{
    m_notifier->setEnabled(false);
    m_rest.start(restTime);
}

} // namespace cloudnode
