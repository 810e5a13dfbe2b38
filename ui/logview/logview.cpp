#include "ui/logview/logview.h"

#include "ui/logview/logaccessible.h"
#include "ui/logview/loglinepainter.h"
#include "ui/look/grid.h"
#include "ui/look/semanticcolors.h"
#include "ui/look/sheet.h"

#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QFontDatabase>
#include <QMenu>
#include <QScrollBar>

#include <algorithm>
#include <cmath>

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace cloudnode {

namespace {

constexpr int margin = grid::unit + grid::half; ///< left of the text; holds the mark of stderr
constexpr int screensAhead = 3;                 ///< kept above and below what is visible
constexpr auto autoScrollInterval = 50ms;

bool holds(const LogWindow &window, qint64 offset)
{
    return !window.lines.isEmpty() && window.lines.first().begin <= offset &&
           offset < window.lines.last().end;
}

} // namespace

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
    m_autoScroll.setInterval(autoScrollInterval);
    connect(&m_autoScroll, &QTimer::timeout, this, [this] {
        scrollLines(m_mouse.y() < 0 ? -1 : 1);
        m_selection.cursor = positionAt(m_mouse);
    });
    connect(verticalScrollBar(), &QAbstractSlider::actionTriggered, this, &LogView::followScrollBar);
    connect(horizontalScrollBar(), &QAbstractSlider::valueChanged, viewport(), qOverload<>(&QWidget::update));
    connect(&m_feed, &LogFeed::grown, this, &LogView::takeGrowth);
    connect(&m_feed, &LogFeed::replaced, this, [this] {
        m_lines.clear();
        m_selection = {};
        loadEnd();
    });
    connect(&m_feed, &LogFeed::loaded, this, &LogView::takeWindow);
    connect(&m_feed, &LogFeed::found, this, &LogView::takeFound);
    connect(&m_feed, &LogFeed::searching, this, &LogView::searching);
    connect(&m_feed, &LogFeed::extracted, this, &LogView::takeExtract);
}

void LogView::open(const LogPaths &paths, LogStreams streams)
{
    clear();
    m_open = true;
    m_feed.open(paths, streams);
    loadEnd();
    if (!std::exchange(m_follow, true))
        emit followingChanged(true);
}

void LogView::clear()
{
    m_open = false;
    m_lines.clear();
    m_top = 0;
    m_steps = 0;
    m_size = 0;
    m_widest = 0;
    m_found = -1;
    m_selection = {};
    updateBars();
    viewport()->update();
}

void LogView::setEmptyText(const QString &text)
{
    m_emptyText = text;
    viewport()->update();
}

void LogView::setFollowing(bool follow)
{
    if (follow == m_follow)
        return;
    m_follow = follow;
    if (follow)
        loadEnd();
    emit followingChanged(follow);
}

void LogView::leaveFollowing()
{
    if (std::exchange(m_follow, false))
        emit followingChanged(false);
}

// ---- what the reader tells

void LogView::takeGrowth(qint64 size)
{
    if (!m_open)
        return;
    m_size = size;
    if (m_follow)
        return loadEnd();
    keepWindowAhead();
    updateBars();
}

void LogView::takeWindow(const LogWindow &window)
{
    if (!m_open || (window.jump && !m_jumping)) // it has turned round on the way there
        return;
    const qint64 top = window.jump ? window.anchor : topOffset();
    if (!window.jump && !m_follow && !m_lines.isEmpty() && !holds(window, top))
        return loadAround(top); // it has gone on since this was asked for
    m_jumping = m_jumping && !window.jump;
    m_size = window.documentSize;
    m_lines.clear();
    m_lines.reserve(window.lines.size());
    for (const LogLine &line : window.lines)
        m_lines.append({line.begin, line.end, line.isError, AnsiText::parse(line.text)});
    const auto at = std::lower_bound(m_lines.begin(), m_lines.end(), top,
                                     [](const Line &line, qint64 offset) { return line.begin < offset; });
    const int above = window.jump ? m_above : 0;
    m_top = m_follow ? lastTop() : static_cast<int>(at - m_lines.begin()) - above;
    m_top = std::clamp(m_top, 0, lastTop());
    takeSteps();
}

