#include "platform/rawsocket.h"

#include <dirent.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <memory>

namespace cloudnode::rawsocket {

namespace {

/// Zero if it is no connection to another machine or program over IP.
quint16 peerPortOf(int fd)
{
    sockaddr_storage peer = {};
    socklen_t size = sizeof peer;
    if (::getpeername(fd, reinterpret_cast<sockaddr *>(&peer), &size) != 0)
        return 0;
    if (peer.ss_family == AF_INET)
        return ntohs(reinterpret_cast<const sockaddr_in &>(peer).sin_port);
    return peer.ss_family == AF_INET6 ? ntohs(reinterpret_cast<const sockaddr_in6 &>(peer).sin6_port) : 0;
}

} // namespace

void keepFromChildren(int socket)
{
    ::fcntl(socket, F_SETFD, FD_CLOEXEC);
}

int duplicate(int socket)
{
    return ::fcntl(socket, F_DUPFD_CLOEXEC, 0);
}

void endSending(int socket)
{
    ::shutdown(socket, SHUT_WR);
}

bool discard(int socket)
{
    std::array<char, 4096> unwanted{};
    const ssize_t size = ::recv(socket, unwanted.data(), unwanted.size(), MSG_DONTWAIT);
    return size > 0 || (size < 0 && (errno == EAGAIN || errno == EINTR));
}

void close(int socket)
{
    ::close(socket);
}

void sendPromptly(quint16 peerPort)
{
    const std::unique_ptr<DIR, int (*)(DIR *)> folder(::opendir("/dev/fd"), ::closedir);
    // NOLINTNEXTLINE(concurrency-mt-unsafe): each call has a stream of its own
    while (const dirent *entry = folder ? ::readdir(folder.get()) : nullptr) {
        const int fd =
            std::atoi(entry->d_name); // NOLINT(cert-err34-c): "." and ".." are no connections either
        const int on = 1;
        if (peerPortOf(fd) == peerPort)
            ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    }
}

QString lookupError(int number)
{
    return QString::fromLocal8Bit(::gai_strerror(number));
}

} // namespace cloudnode::rawsocket
