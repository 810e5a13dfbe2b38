#include "ui/look/segmentbutton.h"

#include "ui/look/grid.h"
#include "ui/look/semanticcolors.h"

#include <QEvent>
#include <QPainter>

namespace cloudnode {

SegmentButton::SegmentButton(const QString &text, QWidget *parent) : QAbstractButton(parent)
{
    setText(text);
    setCheckable(true);
    setAutoExclusive(true); // also lets the arrow keys move between the choices
    setFocusPolicy(Qt::StrongFocus);
}

QSize SegmentButton::sizeHint() const
{
    return {fontMetrics().horizontalAdvance(text()) + 3 * grid::unit, fontMetrics().height() + grid::unit};
}

QColor SegmentButton::fill() const
{
    if (isChecked())
        return colors::isDark(palette()) ? colors::mix(palette().color(QPalette::Window),
                                                       palette().color(QPalette::WindowText), 0.22)
                                         : palette().color(QPalette::Base);
    return underMouse() ? colors::hairline(palette()) : QColor(Qt::transparent);
}

void SegmentButton::paintEvent(QPaintEvent *)
{
    constexpr qreal radius = grid::unit - 2;
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const bool byKeyboard = hasFocus() && window()->testAttribute(Qt::WA_KeyboardFocusChange);
    painter.setPen(byKeyboard ? QPen(palette().color(QPalette::Highlight), 2) : QPen(Qt::NoPen));
    painter.setBrush(fill());
    painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), radius, radius);
    painter.setPen(isChecked() || !isEnabled() ? palette().color(QPalette::WindowText)
                                               : colors::secondaryText(palette()));
    painter.drawText(rect(), Qt::AlignCenter | Qt::TextShowMnemonic, text());
}

bool SegmentButton::event(QEvent *event)
{
    if (event->type() == QEvent::Enter || event->type() == QEvent::Leave)
        update();
    return QAbstractButton::event(event);
}

} // namespace cloudnode
