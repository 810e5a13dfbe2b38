#include "platform/rawsocket.h"

#include <fcntl.h>
#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace cloudnode::rawsocket {

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

QString lookupError(int number)
{
    return QString::fromLocal8Bit(::gai_strerror(number));
}

} // namespace cloudnode::rawsocket
