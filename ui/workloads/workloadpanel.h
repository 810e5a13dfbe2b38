#pragma once

#include "ui/workloads/workloadfilter.h"
#include "ui/workloads/workloadmodel.h"

#include <QTimer>
#include <QWidget>

namespace cloudnode {

class NodeMonitor;
class Segments;
class WorkloadTable;

/// What runs on this computer, and what ran: a table with a filter.
class WorkloadPanel : public QWidget {
    Q_OBJECT

public:
    WorkloadPanel(WorkloadModel &model, NodeMonitor &monitor, QWidget *parent = nullptr);

    WorkloadTable *table() { return m_table; }

signals:
    void chosen(const QString &key);
    void endAsked(const QString &key);

private:
    QLayout *makeBar();
    void count();
    void chooseFirst();
    void explainEmptiness();

    WorkloadModel &m_model;
    NodeMonitor &m_monitor;
    WorkloadFilter m_filter;
    WorkloadTable *m_table; // needs m_filter
    Segments *m_which;
    bool m_everChosen = false;
    QTimer m_tick;
};

} // namespace cloudnode
