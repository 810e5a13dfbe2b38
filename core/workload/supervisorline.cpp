#include "workload/supervisorline.h"

#include "record/launchorder.h"

namespace cloudnode {

SupervisorLine::SupervisorLine(Descriptor line)
    : m_line(std::move(line)),
      m_notifier(m_line.get(), QSocketNotifier::Read)
{
    connect(&m_notifier, &QSocketNotifier::activated, this, &SupervisorLine::listen);
}

void SupervisorLine::listen()
{
    while (const auto heard = hear(m_line.get())) {
        if (!heard->empty())
            continue;
        m_notifier.setEnabled(false);
        emit ended();
        return;
    }
}

} // namespace cloudnode
