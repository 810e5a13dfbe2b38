#pragma once

#include "platform/descriptor.h"
#include "platform/exitwatch.h"

#include <QSocketNotifier>

namespace cloudnode {

/// The end of a supervisor, told by that of its report: earlier than by that of its process, which takes a
/// moment to go.
class SupervisorLine final : public ExitWatch {
    Q_OBJECT

public:
    /// `line` is our end of the report, see record/launchorder.h.
    explicit SupervisorLine(Descriptor line);

private:
    void listen();

    Descriptor m_line;
    QSocketNotifier m_notifier; // needs m_line
};

} // namespace cloudnode
