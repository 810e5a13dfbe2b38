#include "ui/logview/logview.h"

#include "ui/logview/logaccessible.h"
#include "ui/logview/logpagepainter.h"
#include "ui/look/sheet.h"

#include <QApplication>
#include <QContextMenuEvent>
#include <QFontDatabase>
#include <QMenu>
#include <QScrollBar>

namespace cloudnode {

LogView::LogView(QWidget *parent) : QAbstractScrollArea(parent)
{
    LogAccessible::install(); // before anything asks who speaks for this view: the answer is kept
    setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    setFocusPolicy(Qt::StrongFocus);
    setFrameShape(QFrame::NoFrame);
    Sheet::blend(this);
    viewport()->setBackgroundRole(QPalette::Base);
    viewport()->setCursor(Qt::IBeamCursor);
    setAccessibleName(tr("Log"));
    connectParts();
}

void LogView::connectParts()
{
    const auto repaint = qOverload<>(&QWidget::update);
    connect(horizontalScrollBar(), &QAbstractSlider::valueChanged, viewport(), repaint);
    connect(&m_scroller, &LogScroller::moved, viewport(), repaint);
    connect(&m_marker, &LogMarker::changed, viewport(), repaint);
    connect(&m_search, &LogSearch::changed, viewport(), repaint);
    connect(&m_feed, &LogFeed::replaced, &m_marker, &LogMarker::clear);
    connect(&m_scroller, &LogScroller::followingChanged, this, &LogView::followingChanged);
    connect(&m_search, &LogSearch::ended, this, &LogView::searchEnded);
    connect(&m_search, &LogSearch::searching, this, &LogView::searching);
    connect(&m_copier, &LogCopier::copied, this, &LogView::copied);
}

void LogView::open(const LogPaths &paths, LogStreams streams)
{
    clear();
    m_feed.open(paths, streams);
    m_scroller.start();
}

void LogView::clear()
{
    m_marker.clear();
    m_search.forget();
    m_scroller.clear();
}

void LogView::setEmptyText(const QString &text)
{
    m_emptyText = text;
    viewport()->update();
}

// ---- events

void LogView::paintEvent(QPaintEvent *)
{
    QPainter painter(viewport());
    LogPagePainter page(painter, *this);
    if (m_scroller.page().rows().isEmpty())
        return page.paintEmpty(m_emptyText);
    page.setFound(m_search.needle(), m_search.foundLine());
    page.setSelection(m_marker.selection());
    page.paint(m_scroller.page());
}

void LogView::resizeEvent(QResizeEvent *)
{
    m_scroller.setScreen(LogGeometry(*this).screen());
}

void LogView::wheelEvent(QWheelEvent *event)
{
    constexpr int notch = 120;
    if (event->modifiers() & Qt::ShiftModifier || event->angleDelta().y() == 0)
        return QAbstractScrollArea::wheelEvent(event);
    m_wheelRest += event->angleDelta().y() * QApplication::wheelScrollLines();
    const int lines = m_wheelRest / notch;
    m_wheelRest -= lines * notch;
    if (lines != 0)
        m_scroller.scrollBy(-lines);
    event->accept();
}

void LogView::keyPressEvent(QKeyEvent *event)
{
    if (event->matches(QKeySequence::Copy))
        return copy();
    if (event->matches(QKeySequence::SelectAll))
        return selectAll();
    const int page = m_scroller.page().pageStep();
    switch (event->key()) {
    case Qt::Key_Up:
        return m_scroller.scrollBy(-1);
    case Qt::Key_Down:
        return m_scroller.scrollBy(1);
    case Qt::Key_PageUp:
        return m_scroller.scrollBy(-page);
    case Qt::Key_PageDown:
        return m_scroller.scrollBy(page);
    case Qt::Key_Home:
        setFollowing(false);
        return m_scroller.scrollTo(0);
    case Qt::Key_End:
        return setFollowing(true);
    default:
        QAbstractScrollArea::keyPressEvent(event);
    }
}

void LogView::mousePressEvent(QMouseEvent *event)
{
    m_marker.press(*event);
}

void LogView::mouseMoveEvent(QMouseEvent *event)
{
    m_marker.drag(*event);
}

void LogView::mouseReleaseEvent(QMouseEvent *)
{
    m_marker.release();
}

void LogView::mouseDoubleClickEvent(QMouseEvent *event)
{
    m_marker.markWord(*event);
}

void LogView::contextMenuEvent(QContextMenuEvent *event)
{
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    QAction *copyAction = menu->addAction(tr("Copy"), this, &LogView::copy);
    copyAction->setShortcut(QKeySequence::Copy);
    copyAction->setEnabled(hasSelection());
    menu->addAction(tr("Select all"), this, &LogView::selectAll)->setShortcut(QKeySequence::SelectAll);
    menu->popup(event->globalPos());
}

void LogView::showEvent(QShowEvent *event)
{
    m_feed.watch(true);
    QAbstractScrollArea::showEvent(event);
}

void LogView::hideEvent(QHideEvent *event)
{
    m_feed.watch(false);
    QAbstractScrollArea::hideEvent(event);
}

void LogView::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::PaletteChange)
        viewport()->update();
    else if (event->type() == QEvent::FontChange)
        m_scroller.setScreen(LogGeometry(*this).screen());
    else if (event->type() == QEvent::ApplicationPaletteChange)
        Sheet::blend(this);
    QAbstractScrollArea::changeEvent(event);
}

} // namespace cloudnode
