#include "ui/window/banner.h"

#include "ui/look/grid.h"
#include "ui/look/semanticcolors.h"
#include "ui/look/words.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>

namespace cloudnode {

Banner::Banner(QWidget *parent)
    : QWidget(parent),
      m_what(new QLabel),
      m_advice(new QLabel),
      m_button(new QPushButton)
{
    QFont bold = m_what->font();
    bold.setWeight(QFont::DemiBold);
    m_what->setFont(bold);
    for (QLabel *label : {m_what, m_advice}) {
        label->setTextFormat(Qt::PlainText);
        label->setWordWrap(true);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    }
    auto *words = new QVBoxLayout;
    words->setSpacing(grid::half / 2);
    words->addWidget(m_what);
    words->addWidget(m_advice);
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(grid::gap + grid::unit, grid::unit + grid::half, grid::gap,
                               grid::unit + grid::half);
    layout->setSpacing(grid::gap);
    layout->addLayout(words, 1);
    layout->addWidget(m_button, 0, Qt::AlignVCenter);
    connect(m_button, &QPushButton::clicked, this, [this] { emit remedyChosen(m_trouble.remedy); });
    m_button->hide(); // until there is something for it to do
    hide();
}

QString Banner::buttonText(Remedy remedy)
{
    switch (remedy) {
    case Remedy::None:
        return {};
    case Remedy::OpenSettings:
        return tr("Open settings");
    case Remedy::TestConnection:
        return tr("Test connection");
    case Remedy::StartNode:
        return tr("Start node");
    case Remedy::ShowInstallLog:
        return tr("Show install log");
    }
    Q_UNREACHABLE();
}

QString Banner::advice() const
{
    if (!m_trouble.since.isValid())
        return m_trouble.advice;
    const QString since =
        tr("Since %1.").arg(QLocale().toString(m_trouble.since.toLocalTime(), QLocale::ShortFormat));
    return m_trouble.advice.isEmpty() ? since : tr("%1 %2").arg(since, m_trouble.advice);
}

void Banner::tell(const std::optional<Trouble> &trouble)
{
    setVisible(trouble.has_value());
    if (!trouble || *trouble == m_trouble)
        return;
    m_trouble = *trouble;
    m_what->setText(m_trouble.what);
    m_advice->setText(advice());
    m_advice->setVisible(!m_advice->text().isEmpty());
    m_button->setText(buttonText(m_trouble.remedy));
    m_button->setVisible(m_trouble.remedy != Remedy::None);
    setAccessibleName(m_trouble.what);
    setAccessibleDescription(m_advice->text());
    update();
}

void Banner::paintEvent(QPaintEvent *)
{
    const QColor tone = colors::tone(palette(), m_trouble.urgent ? Tone::Trouble : Tone::Attention);
    const QRectF area = QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5);
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(colors::mix(palette().color(QPalette::Window), tone, 0.35));
    painter.setBrush(colors::mix(palette().color(QPalette::Window), tone, 0.08));
    painter.drawRoundedRect(area, grid::radius, grid::radius);
    painter.setPen(Qt::NoPen);
    painter.setBrush(tone);
    painter.drawRoundedRect(
        QRectF(grid::unit, grid::unit + grid::half, grid::half, height() - 3 * grid::unit), 2, 2);
}

} // namespace cloudnode
