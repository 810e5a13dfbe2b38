#include "ui/logview/loglinepainter.h"

#include "ui/logview/ansipalette.h"
#include "ui/look/semanticcolors.h"

namespace cloudnode {

LogLinePainter::LogLinePainter(QPainter &painter, const QPalette &palette, const QFontMetricsF &metrics)
    : m_painter(painter),
      m_palette(palette),
      m_metrics(metrics)
{
}

qreal LogLinePainter::x(const AnsiText &line, qsizetype column) const
{
    return m_metrics.horizontalAdvance(line.text.left(column));
}

void LogLinePainter::paint(const QPointF &place, const AnsiText &line, std::pair<int, int> marked)
{
    paintFound(place, line);
    qsizetype at = 0;
    for (const AnsiText::Span &span : line.spans) {
        paintSpan(place, line, {at, span.start - at, {}});
        paintSpan(place, line, span);
        at = span.start + span.length;
    }
    paintSpan(place, line, {at, line.text.size() - at, {}});
    paintMarked(place, line, marked);
}

void LogLinePainter::paintSpan(const QPointF &place, const AnsiText &line, const AnsiText::Span &span)
{
    if (span.length <= 0)
        return;
    const AnsiLook look = AnsiLook::of(span.style, m_palette);
    const QString text = line.text.mid(span.start, span.length);
    const QPointF at = place + QPointF(x(line, span.start), 0);
    if (look.background.isValid())
        m_painter.fillRect(QRectF(at, QSizeF(m_metrics.horizontalAdvance(text), m_metrics.height())),
                           look.background);
    QFont font = m_painter.font();
    const QFont plain = font;
    font.setBold(span.style.bold);
    font.setItalic(span.style.italic);
    font.setUnderline(span.style.underline);
    m_painter.setFont(font);
    m_painter.setPen(look.foreground);
    m_painter.drawText(at + QPointF(0, m_metrics.ascent()), text);
    m_painter.setFont(plain);
}

void LogLinePainter::paintFound(const QPointF &place, const AnsiText &line)
{
    if (m_needle.isEmpty())
        return;
    QColor color = colors::tone(m_palette, Tone::Attention);
    color.setAlphaF(0.3F);
    for (qsizetype at = line.text.indexOf(m_needle, 0, Qt::CaseInsensitive); at >= 0;
         at = line.text.indexOf(m_needle, at + m_needle.size(), Qt::CaseInsensitive)) {
        const qreal left = x(line, at);
        m_painter.fillRect(
            QRectF(place.x() + left, place.y(), x(line, at + m_needle.size()) - left, m_metrics.height()),
            color);
    }
}

void LogLinePainter::paintMarked(const QPointF &place, const AnsiText &line, std::pair<int, int> marked)
{
    if (marked.second <= marked.first)
        return;
    const qreal left = x(line, marked.first);
    const QRectF area(place.x() + left, place.y(), x(line, marked.second) - left, m_metrics.height());
    m_painter.fillRect(area, m_palette.color(QPalette::Highlight));
    m_painter.setPen(m_palette.color(QPalette::HighlightedText));
    m_painter.drawText(area.topLeft() + QPointF(0, m_metrics.ascent()),
                       line.text.mid(marked.first, marked.second - marked.first));
}

} // namespace cloudnode
