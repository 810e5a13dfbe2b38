#include "record/launchorder.h"

#include <fcntl.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace cloudnode {

namespace {

constexpr std::size_t mostPassengers = 2;      // folder, report
constexpr std::size_t longestWord = 16 * 1024; // a reason with a few paths in it

/// Room for the descriptors that travel with a message.
union Luggage {
    cmsghdr header;
    char bytes[CMSG_SPACE(mostPassengers * sizeof(int))];
};

/// A message of one part; `luggage` is what comes with it.
msghdr messageOf(iovec &part, Luggage &luggage)
{
    msghdr message = {};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = luggage.bytes;
    message.msg_controllen = sizeof luggage.bytes;
    return message;
}

std::string pack(const LaunchOrder &order)
{
    std::string text = std::to_string(order.arguments.size()) + '\0';
    for (const auto *words : {&order.arguments, &order.environment}) {
        for (const std::string &word : *words)
            (text += word) += '\0';
    }
    return text;
}

void unpack(const std::string &text, LaunchOrder &order)
{
    std::vector<std::string> words;
    for (auto begin = text.begin(); begin != text.end();) {
        const auto end = std::find(begin, text.end(), '\0');
        words.emplace_back(begin, end);
        begin = end == text.end() ? end : end + 1;
    }
    if (words.empty())
        return;
    const auto count = std::min<std::size_t>(std::strtoul(words[0].c_str(), nullptr, 10), words.size() - 1);
    const auto firstVariable = words.begin() + 1 + static_cast<std::ptrdiff_t>(count);
    order.arguments.assign(words.begin() + 1, firstVariable);
    order.environment.assign(firstVariable, words.end());
}

/// Of the next message; none if there will be no more.
std::optional<std::size_t> nextSize(int socket)
{
    ssize_t size = 0;
    do
        size = ::recv(socket, nullptr, 0, MSG_PEEK | MSG_TRUNC);
    while (size < 0 && errno == EINTR);
    return size > 0 ? std::optional(static_cast<std::size_t>(size)) : std::nullopt;
}

/// What has come with a message. Others than ours send none.
std::array<Descriptor, mostPassengers> unload(msghdr &message)
{
    std::array<Descriptor, mostPassengers> all;
    const cmsghdr *header = CMSG_FIRSTHDR(&message);
    if (!header || header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS)
        return all;
    const std::size_t count = std::min((header->cmsg_len - CMSG_LEN(0)) / sizeof(int), mostPassengers);
    int fds[mostPassengers] = {-1, -1};
    std::memcpy(fds, CMSG_DATA(header), count * sizeof(int));
    for (std::size_t i = 0; i < count; ++i)
        all[i] = Descriptor(fds[i]);
    return all;
}

} // namespace

std::optional<SocketPair> messageSockets()
{
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
        return std::nullopt;
    return SocketPair{Descriptor(ends[0]), Descriptor(ends[1])};
}

void becomeStandardInput(int socket)
{
    ::dup2(socket, STDIN_FILENO);
}

Descriptor openFolder(const std::string &path)
{
    return Descriptor(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
}

bool sendOrder(int socket, const LaunchOrder &order)
{
    std::string text = pack(order);
    iovec part = {text.data(), text.size()};
    Luggage luggage = {};
    msghdr message = messageOf(part, luggage);
    const int fds[mostPassengers] = {order.folder.get(), order.report.get()};
    const std::size_t size = (order.report.isOpen() ? 2 : 1) * sizeof(int);
    luggage.header.cmsg_level = SOL_SOCKET;
    luggage.header.cmsg_type = SCM_RIGHTS;
    luggage.header.cmsg_len = CMSG_LEN(size);
    std::memcpy(CMSG_DATA(&luggage.header), fds, size);
    message.msg_controllen = CMSG_SPACE(size);
    return ::sendmsg(socket, &message, MSG_DONTWAIT | MSG_NOSIGNAL) == static_cast<ssize_t>(text.size());
}

std::optional<LaunchOrder> receiveOrder(int socket)
{
    const auto size = nextSize(socket);
    if (!size)
        return std::nullopt;
    std::string text(*size, '\0');
    iovec part = {text.data(), text.size()};
    Luggage luggage = {};
    msghdr message = messageOf(part, luggage);
    if (::recvmsg(socket, &message, MSG_CMSG_CLOEXEC) <= 0)
        return std::nullopt;
    LaunchOrder order;
    auto passengers = unload(message);
    order.folder = std::move(passengers[0]);
    order.report = std::move(passengers[1]);
    unpack(text, order);
    return order;
}

void giveConsent(int report)
{
    ::send(report, "!", 1, MSG_DONTWAIT | MSG_NOSIGNAL);
}

std::optional<std::string> hear(int report)
{
    char buffer[longestWord];
    const ssize_t size = ::recv(report, buffer, sizeof buffer, MSG_DONTWAIT);
    if (size < 0 && (errno == EAGAIN || errno == EINTR))
        return std::nullopt;
    return std::string(buffer, size > 0 ? static_cast<std::size_t>(size) : 0);
}

} // namespace cloudnode
