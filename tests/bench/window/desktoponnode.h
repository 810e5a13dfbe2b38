#pragma once

#include "gui/fakehost.h"
#include "ui/desktop/desktop.h"

class QSortFilterProxyModel;

namespace cloudnode {
class LogView;
class Segments;
} // namespace cloudnode

namespace cloudnode::bench {

/// The real tray and window, attached to a real node through its control socket.
class DesktopOnNode {
public:
    explicit DesktopOnNode(const QString &stateDir);

    /// Lets the window open. False if it does not show `workloads` workloads, painted, in time.
    bool open(int workloads);
    Segments &whichWorkloads() { return *m_which; }
    LogView &log() { return *m_log; }

private:
    bool findParts();

    FakeHost m_host;
    std::unique_ptr<Desktop> m_desktop; // needs m_host
    NodeWindow *m_window = nullptr;     // and these are parts of m_desktop
    Segments *m_which = nullptr;
    LogView *m_log = nullptr;
    WorkloadModel *m_workloads = nullptr;
};

} // namespace cloudnode::bench
