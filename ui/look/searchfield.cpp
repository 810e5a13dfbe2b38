#include "ui/look/searchfield.h"

#include "ui/look/icons.h"

#include <QAction>
#include <QEvent>
#include <QKeyEvent>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

SearchField::SearchField(const QString &name, int widest, QWidget *parent)
    : QLineEdit(parent),
      m_icon(addAction(icons::glyph(u"search"_s, palette()), LeadingPosition))
{
    setPlaceholderText(name);
    setAccessibleName(name);
    setClearButtonEnabled(true);
    setMaximumWidth(widest);
}

void SearchField::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::PaletteChange)
        m_icon->setIcon(icons::glyph(u"search"_s, palette()));
    QLineEdit::changeEvent(event);
}

/// Escape empties it before it means anything else.
void SearchField::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Escape && !text().isEmpty())
        clear();
    else
        QLineEdit::keyPressEvent(event);
}

} // namespace cloudnode
