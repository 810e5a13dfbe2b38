#include "ui/look/segments.h"

#include "ui/look/grid.h"
#include "ui/look/segmentbutton.h"
#include "ui/look/semanticcolors.h"

#include <QPainter>

namespace cloudnode {

Segments::Segments(const QString &name, QWidget *parent) : QWidget(parent), m_layout(new QHBoxLayout(this))
{
    constexpr int edge = 2;
    m_layout->setContentsMargins(edge, edge, edge, edge);
    m_layout->setSpacing(edge);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setAccessibleName(name);
    connect(&m_group, &QButtonGroup::idToggled, this, [this](int id, bool on) {
        if (on)
            emit chosen(id);
    });
}

void Segments::add(const QString &text)
{
    auto *button = new SegmentButton(text, this);
    m_group.addButton(button, m_layout->count());
    m_layout->addWidget(button);
    if (m_layout->count() == 1)
        button->setChecked(true);
}

void Segments::setText(int index, const QString &text)
{
    QAbstractButton *button = m_group.button(index);
    if (button->text() != text)
        button->setText(text);
}

void Segments::setCurrent(int index)
{
    m_group.button(index)->setChecked(true);
}

void Segments::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(colors::track(palette()));
    painter.drawRoundedRect(rect(), grid::unit, grid::unit);
}

} // namespace cloudnode
