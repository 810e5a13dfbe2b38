#include "farewell.h"

#include <QCoreApplication>
#include <QTimer>

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>

namespace cloudnode::qtmqtt {

using namespace std::chrono_literals;

Farewell::Farewell(int line)
    : QObject(QCoreApplication::instance()),
      m_line(line),
      m_readable(line, QSocketNotifier::Read)
{
    connect(&m_readable, &QSocketNotifier::activated, this, &Farewell::discard);
    QTimer::singleShot(5s, this, &QObject::deleteLater);
    ::shutdown(m_line, SHUT_WR);
}

Farewell::~Farewell()
{
    m_readable.setEnabled(false);
    ::close(m_line);
}

void Farewell::discard()
{
    std::array<char, 4096> unwanted{};
    const ssize_t size = ::recv(m_line, unwanted.data(), unwanted.size(), MSG_DONTWAIT);
    if (size > 0 || (size < 0 && (errno == EAGAIN || errno == EINTR)))
        return;
    m_readable.setEnabled(false);
    deleteLater();
}

} // namespace cloudnode::qtmqtt
