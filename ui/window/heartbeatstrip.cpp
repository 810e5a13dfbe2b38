#include "ui/window/heartbeatstrip.h"

#include "ui/look/grid.h"
#include "ui/look/semanticcolors.h"
#include "ui/look/words.h"

#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>

namespace cloudnode {

HeartbeatStrip::HeartbeatStrip(QWidget *parent) : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAccessibleName(tr("Last heartbeats"));
}

void HeartbeatStrip::setBeats(const QList<NodeSnapshot::Beat> &beats)
{
    if (beats == m_beats)
        return;
    m_beats = beats;
    const auto missed = std::count_if(beats.begin(), beats.end(), [](const auto &beat) { return !beat.ok; });
    setAccessibleDescription(tr("%1 of %2 got through").arg(beats.size() - missed).arg(beats.size()));
    update();
}

QSize HeartbeatStrip::sizeHint() const
{
    return {20 * grid::unit, 2 * grid::unit};
}

QSize HeartbeatStrip::minimumSizeHint() const
{
    return {8 * grid::unit, 2 * grid::unit};
}

void HeartbeatStrip::paintEvent(QPaintEvent *)
{
    constexpr qreal share = 0.6; // of its place that a bar takes
    const qreal step = static_cast<qreal>(width()) / NodeSnapshot::historyLength;
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    const auto bar = [&](qsizetype place, qreal top, qreal bottom, const QColor &color) {
        painter.setBrush(color);
        painter.drawRoundedRect(QRectF(static_cast<qreal>(place) * step, top, step * share, bottom - top), 1,
                                1);
    };
    const qsizetype empty = NodeSnapshot::historyLength - m_beats.size();
    for (qsizetype place = 0; place < empty; ++place)
        bar(place, height() - 4, height(), colors::hairline(palette()));
    const QColor good = colors::tone(palette(), Tone::Good);
    const QColor bad = colors::tone(palette(), Tone::Trouble);
    for (qsizetype i = 0; i < m_beats.size(); ++i) {
        if (m_beats.at(i).ok) {
            bar(empty + i, height() / 2.0, height(), good);
            continue;
        }
        bar(empty + i, 0, height() - 5, bad);
        bar(empty + i, height() - 3, height(), bad);
    }
}

int HeartbeatStrip::beatAt(int x) const
{
    const int place = x * static_cast<int>(NodeSnapshot::historyLength) / std::max(1, width());
    return place - static_cast<int>(NodeSnapshot::historyLength - m_beats.size());
}

bool HeartbeatStrip::event(QEvent *event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto *help = static_cast<QHelpEvent *>(event);
    const int index = beatAt(help->pos().x());
    if (index < 0 || index >= m_beats.size())
        return true;
    const NodeSnapshot::Beat &beat = m_beats.at(index);
    const QString when = Words::absolute(beat.at);
    const QString how = !beat.ok                ? tr("missed")
                        : beat.roundTripSeconds ? Words::milliseconds(*beat.roundTripSeconds)
                                                : tr("got through");
    QToolTip::showText(help->globalPos(), tr("%1: %2").arg(when, how), this);
    return true;
}

} // namespace cloudnode
