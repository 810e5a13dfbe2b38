#pragma once

#include "ui/workloads/workloadmodel.h"

#include <QScrollArea>
#include <QTimer>

class QSplitter;

namespace cloudnode {

class BrokerCard;
class HeartbeatCard;
class LogPanel;
class NodeMonitor;
class RegistrationCard;
class WorkloadPanel;

/// Am I known, reachable, alive; what runs; what does it say.
class OverviewPage : public QScrollArea {
    Q_OBJECT

public:
    OverviewPage(WorkloadModel &model, NodeMonitor &monitor, QWidget *parent = nullptr);

    LogPanel *log() { return m_log; }
    WorkloadPanel *workloads() { return m_workloads; }
    void showInstallLog(const QString &stateDir);
    QByteArray splitterState() const;
    void restoreSplitter(const QByteArray &state);

signals:
    void endAsked(const QString &key);

private:
    void showFacts();
    void showLog(const QString &key);

    WorkloadModel &m_model;
    NodeMonitor &m_monitor;
    RegistrationCard *m_registration;
    BrokerCard *m_broker;
    HeartbeatCard *m_heartbeat;
    WorkloadPanel *m_workloads;
    LogPanel *m_log;
    QSplitter *m_splitter;
    QTimer m_tick; ///< relative times go on
};

} // namespace cloudnode
