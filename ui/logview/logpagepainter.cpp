#include "ui/logview/logpagepainter.h"

#include "ui/look/semanticcolors.h"

#include <QApplication>

namespace cloudnode {

LogPagePainter::LogPagePainter(QPainter &painter, const QAbstractScrollArea &view)
    : m_painter(painter),
      m_palette(view.palette()),
      m_geometry(view),
      m_lines(painter, m_palette, QFontMetricsF(view.font()))
{
}

void LogPagePainter::setFound(const QString &needle, qint64 line)
{
    m_lines.setNeedle(needle);
    m_found = line;
}

void LogPagePainter::paint(const LogPage &page)
{
    m_painter.setFont(m_geometry.font());
    qreal y = LogGeometry::firstLine;
    for (qsizetype row = page.top(); row < page.rows().size() && y < m_geometry.viewport().height(); ++row) {
        paintRow(page.rows().at(row), y);
        y += m_geometry.lineHeight();
    }
}

void LogPagePainter::paintRow(const LogRow &row, qreal y)
{
    const qreal height = m_geometry.lineHeight();
    if (row.begin == m_found) {
        const QColor base = m_palette.color(QPalette::Base);
        m_painter.fillRect(QRectF(0, y, m_geometry.viewport().width(), height),
                           colors::mix(base, m_palette.color(QPalette::Highlight), 0.2));
    }
    const auto marked = m_selection.columnsOf(row.begin, static_cast<int>(row.text.text.size()));
    m_lines.paint({m_geometry.textLeft(), y}, row.text, marked);
    if (row.isError)
        m_painter.fillRect(QRectF(grid::half, y + 1, 3, height - 2), colors::tone(m_palette, Tone::Trouble));
}

void LogPagePainter::paintEmpty(const QString &text)
{
    m_painter.setFont(QApplication::font());
    m_painter.setPen(colors::secondaryText(m_palette));
    m_painter.drawText(m_geometry.viewport().adjusted(LogGeometry::margin, 0, -LogGeometry::margin, 0),
                       static_cast<int>(Qt::AlignCenter) | Qt::TextWordWrap, text);
}

} // namespace cloudnode
