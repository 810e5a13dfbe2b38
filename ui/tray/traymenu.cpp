#include "ui/tray/traymenu.h"

#include "ui/tray/traywords.h"

namespace cloudnode {

TrayMenu::TrayMenu(NodeMonitor &monitor, QWidget *parent)
    : QMenu(parent),
      m_monitor(monitor),
      m_state(addFact()),
      m_heartbeat(addFact())
{
    addSeparator();
    m_workloadsEnd = addSeparator();
    QAction *open = addAction(tr("Open"), this, &TrayMenu::openAsked);
    setDefaultAction(open);
    m_pause = addAction(QString(), this,
                        [this] { emit pauseAsked(m_monitor.snapshot() && !m_monitor.snapshot()->paused); });
    m_startAtLogin = addAction(tr("Start at login"));
    m_startAtLogin->setCheckable(true);
    connect(m_startAtLogin, &QAction::triggered, this, &TrayMenu::startAtLoginAsked);
    addSeparator();
    m_quit = addAction(QString(), this, &TrayMenu::quitAsked);
    connect(&monitor, &NodeMonitor::changed, this, &TrayMenu::update);
    connect(this, &QMenu::aboutToShow, this, &TrayMenu::update);
    update();
}

QAction *TrayMenu::addFact()
{
    return addAction(QString(), this, &TrayMenu::openAsked);
}

void TrayMenu::setStartAtLogin(bool on)
{
    m_startAtLogin->setChecked(on);
}

void TrayMenu::update()
{
    const auto &snapshot = m_monitor.snapshot();
    m_state->setText(TrayWords::state(m_monitor));
    m_heartbeat->setText(TrayWords::heartbeat(m_monitor, QDateTime::currentDateTimeUtc()));
    m_pause->setEnabled(snapshot.has_value());
    m_pause->setText(snapshot && snapshot->paused ? tr("Resume taking work") : tr("Pause taking work"));
    m_quit->setText(TrayWords::quit(m_monitor));
    updateWorkloads();
}

void TrayMenu::updateWorkloads()
{
    const QList<WorkloadRecord> active =
        m_monitor.snapshot() ? m_monitor.snapshot()->activeWorkloads : QList<WorkloadRecord>();
    QStringList keys;
    for (const WorkloadRecord &workload : active)
        keys.append(workload.key);
    if (keys != m_keys)
        rebuildWorkloads(active);
    m_keys = keys;
    const QDateTime now = QDateTime::currentDateTimeUtc();
    for (qsizetype i = 0; i < active.size(); ++i) {
        m_workloads.at(i)->setTitle(TrayWords::workload(active.at(i), now));
        QAction *cancel = m_workloads.at(i)->actions().constFirst();
        cancel->setEnabled(!active.at(i).cancel);
        cancel->setText(active.at(i).cancel ? tr("Stopping")
                                            : tr("Cancel %1…").arg(active.at(i).requestText()));
    }
}

void TrayMenu::rebuildWorkloads(const QList<WorkloadRecord> &active)
{
    for (QMenu *menu : std::as_const(m_workloads)) {
        removeAction(menu->menuAction());
        menu->deleteLater();
    }
    m_workloads.clear();
    for (const WorkloadRecord &workload : active) {
        auto *menu = new QMenu(this);
        menu->addAction(QString(), this, [this, key = workload.key] { emit cancelAsked(key); });
        insertMenu(m_workloadsEnd, menu);
        m_workloads.append(menu);
    }
}

} // namespace cloudnode
