#include "ui/tray/trayicon.h"

#include "ui/look/icons.h"
#include "ui/tray/paneltone.h"
#include "ui/tray/traywords.h"

#include <QApplication>

using namespace std::chrono_literals;

namespace cloudnode {

TrayIcon::TrayIcon(NodeMonitor &monitor, QObject *parent)
    : QObject(parent),
      m_monitor(monitor),
      m_menu(std::make_unique<TrayMenu>(monitor))
{
    connect(&monitor, &NodeMonitor::changed, this, &TrayIcon::draw);
    connect(&m_look, &QTimer::timeout, this, &TrayIcon::look);
    connect(&m_tick, &QTimer::timeout, this, &TrayIcon::describe);
    m_look.start(2s);
    m_tick.start(1s);
    look();
}

TrayIcon::~TrayIcon() = default;

void TrayIcon::look()
{
    const bool possible = QSystemTrayIcon::isSystemTrayAvailable();
    if (possible == isVisible())
        return draw(); // the palette may have changed
    if (possible)
        appear();
    else
        m_icon.reset();
    emit visibleChanged(possible);
}

void TrayIcon::appear()
{
    m_icon = std::make_unique<QSystemTrayIcon>();
    m_icon->setContextMenu(m_menu.get());
    connect(m_icon.get(), &QSystemTrayIcon::activated, this,
            [this](QSystemTrayIcon::ActivationReason reason) {
                if (reason != QSystemTrayIcon::Context)
                    emit activated();
            });
    connect(m_icon.get(), &QSystemTrayIcon::messageClicked, this, &TrayIcon::activated);
    m_drawn = {};
    draw();
    m_icon->show();
}

void TrayIcon::draw()
{
    if (!m_icon)
        return;
    const auto &snapshot = m_monitor.snapshot();
    const Look look{m_monitor.face(), snapshot ? snapshot->activeWorkloads.size() : 0,
                    panelInk(QApplication::palette(), qEnvironmentVariable("XDG_CURRENT_DESKTOP"))};
    if (look != m_drawn)
        m_icon->setIcon(icons::panelIcon(look.face, look.count, look.ink));
    m_drawn = look;
    describe();
}

void TrayIcon::describe()
{
    if (!m_icon)
        return;
    const QString text = TrayWords::toolTip(m_monitor, QDateTime::currentDateTimeUtc());
    if (text != m_icon->toolTip())
        m_icon->setToolTip(text);
}

void TrayIcon::notify(const QString &title, const QString &text, bool trouble)
{
    if (!m_icon)
        return;
    const Face face = trouble ? Face::Failed : Face::Ready;
    const QPalette palette = QApplication::palette();
    m_icon->showMessage(title, text, icons::stateIcon(face, 0, icons::faceColor(palette, face)));
}

} // namespace cloudnode
