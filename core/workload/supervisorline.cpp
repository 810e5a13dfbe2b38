#include "workload/supervisorline.h"

#include "record/launchorder.h"

namespace cloudnode {

SupervisorLine::SupervisorLine(Descriptor line, Freed freed)
    : m_line(std::move(line)),
      m_freed(std::move(freed)),
      m_notifier(m_line.get(), QSocketNotifier::Read)
{
    connect(&m_notifier, &QSocketNotifier::activated, this, &SupervisorLine::listen);
}

void SupervisorLine::listen()
{
    const auto heard = hear(m_line.get());
    if (!heard)
        return;
    m_notifier.setEnabled(false);
    if (heard->starts_with(reportword::isFree))
        m_freed(std::move(m_line));
    emit ended();
}

} // namespace cloudnode
