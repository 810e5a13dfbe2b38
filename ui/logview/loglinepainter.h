#pragma once

#include "ui/logview/ansitext.h"
#include "ui/logview/logselection.h"

#include <QFontMetrics>
#include <QPainter>
#include <QPalette>

namespace cloudnode {

/// Draws one line of a log: its colours, what is found and what is marked in it.
class LogLinePainter {
public:
    LogLinePainter(QPainter &painter, const QPalette &palette, const QFontMetricsF &metrics);

    void setNeedle(const QString &needle) { m_needle = needle; }
    /// With its upper left corner at `place`. `marked`: the selected columns.
    void paint(const QPointF &place, const AnsiText &line, std::pair<int, int> marked);

private:
    qreal x(const AnsiText &line, qsizetype column) const;
    void paintSpan(const QPointF &place, const AnsiText &line, const AnsiText::Span &span);
    void paintFound(const QPointF &place, const AnsiText &line);
    void paintMarked(const QPointF &place, const AnsiText &line, std::pair<int, int> marked);

    QPainter &m_painter;
    QPalette m_palette;
    QFontMetricsF m_metrics;
    QString m_needle;
};

} // namespace cloudnode