void LogView::takeFound(qint64 line)
{
    emit searchEnded(line >= 0);
    m_found = line;
    if (line < 0)
        return viewport()->update();
    leaveFollowing();
    const qint64 bottom =
        m_lines.isEmpty() ? 0
                          : m_lines.at(std::min<qsizetype>(m_lines.size(), m_top + visibleLines()) - 1).begin;
    if (line < topOffset() || line > bottom)
        scrollTo(line, visibleLines() / 3);
    viewport()->update();
}

void LogView::takeExtract(const QList<LogLine> &lines, bool whole)
{
    QStringList texts;
    for (const LogLine &line : lines) {
        const QString text = AnsiText::parse(line.text).text;
        const auto [from, to] = m_selection.columnsOf(line.begin, static_cast<int>(text.size()));
        texts.append(text.mid(from, to - from));
    }
    QApplication::clipboard()->setText(texts.join(u'\n'));
    emit copied(texts.size(), whole);
}

// ---- going places

void LogView::loadAround(qint64 anchor)
{
    const int screen = visibleLines() * screensAhead;
    m_feed.load(anchor, screen, screen + visibleLines(), m_jumping);
}

void LogView::loadEnd()
{
    m_jumping = false;
    m_steps = 0;
    m_feed.load(std::numeric_limits<qint64>::max(), visibleLines() * (screensAhead + 1), 1, false);
}

void LogView::scrollTo(qint64 offset, int linesAbove)
{
    m_above = linesAbove;
    m_jumping = true;
    m_steps = 0;
    loadAround(offset);
}

void LogView::scrollLines(int lines)
{
    if (lines < 0)
        leaveFollowing();
    if (m_follow)
        return;
    m_steps += lines;
    takeSteps();
}

/// As far as the window reaches. The rest waits for the window that follows, so that no step is lost to a
/// slow disk.
void LogView::takeSteps()
{
    if (!m_jumping) { // else they begin where the jump ends
        const bool down = m_steps > 0;
        const int wanted = m_top + m_steps;
        m_top = std::clamp(wanted, 0, lastTop());
        m_steps = isDocumentEdge(down) ? 0 : wanted - m_top;
        if (down && isAtEnd())
            setFollowing(true);
    }
    keepWindowAhead();
    updateBars();
    viewport()->update();
}

/// Whether the window ends there because the document does.
bool LogView::isDocumentEdge(bool atEnd) const
{
    return m_lines.isEmpty() || (atEnd ? m_lines.last().end >= m_size : m_lines.first().begin == 0);
}

/// Asks for more when less than a screen is left in the direction of an end that is not the document's.
void LogView::keepWindowAhead()
{
    if (m_lines.isEmpty() || m_follow || m_jumping)
        return;
    const int screen = visibleLines();
    const bool nearBegin = m_top < screen && !isDocumentEdge(false);
    const bool nearEnd = m_top + 2 * screen > m_lines.size() && !isDocumentEdge(true);
    if (nearBegin || nearEnd)
        loadAround(topOffset());
}

void LogView::followScrollBar(int action)
{
    QScrollBar *bar = verticalScrollBar();
    const int page = std::max(1, visibleLines() - 1);
    switch (action) {
    case QAbstractSlider::SliderSingleStepAdd:
    case QAbstractSlider::SliderSingleStepSub:
        bar->setSliderPosition(bar->value());
        return scrollLines(action == QAbstractSlider::SliderSingleStepAdd ? 1 : -1);
    case QAbstractSlider::SliderPageStepAdd:
    case QAbstractSlider::SliderPageStepSub:
        bar->setSliderPosition(bar->value());
        return scrollLines(action == QAbstractSlider::SliderPageStepAdd ? page : -page);
    default:
        break;
    }
    if (bar->sliderPosition() >= bar->maximum())
        return setFollowing(true);
    leaveFollowing();
    scrollTo(bar->sliderPosition() * barUnit());
}

void LogView::moveByKey(int key)
{
    const int page = std::max(1, visibleLines() - 1);
    switch (key) {
    case Qt::Key_Up:
        return scrollLines(-1);
    case Qt::Key_Down:
        return scrollLines(1);
    case Qt::Key_PageUp:
        return scrollLines(-page);
    case Qt::Key_PageDown:
        return scrollLines(page);
    case Qt::Key_Home:
        leaveFollowing();
        return scrollTo(0);
    case Qt::Key_End:
        return setFollowing(true);
    default:
        return;
    }
}

