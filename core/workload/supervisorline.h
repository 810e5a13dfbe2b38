#pragma once

#include "platform/descriptor.h"
#include "platform/exitwatch.h"

#include <QSocketNotifier>

#include <functional>

namespace cloudnode {

/// The end of a workload, told by its supervisor, or by the end of that one's report: earlier than by that of
/// its process, which takes a moment to go, or takes the next order.
class SupervisorLine final : public ExitWatch {
    Q_OBJECT

public:
    using Freed = std::function<void(Descriptor line)>;

    /// `line` is our end of the report, see record/launchorder.h. `freed` gets it back if the supervisor
    /// would do the same again.
    SupervisorLine(Descriptor line, Freed freed);

private:
    void listen();

    Descriptor m_line;
    Freed m_freed;
    QSocketNotifier m_notifier; // needs m_line
};

} // namespace cloudnode
