#pragma once

#include "ui/look/plaintable.h"
#include "ui/workloads/workloadfilter.h"

namespace cloudnode {

/// The table of active or finished workloads. The choice stays with its workload whatever else changes.
class WorkloadTable : public PlainTable {
    Q_OBJECT

public:
    explicit WorkloadTable(WorkloadFilter &filter, QWidget *parent = nullptr);

    void setWhich(WorkloadFilter::Which which); ///< also which columns there are
    QString currentKey() const;                 ///< empty: none

signals:
    void chosen(const QString &key);   ///< empty: none any more
    void endAsked(const QString &key); ///< by its button, or the Delete key

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    struct Order {
        int column;
        Qt::SortOrder order;
    };

    void setUpColumns();
    void fitColumns();
    Order &order() { return m_which == WorkloadFilter::Which::Active ? m_activeOrder : m_finishedOrder; }
    void askEnd(const QModelIndex &index);

    WorkloadFilter &m_filter;
    WorkloadFilter::Which m_which = WorkloadFilter::Which::Active;
    Order m_activeOrder; ///< chosen last for either kind
    Order m_finishedOrder;
};

} // namespace cloudnode
