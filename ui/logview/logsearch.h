#pragma once

#include "ui/logview/logscroller.h"

namespace cloudnode {

/// Looks for a text in a log, from the line it found last or else from the first on the screen, and takes the
/// view to where it is.
class LogSearch : public QObject {
    Q_OBJECT

public:
    LogSearch(LogFeed &feed, LogScroller &scroller);

    const QString &needle() const { return m_needle; } ///< to be marked wherever it occurs; empty: nothing is
    qint64 foundLine() const { return m_found; }       ///< where it begins; -1: there is none
    /// On to the next occurrence, or back to the one before. An empty text ends the search.
    void search(const QString &text, bool forward);
    void forget() { m_found = -1; } ///< the line, not the needle: for another document

signals:
    void changed(); ///< another needle, another line
    void ended(bool found);
    void searching(int percent);

private:
    qint64 start(bool forward) const;
    void takeFound(qint64 line);

    LogFeed &m_feed;
    LogScroller &m_scroller;
    QString m_needle;
    qint64 m_found = -1;
};

} // namespace cloudnode
