#include "ui/logview/logscroller.h"

#include <limits>

namespace cloudnode {

namespace {

constexpr int screensAhead = 3; ///< kept above and below what is visible

bool holds(const LogWindow &window, qint64 offset)
{
    return !window.lines.isEmpty() && window.lines.first().begin <= offset &&
           offset < window.lines.last().end;
}

} // namespace

LogScroller::LogScroller(LogFeed &feed, QObject *parent) : QObject(parent), m_feed(feed)
{
    connect(&m_feed, &LogFeed::grown, this, &LogScroller::takeGrowth);
    connect(&m_feed, &LogFeed::loaded, this, &LogScroller::takeWindow);
    connect(&m_feed, &LogFeed::replaced, this, [this] {
        m_page.dropRows();
        loadEnd();
    });
}

void LogScroller::start()
{
    m_open = true;
    loadEnd();
    if (!std::exchange(m_follow, true))
        emit followingChanged(true);
}

void LogScroller::clear()
{
    const int screen = m_page.screen();
    m_page = {};
    m_page.setScreen(screen);
    m_open = false;
    m_steps = 0;
    emit moved();
}

void LogScroller::setScreen(int lines)
{
    m_page.setScreen(lines);
    m_page.setTop(m_follow ? m_page.lastTop() : m_page.top());
    if (m_open && m_follow && m_page.rows().size() < 2 * lines)
        loadEnd();
    keepAhead();
    emit moved();
}

void LogScroller::setFollowing(bool follow)
{
    if (follow == m_follow)
        return;
    m_follow = follow;
    if (follow)
        loadEnd();
    emit followingChanged(follow);
}

// ---- what the feed brings

void LogScroller::takeGrowth(qint64 size)
{
    if (!m_open)
        return;
    m_page.setDocumentSize(size);
    if (m_follow)
        return loadEnd();
    keepAhead();
    emit grown();
}

void LogScroller::takeWindow(const LogWindow &window)
{
    if (!m_open || (window.jump && !m_jumping)) // it has turned round on the way there
        return;
    const qint64 top = window.jump ? window.anchor : m_page.topOffset();
    if (!window.jump && !m_follow && !m_page.rows().isEmpty() && !holds(window, top))
        return loadAround(top); // it has gone on since this was asked for
    m_jumping = m_jumping && !window.jump;
    m_page.setDocumentSize(window.documentSize);
    m_page.setRows(window.lines);
    m_page.setTop(m_follow ? m_page.lastTop() : m_page.indexFrom(top) - (window.jump ? m_above : 0));
    takeSteps();
}

// ---- going places

void LogScroller::loadAround(qint64 anchor)
{
    const int ahead = m_page.screen() * screensAhead;
    m_feed.load(anchor, ahead, ahead + m_page.screen(), m_jumping);
}

void LogScroller::loadEnd()
{
    m_jumping = false;
    m_steps = 0;
    m_feed.load(std::numeric_limits<qint64>::max(), m_page.screen() * (screensAhead + 1), 1, false);
}

void LogScroller::scrollTo(qint64 offset, int linesAbove)
{
    m_above = linesAbove;
    m_jumping = true;
    m_steps = 0;
    loadAround(offset);
}

void LogScroller::scrollBy(int lines)
{
    if (lines < 0)
        setFollowing(false);
    if (m_follow)
        return;
    m_steps += lines;
    takeSteps();
}

/// As far as the page reaches. The rest waits for the page that follows, so that no step is lost to a slow
/// disk.
void LogScroller::takeSteps()
{
    if (!m_jumping) { // else they begin where the jump ends
        const bool down = m_steps > 0;
        const int wanted = m_page.top() + m_steps;
        m_page.setTop(wanted);
        const bool isEdge = down ? m_page.endsDocument() : m_page.startsDocument();
        m_steps = isEdge ? 0 : wanted - m_page.top();
        if (down && m_page.isAtEnd())
            setFollowing(true);
    }
    keepAhead();
    emit moved();
}

/// Asks for more when less than a screen is left in the direction of an end that is not the document's.
void LogScroller::keepAhead()
{
    if (m_page.rows().isEmpty() || m_follow || m_jumping)
        return;
    const int screen = m_page.screen();
    const bool nearBegin = m_page.top() < screen && !m_page.startsDocument();
    const bool nearEnd = m_page.top() + 2 * screen > m_page.rows().size() && !m_page.endsDocument();
    if (nearBegin || nearEnd)
        loadAround(m_page.topOffset());
}

} // namespace cloudnode
