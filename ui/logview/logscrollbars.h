#pragma once

#include "ui/logview/loggeometry.h"
#include "ui/logview/logscroller.h"

#include <QObject>

class QScrollBar;

namespace cloudnode {

/// The scroll bars of a log: they show where the scroller is, and tell it what is done with them. The
/// vertical one counts bytes, so that nobody has to count the lines of a gigabyte.
class LogScrollBars : public QObject {
    Q_OBJECT

public:
    LogScrollBars(QAbstractScrollArea &view, LogScroller &scroller);

private:
    void update();
    void updateVertical();
    void updateHorizontal();
    void takeAction(int action);
    qint64 unit() const;

    QScrollBar &m_vertical;
    QScrollBar &m_horizontal;
    LogGeometry m_geometry;
    LogScroller &m_scroller;
};

} // namespace cloudnode
