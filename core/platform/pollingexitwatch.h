#pragma once

#include "platform/exitwatch.h"

#include <QTimer>

namespace cloudnode {

/// Looks every second whether the process is still there, for systems that cannot tell by themselves.
class PollingExitWatch final : public ExitWatch {
    Q_OBJECT

public:
    explicit PollingExitWatch(ProcessIdentity process);

private:
    void look();

    ProcessIdentity m_process;
    QTimer m_timer;
};

} // namespace cloudnode
