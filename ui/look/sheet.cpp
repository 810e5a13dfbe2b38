#include "ui/look/sheet.h"

#include "ui/look/grid.h"
#include "ui/look/semanticcolors.h"

#include <QApplication>
#include <QEvent>
#include <QPainter>

namespace cloudnode {

Sheet::Sheet(QWidget *parent) : QWidget(parent)
{
    takeFieldColor();
}

void Sheet::takeFieldColor()
{
    QPalette own;
    own.setColor(QPalette::Base, colors::field(QApplication::palette()));
    setPalette(own);
}

void Sheet::blend(QWidget *view)
{
    QPalette own;
    own.setColor(QPalette::Base, QApplication::palette().color(QPalette::Base));
    view->setPalette(own);
}

void Sheet::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::ApplicationPaletteChange)
        takeFieldColor();
    QWidget::changeEvent(event);
}

void Sheet::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(colors::hairline(palette()));
    painter.setBrush(QApplication::palette().color(QPalette::Base));
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), grid::radius, grid::radius);
}

} // namespace cloudnode
