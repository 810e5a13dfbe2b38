#include "ui/look/badge.h"

#include "ui/look/grid.h"
#include "ui/look/icons.h"

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

void Badge::setWord(const QString &word, std::optional<Tone> tone, const QString &glyph)
{
    if (word == m_word && tone == m_tone && glyph == m_glyph)
        return;
    m_word = word;
    m_glyph = glyph;
    m_tone = tone;
    setVisible(!word.isEmpty());
    setAccessibleName(word);
    updateGeometry();
    update();
}

QSize Badge::sizeHint() const
{
    return {fontMetrics().horizontalAdvance(m_word) + 2 * grid::unit + glyphRoom(),
            fontMetrics().height() + grid::half};
}

int Badge::glyphRoom() const
{
    return m_glyph.isEmpty() ? 0 : fontMetrics().height();
}

QColor Badge::fill() const
{
    const QColor text = m_tone ? colors::tone(palette(), *m_tone) : colors::secondaryText(palette());
    return colors::mix(palette().color(QPalette::Base), text, 0.1);
}

QColor Badge::ink() const
{
    return colors::readable(m_tone ? colors::tone(palette(), *m_tone) : colors::secondaryText(palette()),
                            fill());
}

void Badge::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(fill());
    painter.drawRoundedRect(rect(), height() / 2.0, height() / 2.0);
    painter.setPen(ink());
    painter.drawText(rect().adjusted(grid::unit + glyphRoom(), 0, 0, 0),
                     static_cast<int>(Qt::AlignVCenter | Qt::AlignLeft), m_word);
    if (m_glyph.isEmpty())
        return;
    const int side = glyphRoom() - grid::half;
    const QRect place(grid::unit - 2, (height() - side) / 2, side, side);
    painter.drawPixmap(place, icons::drawn(m_glyph, ink(), qRound(side * devicePixelRatioF())));
}

} // namespace cloudnode
