#pragma once

#include "ui/logview/loggeometry.h"
#include "ui/logview/loglinepainter.h"

namespace cloudnode {

/// Draws the lines on the screen of a log, each with the marks of what it is: stderr, found, selected. Or
/// says why there are none.
class LogPagePainter {
public:
    LogPagePainter(QPainter &painter, const QAbstractScrollArea &view);

    void setFound(const QString &needle, qint64 line); ///< -1: no line
    void setSelection(const LogSelection &selection) { m_selection = selection; }
    void paint(const LogPage &page);
    void paintEmpty(const QString &text);

private:
    void paintRow(const LogRow &row, qreal y);

    QPainter &m_painter;
    QPalette m_palette;
    LogGeometry m_geometry;
    LogLinePainter m_lines;
    LogSelection m_selection;
    qint64 m_found = -1;
};

} // namespace cloudnode
