#include "ui/workloads/progressdelegate.h"

#include "ui/look/grid.h"
#include "ui/look/semanticcolors.h"
#include "ui/workloads/workloadmodel.h"

#include <QPainter>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

namespace {

void paintBar(QPainter *painter, const QRect &place, double fraction, const QColor &color)
{
    constexpr qreal radius = grid::half / 2.0 + 1;
    QColor faint = color;
    faint.setAlphaF(0.2F);
    QRectF filled(place);
    filled.setWidth(std::max(filled.height(), filled.width() * fraction));
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(Qt::NoPen);
    painter->setBrush(faint);
    painter->drawRoundedRect(place, radius, radius);
    painter->setBrush(color);
    painter->drawRoundedRect(filled, radius, radius);
}

} // namespace

void ProgressDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                             const QModelIndex &index) const
{
    const QVariant fraction = index.data(WorkloadModel::FractionRole);
    if (!fraction.isValid())
        return CellDelegate::paint(painter, option, index);
    QStyleOptionViewItem cell = option;
    initStyleOption(&cell, index);
    const QRect place = cell.rect.adjusted(grid::unit, 0, -grid::unit, 0);
    const int words = cell.fontMetrics.horizontalAdvance(u"100 %"_s) + grid::unit;
    constexpr int thickness = grid::half + 2;
    QRect bar(place.left(), place.center().y() - thickness / 2 + 1, place.width() - words, thickness);
    const QColor color = textColor(cell, index);
    painter->save();
    paintBackground(painter, cell, index);
    paintBar(painter, bar, fraction.toDouble(), color);
    paintText(painter, cell, place, color, index.data().toString(), Qt::AlignRight | Qt::AlignVCenter);
    painter->restore();
}

} // namespace cloudnode
