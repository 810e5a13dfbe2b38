#include "bench/window/desktoponnode.h"

#include "bench/waiting.h"
#include "control/controlsocketpath.h"
#include "ui/logview/logview.h"
#include "ui/look/segments.h"
#include "ui/workloads/workloadpanel.h"
#include "ui/workloads/workloadtable.h"

#include <QApplication>
#include <QSortFilterProxyModel>

namespace cloudnode::bench {

DesktopOnNode::DesktopOnNode(const QString &stateDir)
{
    m_host.state = stateDir;
    m_host.sockets = controlSocketPaths(stateDir).value_or(QStringList());
    m_host.token = QStringLiteral("kept");
}

bool DesktopOnNode::open(int workloads)
{
    m_desktop = std::make_unique<Desktop>(m_host, false);
    m_desktop->start();
    if (!findParts())
        return false;
    const bool filled =
        runUntil([&] { return m_window->isVisible() && m_workloads->rowCount() >= workloads; });
    QCoreApplication::processEvents(); // what was inserted is painted
    return filled;
}

bool DesktopOnNode::findParts()
{
    const QWidgetList windows = QApplication::topLevelWidgets();
    for (QWidget *window : windows) {
        if (auto *found = qobject_cast<NodeWindow *>(window))
            m_window = found;
    }
    auto *panel = m_window ? m_window->findChild<WorkloadPanel *>() : nullptr;
    auto *table = panel ? panel->findChild<WorkloadTable *>() : nullptr;
    auto *filter = table ? qobject_cast<QSortFilterProxyModel *>(table->model()) : nullptr;
    m_workloads = filter ? qobject_cast<WorkloadModel *>(filter->sourceModel()) : nullptr;
    m_which = panel ? panel->findChild<Segments *>() : nullptr;
    m_log = m_window ? m_window->findChild<LogView *>() : nullptr;
    return m_workloads && m_which && m_log;
}

} // namespace cloudnode::bench
