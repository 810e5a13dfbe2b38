#pragma once

#include "ui/logview/logfeed.h"
#include "ui/logview/logpage.h"

#include <QObject>

namespace cloudnode {

/// Moves a view through a log, line by line, to any place and along with its growing end: keeps a page around
/// what is on the screen by asking the feed for more before it is needed.
class LogScroller : public QObject {
    Q_OBJECT

public:
    explicit LogScroller(LogFeed &feed, QObject *parent = nullptr);

    const LogPage &page() const { return m_page; }
    void start(); ///< at the end of what the feed has opened, following
    void clear(); ///< holds nothing, takes nothing more
    void setScreen(int lines);
    bool isFollowing() const { return m_follow; }
    /// Whether to stay at the end while the document grows.
    void setFollowing(bool follow);
    /// Down, or up if negative. Up stops following, the document's last line starts it.
    void scrollBy(int lines);
    /// Shows the line that holds `offset` with as many others above it. Does not stop following.
    void scrollTo(qint64 offset, int linesAbove = 0);

signals:
    void moved(); ///< there is something else on the screen
    void grown(); ///< the document is longer; what is on the screen is the same
    void followingChanged(bool follow);

private:
    void takeGrowth(qint64 size);
    void takeWindow(const LogWindow &window);
    void loadAround(qint64 anchor);
    void loadEnd();
    void takeSteps();
    void keepAhead();

    LogFeed &m_feed;
    LogPage m_page;
    int m_steps = 0; ///< lines to scroll by when the page that holds them is there
    int m_above = 0; ///< lines to show above the one that is jumped to
    bool m_open = false;
    bool m_follow = true;
    bool m_jumping = false; ///< on the way to another place; what is around this one does not matter
};

} // namespace cloudnode
