#include "platform/endofinput.h"

#include <unistd.h>

#include <array>
#include <cerrno>

namespace cloudnode {

EndOfInput::EndOfInput(QObject *parent) : QObject(parent), m_notifier(STDIN_FILENO, QSocketNotifier::Read)
{
    connect(&m_notifier, &QSocketNotifier::activated, this, &EndOfInput::readAvailable);
}

void EndOfInput::readAvailable()
{
    std::array<char, 4096> dropped{};
    const ssize_t count = ::read(STDIN_FILENO, dropped.data(), dropped.size());
    if (count > 0 || (count < 0 && (errno == EINTR || errno == EAGAIN)))
        return;
    m_notifier.setEnabled(false);
    emit reached();
}

} // namespace cloudnode
