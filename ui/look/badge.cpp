#include "ui/look/badge.h"

#include "ui/look/grid.h"

#include <QPainter>

namespace cloudnode {

Badge::Badge(QWidget *parent) : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    QFont small = font();
    small.setPointSizeF(small.pointSizeF() * 0.9);
    setFont(small);
    hide();
}

void Badge::setWord(const QString &word, std::optional<Tone> tone)
{
    if (word == m_word && tone == m_tone)
        return;
    m_word = word;
    m_tone = tone;
    setVisible(!word.isEmpty());
    setAccessibleName(word);
    updateGeometry();
    update();
}

QSize Badge::sizeHint() const
{
    return {fontMetrics().horizontalAdvance(m_word) + 2 * grid::unit, fontMetrics().height() + grid::half};
}

void Badge::paintEvent(QPaintEvent *)
{
    const QColor text = m_tone ? colors::tone(palette(), *m_tone) : colors::secondaryText(palette());
    const QColor fill = colors::mix(palette().color(QPalette::Base), text, 0.1);
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(fill);
    painter.drawRoundedRect(rect(), height() / 2.0, height() / 2.0);
    painter.setPen(colors::readable(text, fill));
    painter.drawText(rect(), Qt::AlignCenter, m_word);
}

} // namespace cloudnode
