#include "ui/workloads/workloadtable.h"

#include "ui/look/grid.h"
#include "ui/workloads/actiondelegate.h"
#include "ui/workloads/progressdelegate.h"
#include "ui/workloads/workloadmodel.h"

#include <QHeaderView>
#include <QKeyEvent>

#include <algorithm>
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

    constexpr bool isShown(bool ofActive) const { return ofActive ? active : finished; }
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

int widthOf(const Column &column, const QFontMetrics &metrics)
{
    return metrics.horizontalAdvance(QString::fromUtf16(column.widest)) + 3 * grid::unit;
}

} // namespace

WorkloadTable::WorkloadTable(WorkloadFilter &filter, QWidget *parent)
    : PlainTable(parent),
      m_filter(filter),
      m_activeOrder{Model::Elapsed, Qt::DescendingOrder},
      m_finishedOrder{Model::Ended, Qt::DescendingOrder}
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
    connect(horizontalHeader(), &QHeaderView::sortIndicatorChanged, this,
            [this](int column, Qt::SortOrder chosen) {
                order() = {column, chosen};
            });
}

void WorkloadTable::setUpColumns()
{
    QHeaderView *header = horizontalHeader();
    header->setSectionResizeMode(Model::Request, QHeaderView::Stretch);
    header->setMinimumSectionSize(6 * grid::unit);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    for (const Column &column : columns)
        header->resizeSection(column.column, widthOf(column, fontMetrics()));
}

/// Where there is little room, the process id goes first, then what a workload costs: what it is and the
/// button that ends it stay.
void WorkloadTable::fitColumns()
{
    static constexpr std::array dispensable = {Model::Pid, Model::Memory, Model::Cpu};
    constexpr int request = 16 * grid::unit; // the least to know one by
    const bool active = m_which == WorkloadFilter::Which::Active;
    int room = viewport()->width() - request;
    for (const Column &column : columns)
        room -= column.isShown(active) ? widthOf(column, fontMetrics()) : 0;
    QList<int> dropped;
    for (const int each : dispensable) {
        const auto column = std::find_if(columns.begin(), columns.end(),
                                         [each](const Column &known) { return known.column == each; });
        if (room >= 0 || !column->isShown(active))
            continue;
        room += widthOf(*column, fontMetrics());
        dropped.append(each);
    }
    for (const Column &column : columns)
        setColumnHidden(column.column, !column.isShown(active) || dropped.contains(column.column));
}

void WorkloadTable::setWhich(WorkloadFilter::Which which)
{
    m_which = which;
    fitColumns();
    m_filter.setWhich(which);
    const auto [column, direction] = order();
    sortByColumn(column, direction);
    scrollToTop();
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

void WorkloadTable::resizeEvent(QResizeEvent *event)
{
    fitColumns();
    PlainTable::resizeEvent(event);
}

} // namespace cloudnode