void LogView::updateBars()
{
    QScrollBar *bar = verticalScrollBar();
    const qint64 shown =
        m_lines.isEmpty()
            ? 0
            : m_lines.at(std::min<qsizetype>(m_top + visibleLines(), m_lines.size()) - 1).end - topOffset();
    const bool fits = m_lines.isEmpty() || (m_lines.first().begin == 0 && lastTop() == 0);
    const qint64 unit = barUnit();
    if (!bar->isSliderDown()) {
        bar->setPageStep(static_cast<int>(std::max<qint64>(1, shown / unit)));
        bar->setRange(0, fits ? 0 : static_cast<int>(std::max<qint64>(1, (m_size - shown) / unit)));
        bar->setValue(isAtEnd() ? bar->maximum() : static_cast<int>(topOffset() / unit));
    }
    for (const Line &line : std::as_const(m_lines))
        m_widest = std::max(m_widest, QFontMetricsF(font()).averageCharWidth() *
                                          static_cast<qreal>(line.text.text.size()));
    const int width = viewport()->width() - 2 * margin;
    horizontalScrollBar()->setPageStep(width);
    horizontalScrollBar()->setSingleStep(fontMetrics().averageCharWidth() * 4);
    horizontalScrollBar()->setRange(0, std::max(0, static_cast<int>(std::ceil(m_widest)) - width));
}

// ---- measures

qreal LogView::lineHeight() const
{
    return std::ceil(QFontMetricsF(font()).height());
}

int LogView::visibleLines() const
{
    return std::max(1, static_cast<int>((viewport()->height() - grid::unit) / lineHeight()));
}

int LogView::lastTop() const
{
    return std::max(0, static_cast<int>(m_lines.size()) - visibleLines());
}

bool LogView::isAtEnd() const
{
    return isDocumentEdge(true) && m_top >= lastTop();
}

qint64 LogView::topOffset() const
{
    return m_lines.isEmpty() ? 0 : m_lines.at(std::min<qsizetype>(m_top, m_lines.size() - 1)).begin;
}

/// A scroll bar counts in int.
qint64 LogView::barUnit() const
{
    return m_size / (1 << 30) + 1;
}

int LogView::columnAt(const AnsiText &text, qreal x) const
{
    const QFontMetricsF metrics(font());
    const auto width = [&](int column) { return metrics.horizontalAdvance(text.text.left(column)); };
    int column =
        std::clamp(static_cast<int>(x / metrics.averageCharWidth()), 0, static_cast<int>(text.text.size()));
    while (column < text.text.size() && width(column) + metrics.averageCharWidth() / 2 < x)
        ++column;
    while (column > 0 && width(column) - metrics.averageCharWidth() / 2 > x)
        --column;
    return column;
}

LogPosition LogView::positionAt(const QPointF &point) const
{
    if (m_lines.isEmpty())
        return {};
    const int row = m_top + static_cast<int>(std::floor((point.y() - grid::half) / lineHeight()));
    const Line &line = m_lines.at(std::clamp(row, 0, static_cast<int>(m_lines.size()) - 1));
    if (row >= m_lines.size())
        return {line.begin, static_cast<int>(line.text.text.size())};
    return {line.begin, columnAt(line.text, point.x() - margin + horizontalScrollBar()->value())};
}

QString LogView::visibleText() const
{
    QStringList texts;
    for (qsizetype row = m_top; row < std::min<qsizetype>(m_top + visibleLines(), m_lines.size()); ++row)
        texts.append(m_lines.at(row).text.text);
    return texts.join(u'\n');
}

// ---- search and copy

void LogView::search(const QString &text, bool forward)
{
    m_needle = text;
    m_found = text.isEmpty() ? -1 : m_found;
    viewport()->update();
    if (text.isEmpty() || m_lines.isEmpty())
        return m_feed.cancelFind();
    qint64 from = m_found >= 0 ? m_found : topOffset();
    for (const Line &line : std::as_const(m_lines))
        if (m_found >= 0 && line.begin == m_found)
            from = forward ? line.end : line.begin - 1;
    m_feed.find(text, from < 0 ? m_size - 1 : from >= m_size ? 0 : from, forward);
}

void LogView::copy()
{
    if (hasSelection())
        m_feed.extract(m_selection.first().line, m_selection.last().line + 1);
}

void LogView::selectAll()
{
    if (m_lines.isEmpty())
        return;
    m_selection = {{0, 0}, {m_size, 0}};
    viewport()->update();
}

// ---- events

