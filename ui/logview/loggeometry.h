#pragma once

#include "ui/logview/logpage.h"
#include "ui/logview/logselection.h"
#include "ui/look/grid.h"

#include <QAbstractScrollArea>

namespace cloudnode {

/// Where the text of a page is in the viewport of its view, in pixels and back.
class LogGeometry {
public:
    static constexpr int margin = grid::unit + grid::half; ///< left of the text; holds the mark of stderr
    static constexpr int firstLine = grid::half;           ///< the top of it

    explicit LogGeometry(const QAbstractScrollArea &view) : m_view(view) {}

    QFont font() const { return m_view.font(); }
    QRect viewport() const { return m_view.viewport()->rect(); }
    qreal lineHeight() const;
    qreal averageCharWidth() const;
    int screen() const;     ///< how many lines have room in the viewport, at least 1
    int textWidth() const;  ///< how much of a line has room in it
    qreal textLeft() const; ///< where lines begin; left of the viewport if it is scrolled
    /// The place in the text that is nearest to `point`; the very first if there is no text.
    LogPosition positionAt(const QPointF &point, const LogPage &page) const;

private:
    int columnAt(const QString &text, qreal x) const;

    const QAbstractScrollArea &m_view;
};

} // namespace cloudnode
