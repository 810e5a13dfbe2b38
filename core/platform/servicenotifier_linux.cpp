#include "platform/servicenotifier.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <chrono>
#include <cstddef>
#include <cstring>

namespace cloudnode {

namespace {

std::chrono::milliseconds watchdogInterval()
{
    bool isForUs = qEnvironmentVariableIsEmpty("WATCHDOG_PID");
    isForUs = isForUs || qgetenv("WATCHDOG_PID").toLongLong() == ::getpid();
    const qint64 microseconds = isForUs ? qgetenv("WATCHDOG_USEC").toLongLong() : 0;
    return std::chrono::milliseconds(microseconds / 1000 / 2);
}

} // namespace

ServiceNotifier::ServiceNotifier(QObject *parent) : QObject(parent), m_address(qgetenv("NOTIFY_SOCKET"))
{
    const auto interval = watchdogInterval();
    for (const char *name : {"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"})
        qunsetenv(name);
    if (m_address.isEmpty())
        return;
    if (m_address.startsWith('@'))
        m_address[0] = '\0'; // a name in the abstract namespace
    m_socket = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    connect(&m_watchdog, &QTimer::timeout, this, [this] { send("WATCHDOG=1"); });
    if (interval > std::chrono::milliseconds(0))
        m_watchdog.start(interval);
}

ServiceNotifier::~ServiceNotifier()
{
    if (m_socket >= 0)
        ::close(m_socket);
}

void ServiceNotifier::ready()
{
    send("READY=1");
}

void ServiceNotifier::stopping()
{
    send("STOPPING=1");
}

void ServiceNotifier::status(const QString &text)
{
    send("STATUS=" + text.toUtf8().replace('\n', ' '));
}

void ServiceNotifier::send(const QByteArray &message) const
{
    sockaddr_un to = {};
    to.sun_family = AF_UNIX;
    if (m_socket < 0 || static_cast<std::size_t>(m_address.size()) >= sizeof to.sun_path)
        return;
    std::memcpy(to.sun_path, m_address.constData(), static_cast<std::size_t>(m_address.size()));
    const auto length =
        static_cast<socklen_t>(offsetof(sockaddr_un, sun_path)) + static_cast<socklen_t>(m_address.size());
    // If the manager does not listen, there is nobody to complain to.
    (void)::sendto(m_socket, message.constData(), static_cast<std::size_t>(message.size()), MSG_NOSIGNAL,
                   reinterpret_cast<const sockaddr *>(&to), length);
}

} // namespace cloudnode