void LogView::paintLine(LogLinePainter &painter, const Line &line, qreal y)
{
    const auto marked = m_selection.columnsOf(line.begin, static_cast<int>(line.text.text.size()));
    painter.paint({static_cast<qreal>(margin - horizontalScrollBar()->value()), y}, line.text, marked);
}

void LogView::paintEmpty(QPainter &painter)
{
    painter.setFont(QApplication::font());
    painter.setPen(colors::secondaryText(palette()));
    painter.drawText(viewport()->rect().adjusted(margin, 0, -margin, 0),
                     static_cast<int>(Qt::AlignCenter) | Qt::TextWordWrap, m_emptyText);
}

void LogView::paintEvent(QPaintEvent *)
{
    QPainter painter(viewport());
    if (m_lines.isEmpty())
        return paintEmpty(painter);
    painter.setFont(font());
    LogLinePainter lines(painter, palette(), QFontMetricsF(font()));
    lines.setNeedle(m_needle);
    const QColor errorColor = colors::tone(palette(), Tone::Trouble);
    const QColor foundColor =
        colors::mix(palette().color(QPalette::Base), palette().color(QPalette::Highlight), 0.2);
    qreal y = grid::half;
    for (qsizetype row = m_top; row < m_lines.size() && y < viewport()->height(); ++row, y += lineHeight()) {
        const Line &line = m_lines.at(row);
        if (line.begin == m_found)
            painter.fillRect(QRectF(0, y, viewport()->width(), lineHeight()), foundColor);
        paintLine(lines, line, y);
        if (line.isError)
            painter.fillRect(QRectF(grid::half, y + 1, 3, lineHeight() - 2), errorColor);
    }
}

void LogView::resizeEvent(QResizeEvent *)
{
    m_top = m_follow ? lastTop() : std::clamp(m_top, 0, lastTop());
    if (m_open && m_follow && m_lines.size() < 2 * visibleLines())
        loadEnd();
    keepWindowAhead();
    updateBars();
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
        scrollLines(-lines);
    event->accept();
}

void LogView::keyPressEvent(QKeyEvent *event)
{
    if (event->matches(QKeySequence::Copy))
        return copy();
    if (event->matches(QKeySequence::SelectAll))
        return selectAll();
    switch (event->key()) {
    case Qt::Key_Up:
    case Qt::Key_Down:
    case Qt::Key_PageUp:
    case Qt::Key_PageDown:
    case Qt::Key_Home:
    case Qt::Key_End:
        return moveByKey(event->key());
    default:
        QAbstractScrollArea::keyPressEvent(event);
    }
}

void LogView::mousePressEvent(QMouseEvent *event)
{
    if (event->button() != Qt::LeftButton)
        return;
    m_selection.cursor = positionAt(event->position());
    if (!(event->modifiers() & Qt::ShiftModifier))
        m_selection.anchor = m_selection.cursor;
    viewport()->update();
}

void LogView::mouseMoveEvent(QMouseEvent *event)
{
    if (!(event->buttons() & Qt::LeftButton))
        return;
    leaveFollowing(); // nothing may slip away under the hand
    m_mouse = event->position();
    m_selection.cursor = positionAt(m_mouse);
    const bool outside = m_mouse.y() < 0 || m_mouse.y() > viewport()->height();
    if (outside && !m_autoScroll.isActive())
        m_autoScroll.start();
    else if (!outside)
        m_autoScroll.stop();
    viewport()->update();
}

void LogView::mouseReleaseEvent(QMouseEvent *)
{
    m_autoScroll.stop();
}

/// Marks a word.
void LogView::mouseDoubleClickEvent(QMouseEvent *event)
{
    const LogPosition at = positionAt(event->position());
    const auto line = std::find_if(m_lines.cbegin(), m_lines.cend(),
                                   [&](const Line &each) { return each.begin == at.line; });
    if (line == m_lines.cend())
        return;
    const QString &text = line->text.text;
    int from = at.column;
    int to = at.column;
    while (from > 0 && !text[from - 1].isSpace())
        --from;
    while (to < text.size() && !text[to].isSpace())
        ++to;
    m_selection = {{at.line, from}, {at.line, to}};
    viewport()->update();
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
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange)
        viewport()->update();
    else if (event->type() == QEvent::ApplicationPaletteChange)
        Sheet::blend(this);
    QAbstractScrollArea::changeEvent(event);
}

} // namespace cloudnode
