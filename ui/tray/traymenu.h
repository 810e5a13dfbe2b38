#pragma once

#include "ui/feed/nodemonitor.h"

#include <QMenu>

namespace cloudnode {

/// The menu of the tray: how the node is, what runs with a way to end it, and the few things one does without
/// a window. An open menu is not rebuilt while the same workloads run.
class TrayMenu : public QMenu {
    Q_OBJECT

public:
    explicit TrayMenu(NodeMonitor &monitor, QWidget *parent = nullptr);

    void setStartAtLogin(bool on);

signals:
    void openAsked();
    void cancelAsked(const QString &key);
    void pauseAsked(bool pause);
    void startAtLoginAsked(bool on);
    void quitAsked();

private:
    QAction *addFact();
    void update();
    void updateWorkloads();
    void rebuildWorkloads(const QList<WorkloadRecord> &active);

    NodeMonitor &m_monitor;
    QAction *m_state;
    QAction *m_heartbeat;
    QAction *m_workloadsEnd; ///< the separator after the workloads
    QList<QMenu *> m_workloads;
    QStringList m_keys; ///< of m_workloads
    QAction *m_pause;
    QAction *m_startAtLogin;
    QAction *m_quit;
};

} // namespace cloudnode
