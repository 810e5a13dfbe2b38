#include "ui/workloads/workloadpanel.h"

#include "ui/feed/nodemonitor.h"
#include "ui/look/grid.h"
#include "ui/look/searchfield.h"
#include "ui/look/segments.h"
#include "ui/workloads/workloadtable.h"

#include <QLabel>
#include <QVBoxLayout>

using namespace std::chrono_literals;

namespace cloudnode {

WorkloadPanel::WorkloadPanel(WorkloadModel &model, NodeMonitor &monitor, QWidget *parent)
    : QWidget(parent),
      m_model(model),
      m_monitor(monitor)
{
    m_filter.setSourceModel(&model);
    m_table = new WorkloadTable(m_filter);
    m_table->setAccessibleName(tr("Workloads"));
    m_which = new Segments(tr("Which workloads"));
    m_which->add({});
    m_which->add({});
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(grid::unit);
    layout->addLayout(makeBar());
    layout->addWidget(m_table, 1);

    connect(m_which, &Segments::chosen, this, [this](int index) {
        m_table->setWhich(index == 0 ? WorkloadFilter::Which::Active : WorkloadFilter::Which::Finished);
        explainEmptiness();
    });
    connect(m_table, &WorkloadTable::chosen, this, &WorkloadPanel::chosen);
    connect(m_table, &WorkloadTable::endAsked, this, &WorkloadPanel::endAsked);
    connect(&model, &QAbstractItemModel::rowsInserted, this, &WorkloadPanel::count);
    connect(&model, &QAbstractItemModel::rowsRemoved, this, &WorkloadPanel::count);
    connect(&model, &QAbstractItemModel::dataChanged, this, &WorkloadPanel::count);
    connect(&monitor, &NodeMonitor::changed, this, &WorkloadPanel::explainEmptiness);
    m_tick.start(1s);
    connect(&m_tick, &QTimer::timeout, &model, &WorkloadModel::tick);
    count();
}

QLayout *WorkloadPanel::makeBar()
{
    auto *title = new QLabel(tr("Workloads"));
    QFont bold = title->font();
    bold.setWeight(QFont::DemiBold);
    title->setFont(bold);
    auto *search = new SearchField(tr("Search workloads"), 28 * grid::unit);
    connect(search, &QLineEdit::textChanged, this, [this](const QString &text) {
        m_filter.setText(text);
        explainEmptiness();
    });
    auto *bar = new QHBoxLayout;
    bar->setContentsMargins(grid::gap, grid::unit + grid::half, grid::unit + grid::half, 0);
    bar->setSpacing(grid::gap);
    bar->addWidget(title);
    bar->addWidget(m_which);
    bar->addStretch();
    bar->addWidget(search, 1);
    return bar;
}

void WorkloadPanel::count()
{
    const int active = m_model.activeCount();
    m_which->setText(0, active > 0 ? tr("Active %1").arg(active) : tr("Active"));
    const int finished = m_model.rowCount() - active;
    m_which->setText(1, finished > 0 ? tr("Finished %1").arg(finished) : tr("Finished"));
    explainEmptiness();
    chooseFirst();
}

/// So that the log is not empty when the window opens. Later choices are the owner's.
void WorkloadPanel::chooseFirst()
{
    if (m_everChosen || m_filter.rowCount() == 0)
        return;
    m_everChosen = true;
    m_table->selectRow(0);
}

void WorkloadPanel::explainEmptiness()
{
    if (m_filter.rowCount() == 0 &&
        (m_which->current() == 0 ? m_model.activeCount() > 0 : m_model.activeCount() < m_model.rowCount()))
        return m_table->setEmptyText(tr("Nothing matches the search."));
    if (m_which->current() == 1)
        return m_table->setEmptyText(tr("No workload has finished yet."));
    switch (m_monitor.face()) {
    case Face::Ready:
    case Face::Busy:
        return m_table->setEmptyText(
            tr("No workload is running.\nThis node is ready; work arrives by itself."));
    case Face::Paused:
        return m_table->setEmptyText(tr("No workload is running.\nNew work is refused until you resume."));
    default:
        return m_table->setEmptyText(tr("No workload is running.\nWork arrives once the node is online."));
    }
}

} // namespace cloudnode
