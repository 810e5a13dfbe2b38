#include "ui/events/eventspage.h"

#include "ui/feed/nodefeed.h"
#include "ui/look/grid.h"
#include "ui/look/plaintable.h"
#include "ui/look/searchfield.h"
#include "ui/look/segments.h"
#include "ui/look/sheet.h"
#include "ui/workloads/celldelegate.h"

#include <QHeaderView>
#include <QVBoxLayout>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

EventsPage::EventsPage(NodeFeed &feed, QWidget *parent) : QWidget(parent), m_table(new PlainTable)
{
    m_filter.setSourceModel(&m_model);
    setUpTable();
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(grid::gap, grid::unit, grid::gap, grid::gap);
    layout->setSpacing(grid::unit + grid::half);
    layout->addLayout(makeBar());
    auto *sheet = new Sheet;
    auto *inside = new QVBoxLayout(sheet);
    inside->setContentsMargins(1, grid::half, 1, grid::half);
    inside->addWidget(m_table);
    layout->addWidget(sheet, 1);
    connect(&feed, &NodeFeed::eventsArrived, &m_model, &EventModel::setEvents);
    connect(&feed, &NodeFeed::eventHappened, &m_model, &EventModel::add);
    connect(&m_model, &QAbstractItemModel::rowsInserted, this, &EventsPage::explainEmptiness);
    connect(&m_model, &QAbstractItemModel::modelReset, this, &EventsPage::explainEmptiness);
    explainEmptiness();
}

void EventsPage::explainEmptiness()
{
    m_table->setEmptyText(m_model.rowCount() == 0
                              ? tr("Nothing has happened yet. What the node does is told here.")
                              : tr("Nothing matches. Choose all events, or search for something else."));
}

QLayout *EventsPage::makeBar()
{
    auto *which = new Segments(tr("Which events"));
    which->add(tr("All"));
    which->add(tr("Warnings and errors"));
    auto *search = new SearchField(tr("Search events"), 28 * grid::unit);
    connect(which, &Segments::chosen, this, [this](int index) {
        m_filter.setOnlyTrouble(index == 1);
        explainEmptiness();
    });
    connect(search, &QLineEdit::textChanged, this, [this](const QString &text) {
        m_filter.setText(text);
        explainEmptiness();
    });
    auto *bar = new QHBoxLayout;
    bar->addWidget(which);
    bar->addStretch();
    bar->addWidget(search, 1);
    return bar;
}

void EventsPage::setUpTable()
{
    m_table->setModel(&m_filter);
    m_table->setItemDelegate(new CellDelegate(m_table));
    m_table->setAccessibleName(tr("Events"));
    QHeaderView *header = m_table->horizontalHeader();
    const int digits = m_table->fontMetrics().horizontalAdvance(u"00 Mmm 00:00:00"_s);
    header->resizeSection(EventModel::Time, digits + 3 * grid::unit);
    header->resizeSection(EventModel::Kind, 11 * grid::unit);
    header->setSectionResizeMode(EventModel::Text, QHeaderView::Stretch);
}

} // namespace cloudnode
