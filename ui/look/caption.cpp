#include "ui/look/caption.h"

#include "ui/look/semanticcolors.h"

#include <QApplication>
#include <QEvent>

namespace cloudnode {

Caption::Caption(const QString &text, QWidget *parent) : QLabel(text, parent)
{
    setTextFormat(Qt::PlainText);
    takeColor();
}

void Caption::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::ApplicationPaletteChange || event->type() == QEvent::ThemeChange)
        takeColor();
    QLabel::changeEvent(event);
}

void Caption::takeColor()
{
    QPalette own = palette();
    own.setColor(QPalette::WindowText, colors::secondaryText(QApplication::palette()));
    setPalette(own);
}

} // namespace cloudnode
