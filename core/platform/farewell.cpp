#include "platform/farewell.h"

#include "platform/rawsocket.h"

#include <QCoreApplication>
#include <QTimer>

#include <chrono>

using namespace std::chrono_literals;

namespace cloudnode {

Farewell::Farewell(int line)
    : QObject(QCoreApplication::instance()),
      m_line(line),
      m_readable(line, QSocketNotifier::Read)
{
    connect(&m_readable, &QSocketNotifier::activated, this, &Farewell::discard);
    QTimer::singleShot(5s, this, &QObject::deleteLater);
    rawsocket::endSending(m_line);
}

Farewell::~Farewell()
{
    m_readable.setEnabled(false);
    rawsocket::close(m_line);
}

void Farewell::discard()
{
    if (rawsocket::discard(m_line))
        return;
    m_readable.setEnabled(false);
    deleteLater();
}

} // namespace cloudnode
