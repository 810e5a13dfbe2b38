#include "ui/look/plaintable.h"

#include "ui/look/grid.h"
#include "ui/look/plainheader.h"
#include "ui/look/semanticcolors.h"
#include "ui/look/sheet.h"

#include <QEvent>
#include <QHeaderView>
#include <QPainter>
#include <QScrollBar>

namespace cloudnode {

PlainTable::PlainTable(QWidget *parent) : QTableView(parent)
{
    setHorizontalHeader(new PlainHeader);
    Sheet::blend(this);
    setFrameShape(QFrame::NoFrame);
    setShowGrid(false);
    setSelectionBehavior(SelectRows);
    setSelectionMode(SingleSelection);
    setEditTriggers(NoEditTriggers);
    setVerticalScrollMode(ScrollPerPixel);
    setWordWrap(false);
    setTabKeyNavigation(false);
    setCornerButtonEnabled(false);
    verticalHeader()->hide();
    takeFonts();
}

void PlainTable::takeFonts()
{
    const int height = std::max(grid::rowHeight - grid::unit, fontMetrics().height() + 2 * grid::unit);
    verticalHeader()->setDefaultSectionSize(height);
    verticalHeader()->setMinimumSectionSize(height);
    horizontalHeader()->setFixedHeight(fontMetrics().height() + grid::unit + grid::half);
}

void PlainTable::changeEvent(QEvent *event)
{
    QTableView::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        takeFonts();
    else if (event->type() == QEvent::ApplicationPaletteChange)
        Sheet::blend(this);
}

/// Of any row: they are all alike.
int PlainTable::rowHeight() const
{
    return verticalHeader()->defaultSectionSize();
}

void PlainTable::rowsInserted(const QModelIndex &parent, int start, int end)
{
    QScrollBar *bar = verticalScrollBar();
    const int place = bar->value();
    QTableView::rowsInserted(parent, start, end);
    if (place == 0 || start * rowHeight() > place)
        return;
    updateGeometries(); // else the bar knows nothing of the new rows yet
    bar->setValue(place + (end - start + 1) * rowHeight());
}

void PlainTable::rowsAboutToBeRemoved(const QModelIndex &parent, int start, int end)
{
    const int chosen = currentIndex().row();
    if (chosen >= start && chosen <= end)
        selectionModel()->clear();
    QScrollBar *bar = verticalScrollBar();
    const int above = std::min(end + 1, bar->value() / rowHeight()) - start;
    if (above > 0)
        bar->setValue(bar->value() - above * rowHeight());
    QTableView::rowsAboutToBeRemoved(parent, start, end);
}

void PlainTable::setEmptyText(const QString &text)
{
    m_emptyText = text;
    setAccessibleDescription(text);
    viewport()->update();
}

void PlainTable::paintEvent(QPaintEvent *event)
{
    QTableView::paintEvent(event);
    if (model() && model()->rowCount() > 0)
        return;
    QPainter painter(viewport());
    painter.setPen(colors::secondaryText(palette()));
    painter.drawText(viewport()->rect().adjusted(grid::gap, 0, -grid::gap, 0),
                     static_cast<int>(Qt::AlignCenter) | Qt::TextWordWrap, m_emptyText);
}

} // namespace cloudnode
