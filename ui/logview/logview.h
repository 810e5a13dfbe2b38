#pragma once

#include "ui/logview/ansitext.h"
#include "ui/logview/logfeed.h"
#include "ui/logview/logselection.h"

#include <QAbstractScrollArea>
#include <QTimer>

namespace cloudnode {

/// Shows the output of one workload, whatever its size: it holds a few screens of lines and asks for more.
/// The scroll bar counts bytes, so that nobody has to count the lines of a gigabyte.
class LogView : public QAbstractScrollArea {
    Q_OBJECT

public:
    explicit LogView(QWidget *parent = nullptr);

    void open(const LogPaths &paths, LogStreams streams); ///< at its end, following
    void clear();                                         ///< shows nothing
    /// What to say while there is not a single line.
    void setEmptyText(const QString &text);
    bool isFollowing() const { return m_follow; }
    void setFollowing(bool follow);
    /// Marks every occurrence, and goes to the next one.
    void search(const QString &text, bool forward);
    void copy();
    void selectAll();
    bool hasSelection() const { return !m_selection.isEmpty(); }
    /// What is on the screen, one line each.
    QString visibleText() const;

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
    struct Line {
        qint64 begin;
        qint64 end;
        bool isError;
        AnsiText text;
    };

    void takeGrowth(qint64 size);
    void takeWindow(const LogWindow &window);
    void takeFound(qint64 line);
    void takeExtract(const QList<LogLine> &lines, bool whole);

    void loadAround(qint64 anchor);
    void loadEnd();
    void scrollLines(int lines);
    void takeSteps();
    void scrollTo(qint64 offset, int linesAbove = 0);
    void followScrollBar(int action);
    void moveByKey(int key);
    void leaveFollowing();
    void keepWindowAhead();
    void updateBars();
    void paintLine(class LogLinePainter &painter, const Line &line, qreal y);
    void paintEmpty(QPainter &painter);

    int visibleLines() const;
    int lastTop() const; ///< index of the top line when the last one is at the bottom
    bool isAtEnd() const;
    bool isDocumentEdge(bool atEnd) const;
    qint64 topOffset() const;
    qint64 barUnit() const;
    qreal lineHeight() const;
    LogPosition positionAt(const QPointF &point) const;
    int columnAt(const AnsiText &text, qreal x) const;

    LogFeed m_feed;
    QList<Line> m_lines; ///< the window
    int m_top = 0;       ///< index in m_lines of the first visible line
    int m_steps = 0;     ///< lines to scroll by when the window that holds them is there
    int m_above = 0;     ///< lines to show above the one that is jumped to
    qint64 m_size = 0;   ///< of the document
    bool m_open = false;
    bool m_follow = true;
    bool m_jumping = false; ///< on the way to another place; what is around this one does not matter
    qint64 m_found = -1;    ///< the line a search led to
    QString m_needle;
    LogSelection m_selection;
    qreal m_widest = 0; ///< of the lines seen since open()
    QString m_emptyText;
    int m_wheelRest = 0; ///< of touchpads, which turn by fractions of a line
    QTimer m_autoScroll; ///< while marking beyond an edge
    QPointF m_mouse;
};

} // namespace cloudnode
