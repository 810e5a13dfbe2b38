#include "ui/window/cardrow.h"

#include "ui/look/grid.h"

#include <QResizeEvent>

namespace cloudnode {

CardRow::CardRow(QWidget *parent) : QWidget(parent), m_layout(new QBoxLayout(QBoxLayout::LeftToRight, this))
{
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setSpacing(grid::unit + grid::half);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
}

void CardRow::add(QWidget *card)
{
    m_layout->addWidget(card, 1);
}

void CardRow::resizeEvent(QResizeEvent *event)
{
    constexpr int narrowest = 27; // characters a card needs
    const int needed = m_layout->count() * narrowest * fontMetrics().averageCharWidth();
    const auto direction = event->size().width() < needed ? QBoxLayout::TopToBottom : QBoxLayout::LeftToRight;
    if (m_layout->direction() != direction)
        m_layout->setDirection(direction);
    QWidget::resizeEvent(event);
}

} // namespace cloudnode
