#include "ui/logview/logscrollbars.h"

#include <QFontMetrics>
#include <QScrollBar>

#include <algorithm>
#include <cmath>

namespace cloudnode {

LogScrollBars::LogScrollBars(QAbstractScrollArea &view, LogScroller &scroller)
    : m_vertical(*view.verticalScrollBar()),
      m_horizontal(*view.horizontalScrollBar()),
      m_geometry(view),
      m_scroller(scroller)
{
    connect(&m_vertical, &QAbstractSlider::actionTriggered, this, &LogScrollBars::takeAction);
    connect(&m_scroller, &LogScroller::moved, this, &LogScrollBars::update);
    connect(&m_scroller, &LogScroller::grown, this, &LogScrollBars::update);
}

/// Bytes that a step of the bar stands for: it counts in int.
qint64 LogScrollBars::unit() const
{
    return m_scroller.page().documentSize() / (1 << 30) + 1;
}

void LogScrollBars::update()
{
    if (!m_vertical.isSliderDown()) // else it is the hand that says where
        updateVertical();
    updateHorizontal();
}

void LogScrollBars::updateVertical()
{
    const LogPage &page = m_scroller.page();
    const qint64 shown = page.shownBytes();
    const bool fits = page.startsDocument() && page.lastTop() == 0;
    const qint64 rest = std::max<qint64>(1, (page.documentSize() - shown) / unit());
    m_vertical.setPageStep(static_cast<int>(std::max<qint64>(1, shown / unit())));
    m_vertical.setRange(0, fits ? 0 : static_cast<int>(rest));
    m_vertical.setValue(page.isAtEnd() ? m_vertical.maximum() : static_cast<int>(page.topOffset() / unit()));
}

void LogScrollBars::updateHorizontal()
{
    const int width = m_geometry.textWidth();
    const qreal widest = m_geometry.averageCharWidth() * static_cast<qreal>(m_scroller.page().widest());
    m_horizontal.setPageStep(width);
    m_horizontal.setSingleStep(QFontMetrics(m_geometry.font()).averageCharWidth() * 4);
    m_horizontal.setRange(0, std::max(0, static_cast<int>(std::ceil(widest)) - width));
}

/// Steps are lines and pages, not bytes: the bar stays until the scroller has moved.
void LogScrollBars::takeAction(int action)
{
    const auto scrollBy = [this](int lines) {
        m_vertical.setSliderPosition(m_vertical.value());
        m_scroller.scrollBy(lines);
    };
    const int page = m_scroller.page().pageStep();
    switch (action) {
    case QAbstractSlider::SliderSingleStepAdd:
        return scrollBy(1);
    case QAbstractSlider::SliderSingleStepSub:
        return scrollBy(-1);
    case QAbstractSlider::SliderPageStepAdd:
        return scrollBy(page);
    case QAbstractSlider::SliderPageStepSub:
        return scrollBy(-page);
    default:
        break;
    }
    if (m_vertical.sliderPosition() >= m_vertical.maximum())
        return m_scroller.setFollowing(true);
    m_scroller.setFollowing(false);
    m_scroller.scrollTo(m_vertical.sliderPosition() * unit());
}

} // namespace cloudnode
