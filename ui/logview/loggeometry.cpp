#include "ui/logview/loggeometry.h"

#include <QScrollBar>

#include <algorithm>
#include <cmath>

namespace cloudnode {

qreal LogGeometry::lineHeight() const
{
    return std::ceil(QFontMetricsF(font()).height());
}

qreal LogGeometry::averageCharWidth() const
{
    return QFontMetricsF(font()).averageCharWidth();
}

int LogGeometry::screen() const
{
    return std::max(1, static_cast<int>((viewport().height() - 2 * firstLine) / lineHeight()));
}

int LogGeometry::textWidth() const
{
    return viewport().width() - 2 * margin;
}

qreal LogGeometry::textLeft() const
{
    return margin - m_view.horizontalScrollBar()->value();
}

int LogGeometry::columnAt(const QString &text, qreal x) const
{
    const QFontMetricsF metrics(font());
    const auto width = [&](int column) { return metrics.horizontalAdvance(text.left(column)); };
    int column =
        std::clamp(static_cast<int>(x / metrics.averageCharWidth()), 0, static_cast<int>(text.size()));
    while (column < text.size() && width(column) + metrics.averageCharWidth() / 2 < x)
        ++column;
    while (column > 0 && width(column) - metrics.averageCharWidth() / 2 > x)
        --column;
    return column;
}

LogPosition LogGeometry::positionAt(const QPointF &point, const LogPage &page) const
{
    const QList<LogRow> &rows = page.rows();
    if (rows.isEmpty())
        return {};
    const int row = page.top() + static_cast<int>(std::floor((point.y() - firstLine) / lineHeight()));
    const LogRow &line = rows.at(std::clamp(row, 0, static_cast<int>(rows.size()) - 1));
    if (row >= rows.size())
        return {line.begin, static_cast<int>(line.text.text.size())};
    return {line.begin, columnAt(line.text.text, point.x() - textLeft())};
}

} // namespace cloudnode
