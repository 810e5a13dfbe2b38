#include "control/throttle.h"

using namespace std::chrono_literals;

namespace cloudnode {

Throttle::Throttle(std::chrono::milliseconds interval, QObject *parent)
    : QObject(parent),
      m_interval(interval)
{
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &Throttle::expire);
}

void Throttle::request()
{
    m_wanted = true;
    if (!m_timer.isActive())
        m_timer.start(0ms);
}

void Throttle::expire()
{
    if (!m_wanted)
        return;
    m_wanted = false;
    m_timer.start(m_interval);
    emit due();
}

} // namespace cloudnode
