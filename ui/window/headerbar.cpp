#include "ui/window/headerbar.h"

#include "ui/look/elidedlabel.h"
#include "ui/look/grid.h"
#include "ui/look/icons.h"
#include "ui/look/segments.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QToolButton>

#include <algorithm>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

HeaderBar::HeaderBar(NodeMonitor &monitor, QWidget *parent)
    : QWidget(parent),
      m_monitor(monitor),
      m_icon(new QLabel),
      m_title(new ElidedLabel(Qt::ElideMiddle)),
      m_detail(new ElidedLabel),
      m_pages(new Segments(tr("Page"))),
      m_pause(new QPushButton),
      m_more(new QToolButton)
{
    QFont big = m_title->font();
    big.setPointSizeF(big.pointSizeF() * 1.35);
    big.setWeight(QFont::DemiBold);
    m_title->setFont(big);
    m_icon->setFixedSize(grid::headerIcon, grid::headerIcon);
    for (const QString &page : {tr("Overview"), tr("Events"), tr("Settings")})
        m_pages->add(page);
    m_more->setAutoRaise(true);
    m_more->setToolTip(tr("More"));
    m_more->setAccessibleName(tr("More"));

    auto *words = new QVBoxLayout;
    words->setSpacing(0);
    words->addWidget(m_title);
    words->addWidget(m_detail);
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(grid::gap, grid::unit + grid::half, grid::gap, grid::unit);
    layout->setSpacing(grid::unit + grid::half);
    layout->addWidget(m_icon);
    layout->addLayout(words, 1);
    layout->addWidget(m_pages);
    layout->addWidget(m_pause);
    layout->addWidget(m_more);

    connect(m_pages, &Segments::chosen, this, &HeaderBar::pageChosen);
    connect(m_pause, &QPushButton::clicked, this, [this] {
        const auto &snapshot = m_monitor.snapshot();
        emit pauseAsked(snapshot && !snapshot->paused);
    });
    connect(&monitor, &NodeMonitor::changed, this, &HeaderBar::takeState);
    takeIcons();
    keepPauseWidth();
    takeState();
}

/// So that nothing beside it moves when it comes to mean the other thing.
void HeaderBar::keepPauseWidth()
{
    int widest = 0;
    for (const QString &text : {tr("Pause"), tr("Resume")}) {
        m_pause->setText(text);
        m_pause->setIcon(icons::glyph(u"pause"_s, palette()));
        widest = std::max(widest, m_pause->sizeHint().width());
    }
    m_pause->setMinimumWidth(widest);
}

void HeaderBar::setPage(Page page)
{
    m_pages->setCurrent(page);
}

void HeaderBar::setMenu(QMenu *menu)
{
    connect(m_more, &QToolButton::clicked, menu, [this, menu] {
        const QPoint corner = m_more->mapToGlobal(m_more->rect().bottomRight());
        menu->popup(corner - QPoint(menu->sizeHint().width(), 0));
    });
}

void HeaderBar::takeState()
{
    const Face face = m_monitor.face();
    const auto &snapshot = m_monitor.snapshot();
    const qsizetype running = snapshot ? snapshot->activeWorkloads.size() : 0;
    const QString slug = m_monitor.slug();
    const qreal scale = devicePixelRatioF();
    QPixmap icon =
        icons::state(face, running, icons::faceColor(palette(), face), qRound(grid::headerIcon * scale));
    icon.setDevicePixelRatio(scale);
    m_icon->setPixmap(icon);
    m_icon->setAccessibleName(m_monitor.title());
    m_title->setFact(slug.isEmpty() ? m_monitor.title() : slug);
    const QString detail =
        slug.isEmpty() ? m_monitor.detail() : tr("%1. %2").arg(m_monitor.title(), m_monitor.detail());
    m_detail->setFact(detail);
    m_pause->setEnabled(snapshot.has_value());
    const bool paused = snapshot && snapshot->paused;
    m_pause->setText(paused ? tr("Resume") : tr("Pause"));
    m_pause->setIcon(icons::glyph(paused ? u"resume"_s : u"pause"_s, palette()));
    m_pause->setToolTip(paused ? tr("Take new work again")
                               : tr("Refuse new work as \"paused by its owner\"; what runs goes on"));
}

void HeaderBar::takeIcons()
{
    m_more->setIcon(icons::glyph(u"more"_s, palette()));
}

void HeaderBar::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::PaletteChange) {
        takeIcons();
        takeState();
    }
    QWidget::changeEvent(event);
}

} // namespace cloudnode
