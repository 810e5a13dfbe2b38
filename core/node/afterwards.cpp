#include "node/afterwards.h"

#include <utility>

namespace cloudnode {

Afterwards::Afterwards()
{
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &Afterwards::doAll);
}

Afterwards::~Afterwards()
{
    doAll();
}

void Afterwards::add(std::function<void()> deed)
{
    m_deeds.push_back(std::move(deed));
    if (!m_timer.isActive())
        m_timer.start(0);
}

void Afterwards::doAll()
{
    while (!m_deeds.empty()) {
        const auto deed = std::move(m_deeds.front());
        m_deeds.pop_front();
        deed();
    }
}

} // namespace cloudnode
