#include "ui/logview/logsearch.h"

namespace cloudnode {

LogSearch::LogSearch(LogFeed &feed, LogScroller &scroller) : m_feed(feed), m_scroller(scroller)
{
    connect(&m_feed, &LogFeed::found, this, &LogSearch::takeFound);
    connect(&m_feed, &LogFeed::searching, this, &LogSearch::searching);
}

void LogSearch::search(const QString &text, bool forward)
{
    m_needle = text;
    if (text.isEmpty())
        forget();
    emit changed();
    if (text.isEmpty() || m_scroller.page().rows().isEmpty())
        return m_feed.cancelFind();
    m_feed.find(text, start(forward), forward);
}

/// Beside the line it found last, all the way round; on it where nobody knows how long that is.
qint64 LogSearch::start(bool forward) const
{
    const LogPage &page = m_scroller.page();
    if (m_found < 0)
        return page.topOffset();
    const LogRow *found = page.rowAt(m_found);
    if (!found)
        return m_found;
    if (forward)
        return found->end < page.documentSize() ? found->end : 0;
    return found->begin > 0 ? found->begin - 1 : page.documentSize() - 1;
}

void LogSearch::takeFound(qint64 line)
{
    emit ended(line >= 0);
    m_found = line;
    if (line >= 0) {
        m_scroller.setFollowing(false);
        const LogPage &page = m_scroller.page();
        if (!page.shows(line))
            m_scroller.scrollTo(line, page.screen() / 3);
    }
    emit changed();
}

} // namespace cloudnode
