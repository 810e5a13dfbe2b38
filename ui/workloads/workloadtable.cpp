#include "ui/workloads/workloadtable.h"

#include "ui/look/grid.h"
#include "ui/workloads/actiondelegate.h"
#include "ui/workloads/progressdelegate.h"
#include "ui/workloads/workloadmodel.h"

#include <QHeaderView>
#include <QKeyEvent>

#include <array>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

namespace {

using Model = WorkloadModel;

struct Column {
    int column;
    const char16_t *widest;
    bool active;
    bool finished;
};

/// The widest content there may be: widths are fixed, so that nothing moves when it changes.
constexpr std::array columns = {
    Column{Model::Type, u"Simulation", true, true},
    Column{Model::Pid, u"00000000", true, false},
    Column{Model::Progress, u"Stopping, 00 min 00", true, false},
    Column{Model::Elapsed, u"000:00:00", true, false},
    Column{Model::Cpu, u"00000 %", true, false},
    Column{Model::Memory, u"000.0 GB", true, false},
    Column{Model::Result, u"Failed, SIGTERM0", false, true},
    Column{Model::Duration, u"000:00:00", false, true},
    Column{Model::Ended, u"00 h 00 min ago", false, true},
    Column{Model::Action, u"[Cancel]", true, false},
};

} // namespace

WorkloadTable::WorkloadTable(WorkloadFilter &filter, QWidget *parent) : PlainTable(parent), m_filter(filter)
{
    setModel(&filter);
    setMouseTracking(true);
    setSortingEnabled(true);
    setItemDelegate(new CellDelegate(this));
    setItemDelegateForColumn(Model::Progress, new ProgressDelegate(this));
    auto *action = new ActionDelegate(this);
    setItemDelegateForColumn(Model::Action, action);
    connect(action, &ActionDelegate::clicked, this, &WorkloadTable::askEnd);
    connect(selectionModel(), &QItemSelectionModel::selectionChanged, this,
            [this] { emit chosen(currentKey()); });
    setUpColumns();
    setWhich(m_which);
}

void WorkloadTable::setUpColumns()
{
    QHeaderView *header = horizontalHeader();
    header->setSectionResizeMode(Model::Request, QHeaderView::Stretch);
    header->setMinimumSectionSize(6 * grid::unit);
    for (const Column &column : columns) {
        const QString widest = QString::fromUtf16(column.widest);
        header->resizeSection(column.column, fontMetrics().horizontalAdvance(widest) + 3 * grid::unit);
    }
}

void WorkloadTable::setWhich(WorkloadFilter::Which which)
{
    m_which = which;
    const bool active = which == WorkloadFilter::Which::Active;
    for (const Column &column : columns)
        setColumnHidden(column.column, !(active ? column.active : column.finished));
    m_filter.setWhich(which);
    if (active)
        sortByColumn(Model::Elapsed, Qt::DescendingOrder);
    else
        sortByColumn(Model::Ended, Qt::DescendingOrder);
    resizeEvent(nullptr);
}

QString WorkloadTable::currentKey() const
{
    const QModelIndexList rows = selectionModel()->selectedRows();
    return rows.isEmpty() ? QString() : rows.first().data(Model::KeyRole).toString();
}

void WorkloadTable::askEnd(const QModelIndex &index)
{
    const QModelIndex source = m_filter.mapToSource(index);
    const auto *workloads = static_cast<const Model *>(source.model());
    if (workloads && workloads->offer(source.row()) != Model::Offer::None)
        emit endAsked(index.data(Model::KeyRole).toString());
}

void WorkloadTable::keyPressEvent(QKeyEvent *event)
{
    const QModelIndexList rows = selectionModel()->selectedRows();
    if (event->key() == Qt::Key_Delete && !rows.isEmpty())
        return askEnd(rows.first());
    PlainTable::keyPressEvent(event);
}

/// Where there is little room, the process id goes first.
void WorkloadTable::resizeEvent(QResizeEvent *event)
{
    const bool narrow = width() < fontMetrics().averageCharWidth() * 110;
    setColumnHidden(Model::Pid, narrow || m_which == WorkloadFilter::Which::Finished);
    if (event)
        PlainTable::resizeEvent(event);
}

} // namespace cloudnode
