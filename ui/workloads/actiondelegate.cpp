#include "ui/workloads/actiondelegate.h"

#include "ui/look/grid.h"

#include <QApplication>
#include <QMouseEvent>
#include <QPainter>
#include <QStyleOptionButton>

namespace cloudnode {

QRect ActionDelegate::buttonRect(const QRect &cell)
{
    return cell.adjusted(grid::half, grid::half + 2, -grid::half, -grid::half - 2);
}

void ActionDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                           const QModelIndex &index) const
{
    QStyleOptionViewItem cell = option;
    initStyleOption(&cell, index);
    painter->save();
    paintBackground(painter, cell, index);
    painter->restore();
    const QString text = index.data().toString();
    if (text.isEmpty())
        return;
    QStyleOptionButton button;
    button.rect = buttonRect(option.rect);
    button.text = text;
    button.palette = option.palette;
    button.fontMetrics = option.fontMetrics;
    button.state = QStyle::State_Enabled | QStyle::State_Active;
    button.state |= m_pressed == index ? QStyle::State_Sunken : QStyle::State_Raised;
    if (option.state & QStyle::State_MouseOver)
        button.state |= QStyle::State_MouseOver;
    const QStyle *style = option.widget ? option.widget->style() : QApplication::style();
    style->drawControl(QStyle::CE_PushButton, &button, painter, option.widget);
}

bool ActionDelegate::editorEvent(QEvent *event, QAbstractItemModel *, const QStyleOptionViewItem &option,
                                 const QModelIndex &index)
{
    const bool press = event->type() == QEvent::MouseButtonPress;
    if (!press && event->type() != QEvent::MouseButtonRelease)
        return false;
    const auto *mouse = static_cast<QMouseEvent *>(event);
    const bool inside = buttonRect(option.rect).contains(mouse->position().toPoint());
    const bool hit = inside && mouse->button() == Qt::LeftButton && !index.data().toString().isEmpty();
    const bool click = hit && !press && m_pressed == index;
    m_pressed = hit && press ? QPersistentModelIndex(index) : QPersistentModelIndex();
    if (click)
        emit clicked(index);
    return hit;
}

} // namespace cloudnode
