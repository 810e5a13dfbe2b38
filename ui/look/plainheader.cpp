#include "ui/look/plainheader.h"

#include "ui/look/grid.h"
#include "ui/look/semanticcolors.h"

#include <QPainter>
#include <QPainterPath>

namespace cloudnode {

namespace {

constexpr int arrow = grid::unit;

} // namespace

PlainHeader::PlainHeader(QWidget *parent) : QHeaderView(Qt::Horizontal, parent)
{
    setSectionsClickable(true);
    setHighlightSections(false);
}

void PlainHeader::paintSection(QPainter *painter, const QRect &rect, int section) const
{
    const auto alignment =
        Qt::Alignment(model()->headerData(section, orientation(), Qt::TextAlignmentRole).toInt());
    const QString text = model()->headerData(section, orientation()).toString();
    const bool sorted = isSortIndicatorShown() && sortIndicatorSection() == section && !text.isEmpty();
    QRect place = rect.adjusted(grid::unit, 0, -grid::unit, 0);
    painter->save();
    painter->fillRect(rect, palette().color(QPalette::Base));
    painter->setPen(colors::hairline(palette()));
    painter->drawLine(rect.bottomLeft(), rect.bottomRight());
    painter->setPen(sorted ? palette().color(QPalette::Text) : colors::secondaryText(palette()));
    const int width = fontMetrics().horizontalAdvance(text);
    painter->drawText(place, static_cast<int>(alignment) | Qt::TextSingleLine, text);
    if (sorted) {
        const int left = alignment & Qt::AlignRight ? place.right() - width - arrow - grid::half
                                                    : place.left() + width + grid::half;
        paintOrder(painter, QRect(left, place.center().y() - arrow / 4, arrow, arrow / 2));
    }
    painter->restore();
}

void PlainHeader::paintOrder(QPainter *painter, const QRect &place) const
{
    const bool up = sortIndicatorOrder() == Qt::AscendingOrder;
    QPainterPath path(up ? place.bottomLeft() : place.topLeft());
    path.lineTo(QPointF(place.center().x() + 0.5, up ? place.top() : place.bottom()));
    path.lineTo(up ? place.bottomRight() : place.topRight());
    painter->setRenderHint(QPainter::Antialiasing);
    painter->strokePath(path, QPen(painter->pen().color(), 1.5, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
}

} // namespace cloudnode
