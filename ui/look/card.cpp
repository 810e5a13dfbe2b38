#include "ui/look/card.h"

#include "ui/look/caption.h"
#include "ui/look/grid.h"

namespace cloudnode {

Card::Card(const QString &title, QWidget *parent)
    : Sheet(parent),
      m_titleLine(new QHBoxLayout),
      m_body(new QVBoxLayout)
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(grid::gap, grid::unit + grid::half, grid::gap, grid::unit + grid::half);
    layout->setSpacing(grid::half);
    layout->addLayout(m_titleLine);
    layout->addLayout(m_body, 1);
    m_titleLine->addWidget(new Caption(title));
    m_titleLine->addStretch();
    m_titleLine->addStrut(fontMetrics().height() + grid::half); // with or without something beside it
    m_body->setSpacing(grid::half);
    setAccessibleName(title);
}

void Card::addBeside(QWidget *widget)
{
    m_titleLine->addWidget(widget);
}

} // namespace cloudnode
