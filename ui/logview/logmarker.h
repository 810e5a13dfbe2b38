#pragma once

#include "ui/logview/loggeometry.h"
#include "ui/logview/logscroller.h"

#include <QMouseEvent>
#include <QObject>
#include <QTimer>

namespace cloudnode {

/// Marks text of a log with the mouse, and keeps what is marked. Beyond an edge of the viewport it scrolls.
class LogMarker : public QObject {
    Q_OBJECT

public:
    LogMarker(const QAbstractScrollArea &view, LogScroller &scroller);

    const LogSelection &selection() const { return m_selection; }
    void clear() { m_selection = {}; } ///< without changed(): for a page that is about to change as a whole
    void markAll();
    void markWord(const QMouseEvent &doubleClick);
    void press(const QMouseEvent &event); ///< with Shift it goes on from what is marked
    void drag(const QMouseEvent &event);
    void release();

signals:
    void changed();

private:
    void scroll();

    LogGeometry m_geometry;
    LogScroller &m_scroller;
    LogSelection m_selection;
    QPointF m_mouse;
    QTimer m_autoScroll; ///< runs while the mouse is beyond an edge
};

} // namespace cloudnode
