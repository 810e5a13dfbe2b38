#include "ui/workloads/celldelegate.h"

#include "ui/look/grid.h"
#include "ui/look/semanticcolors.h"
#include "ui/workloads/workloadmodel.h"

#include <QApplication>
#include <QPainter>

namespace cloudnode {

void CellDelegate::paintBackground(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &)
{
    QStyleOptionViewItem blank = option;
    blank.text.clear();
    blank.state &= ~QStyle::State_HasFocus; // the whole row is what is chosen
    const QStyle *style = blank.widget ? blank.widget->style() : QApplication::style();
    style->drawPrimitive(QStyle::PE_PanelItemViewItem, &blank, painter, blank.widget);
}

QColor CellDelegate::textColor(const QStyleOptionViewItem &option, const QModelIndex &index)
{
    const auto group = option.state & QStyle::State_Active ? QPalette::Active : QPalette::Inactive;
    if (option.state & QStyle::State_Selected)
        return option.palette.color(group, QPalette::HighlightedText);
    const QVariant tone = index.data(WorkloadModel::ToneRole);
    return tone.isValid() ? colors::tone(option.palette, static_cast<Tone>(tone.toInt()))
                          : option.palette.color(group, QPalette::Text);
}

void CellDelegate::paintText(QPainter *painter, const QStyleOptionViewItem &option, const QRect &place,
                             const QColor &color, const QString &text, Qt::Alignment alignment)
{
    painter->setFont(option.font);
    painter->setPen(color);
    painter->drawText(place, static_cast<int>(alignment) | Qt::TextSingleLine,
                      option.fontMetrics.elidedText(text, Qt::ElideMiddle, place.width()));
}

void CellDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                         const QModelIndex &index) const
{
    QStyleOptionViewItem cell = option;
    initStyleOption(&cell, index);
    painter->save();
    paintBackground(painter, cell, index);
    paintText(painter, cell, cell.rect.adjusted(grid::unit, 0, -grid::unit, 0), textColor(cell, index),
              index.data().toString(), cell.displayAlignment);
    painter->restore();
}

} // namespace cloudnode
