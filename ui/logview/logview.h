#pragma once

#include "ui/logview/logcopier.h"
#include "ui/logview/logmarker.h"
#include "ui/logview/logscrollbars.h"
#include "ui/logview/logscroller.h"
#include "ui/logview/logsearch.h"

#include <QAbstractScrollArea>

namespace cloudnode {

/// Shows the output of one workload, whatever its size. It hands each event to the one whom it concerns, and
/// paints what follows: LogScroller knows where it is, LogMarker what is marked, LogSearch what was found.
class LogView : public QAbstractScrollArea {
    Q_OBJECT

public:
    explicit LogView(QWidget *parent = nullptr);

    void open(const LogPaths &paths, LogStreams streams); ///< at its end, following
    void clear();                                         ///< shows nothing
    /// What to say while there is not a single line.
    void setEmptyText(const QString &text);
    bool isFollowing() const { return m_scroller.isFollowing(); }
    void setFollowing(bool follow) { m_scroller.setFollowing(follow); }
    /// Marks every occurrence, and goes to the next one.
    void search(const QString &text, bool forward) { m_search.search(text, forward); }
    void copy() { m_copier.copy(m_marker.selection()); }
    void selectAll() { m_marker.markAll(); }
    bool hasSelection() const { return !m_marker.selection().isEmpty(); }
    /// What is on the screen, one line each.
    QString visibleText() const { return m_scroller.page().visibleText(); }

signals:
    void followingChanged(bool follow);
    void searchEnded(bool found);
    void searching(int percent);
    void copied(qsizetype lines, bool whole);

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void connectParts();

    LogFeed m_feed;
    LogScroller m_scroller{m_feed};
    LogScrollBars m_bars{*this, m_scroller};
    LogMarker m_marker{*this, m_scroller};
    LogSearch m_search{m_feed, m_scroller};
    LogCopier m_copier{m_feed};
    QString m_emptyText;
    int m_wheelRest = 0; ///< of touchpads, which turn by fractions of a line
};

} // namespace cloudnode
