#include "ui/look/elidedlabel.h"

#include <QHelpEvent>
#include <QPainter>
#include <QStyle>
#include <QToolTip>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

ElidedLabel::ElidedLabel(Qt::TextElideMode mode, QWidget *parent) : QLabel(parent), m_mode(mode)
{
    setTextFormat(Qt::PlainText);
    setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
}

void ElidedLabel::setFact(const QString &text, const QString &hint)
{
    m_hint = hint;
    if (text != this->text())
        setText(text);
}

QSize ElidedLabel::minimumSizeHint() const
{
    return {fontMetrics().horizontalAdvance(u"…"_s), fontMetrics().height()};
}

QString ElidedLabel::shown() const
{
    const int room = contentsRect().width();
    const bool fits = m_shorter.isEmpty() || fontMetrics().horizontalAdvance(text()) <= room;
    return fontMetrics().elidedText(fits ? text() : m_shorter, m_mode, room);
}

void ElidedLabel::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    style()->drawItemText(&painter, contentsRect(), static_cast<int>(alignment()) | Qt::TextSingleLine,
                          palette(), isEnabled(), shown(), foregroundRole());
}

bool ElidedLabel::event(QEvent *event)
{
    if (event->type() != QEvent::ToolTip)
        return QLabel::event(event);
    const QString hint = m_hint.isEmpty() && shown() != text() ? text() : m_hint;
    if (!hint.isEmpty())
        QToolTip::showText(static_cast<QHelpEvent *>(event)->globalPos(), hint, this);
    return true;
}

} // namespace cloudnode
