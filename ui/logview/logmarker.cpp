#include "ui/logview/logmarker.h"

using namespace std::chrono_literals;

namespace cloudnode {

namespace {

constexpr auto autoScrollInterval = 50ms;

} // namespace

LogMarker::LogMarker(const QAbstractScrollArea &view, LogScroller &scroller)
    : m_geometry(view),
      m_scroller(scroller)
{
    m_autoScroll.setInterval(autoScrollInterval);
    connect(&m_autoScroll, &QTimer::timeout, this, &LogMarker::scroll);
}

void LogMarker::markAll()
{
    if (m_scroller.page().rows().isEmpty())
        return;
    m_selection = {{0, 0}, {m_scroller.page().documentSize(), 0}};
    emit changed();
}

void LogMarker::markWord(const QMouseEvent &doubleClick)
{
    const LogPosition at = m_geometry.positionAt(doubleClick.position(), m_scroller.page());
    const LogRow *row = m_scroller.page().rowAt(at.line);
    if (!row)
        return;
    const QString &text = row->text.text;
    int from = at.column;
    int to = at.column;
    while (from > 0 && !text[from - 1].isSpace())
        --from;
    while (to < text.size() && !text[to].isSpace())
        ++to;
    m_selection = {{at.line, from}, {at.line, to}};
    emit changed();
}

void LogMarker::press(const QMouseEvent &event)
{
    if (event.button() != Qt::LeftButton)
        return;
    m_selection.cursor = m_geometry.positionAt(event.position(), m_scroller.page());
    if (!(event.modifiers() & Qt::ShiftModifier))
        m_selection.anchor = m_selection.cursor;
    emit changed();
}

void LogMarker::drag(const QMouseEvent &event)
{
    if (!(event.buttons() & Qt::LeftButton))
        return;
    m_scroller.setFollowing(false); // nothing may slip away under the hand
    m_mouse = event.position();
    m_selection.cursor = m_geometry.positionAt(m_mouse, m_scroller.page());
    const bool outside = m_mouse.y() < 0 || m_mouse.y() > m_geometry.viewport().height();
    if (outside != m_autoScroll.isActive())
        outside ? m_autoScroll.start() : m_autoScroll.stop();
    emit changed();
}

void LogMarker::release()
{
    m_autoScroll.stop();
}

void LogMarker::scroll()
{
    m_scroller.scrollBy(m_mouse.y() < 0 ? -1 : 1);
    m_selection.cursor = m_geometry.positionAt(m_mouse, m_scroller.page());
    emit changed();
}

} // namespace cloudnode
