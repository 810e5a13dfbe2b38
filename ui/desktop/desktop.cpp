#include "ui/desktop/desktop.h"

#include "ui/settings/settingspage.h"

#include <QSettings>
#include <QTimer>

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace cloudnode {

namespace {

constexpr auto patience = 5s; ///< for a tray at login, which may start later than we do
constexpr auto farewell = 8s; ///< the most an orderly end of the node may take

QString instancePath(const DesktopHost &host)
{
    return host.socketPaths().value(0, host.stateDir() + u"/cloudnode.sock"_s) + u".desktop"_s;
}

} // namespace

Desktop::Desktop(DesktopHost &host, bool quiet, QObject *parent)
    : QObject(parent),
      m_host(host),
      m_quiet(quiet),
      m_autostart(Autostart::ofThisProgram()),
      m_instance(instancePath(host)),
      m_monitor(m_feed),
      m_notifier(m_feed, [this] { return m_host.settings(); }),
      m_window(m_feed, m_monitor, m_workloads, host),
      m_tray(m_monitor)
{
    connect(&m_instance, &SingleInstance::first, this, &Desktop::begin);
    connect(&m_instance, &SingleInstance::second, this, &Desktop::finished);
    connect(&m_instance, &SingleInstance::raiseWanted, &m_window, &NodeWindow::bringUp);
    connect(&m_feed, &NodeFeed::statusArrived, this, [this](const NodeSnapshot &snapshot) {
        m_workloads.setActive(snapshot.activeWorkloads);
        m_workloads.setUploads(snapshot.uploads);
        m_monitor.setService(!m_host.hostsNode());
    });
    connect(&m_feed, &NodeFeed::workloadsArrived, &m_workloads, &WorkloadModel::setListed);
    connect(&m_feed, &NodeFeed::upChanged, &m_workloads, &WorkloadModel::setLive);
    connect(&m_feed, &NodeFeed::upChanged, this, [this](bool up) { m_settled = m_settled || up; });
    connect(&m_feed, &ControlFeed::missed, this, &Desktop::takeMiss);
    connect(&m_notifier, &Notifier::notify, &m_tray, &TrayIcon::notify);
    connect(&m_window, &NodeWindow::startAsked, this, &Desktop::startNode);
    connect(&m_window, &NodeWindow::stopAsked, this, &Desktop::stopNode);
    connect(&m_window, &NodeWindow::quitAsked, this, &Desktop::quit);
    connect(m_window.settings(), &SettingsPage::saved, this, [this](bool nodeConcerned) {
        m_tray.menu().setStartAtLogin(m_autostart.isOn());
        m_monitor.setTokenKept(m_host.hasToken());
        if (nodeConcerned)
            restartNode();
    });
    connect(&m_tray, &TrayIcon::activated, &m_window, &NodeWindow::bringUp);
    connect(&m_tray, &TrayIcon::visibleChanged, this, &Desktop::takeTray);
    connect(&m_tray.menu(), &TrayMenu::openAsked, &m_window, &NodeWindow::bringUp);
    connect(&m_tray.menu(), &TrayMenu::cancelAsked, this, [this](const QString &key) {
        m_window.bringUp();
        m_window.askCancel(key);
    });
    connect(&m_tray.menu(), &TrayMenu::pauseAsked, this, &Desktop::pause);
    connect(&m_tray.menu(), &TrayMenu::startAtLoginAsked, this, &Desktop::setStartAtLogin);
    connect(&m_tray.menu(), &TrayMenu::quitAsked, this, &Desktop::quit);
}

void Desktop::start()
{
    m_instance.claim();
}

void Desktop::begin()
{
    m_monitor.setTokenKept(m_host.hasToken());
    m_tray.menu().setStartAtLogin(m_autostart.isOn());
    m_window.setHasTray(m_tray.isVisible());
    m_feed.start(m_host.socketPaths());
    openFirstTime();
    QTimer::singleShot(m_quiet ? patience : 0s, this, &Desktop::hintAtTray);
}

void Desktop::openFirstTime()
{
    if (!m_host.hasToken()) {
        m_window.showPage(HeaderBar::Settings);
        m_window.bringUp();
        m_window.settings()->focusToken();
    } else if (!m_quiet) {
        m_window.bringUp();
    }
}

/// No node answers: this program runs one, unless it cannot or the owner stopped it. Where a service's node
/// has gone away this one does not take its place, which would keep it from coming back.
void Desktop::takeMiss()
{
    if (m_host.hostsNode())
        return;
    if (m_settled || !m_host.hasToken())
        m_monitor.setSearching(false);
    else
        startNode();
}

void Desktop::startNode()
{
    m_settled = true;
    m_monitor.setSearching(true); // forgets why there was none
    const auto takeFailure = [this](const Error &reason) { m_monitor.setStartFailure(reason); };
    if (const auto started = m_host.startNode(takeFailure); !started)
        return takeFailure(started.error());
    m_feed.start(m_host.socketPaths()); // at once, not at the next of ever rarer attempts
}

void Desktop::restartNode()
{
    if (!m_feed.isUp())
        return startNode();
    if (m_host.hostsNode())
        m_host.stopNode([this] { startNode(); });
    else
        m_window.showHint(tr("The node runs as a service; it takes this over when it is restarted."));
}

void Desktop::stopNode()
{
    m_settled = true;
    if (m_host.hostsNode())
        m_host.stopNode([] {});
    else
        m_feed.stop(this, [this](const Result<void> &answer) { complain(answer); });
}

void Desktop::quit()
{
    m_window.hide();
    QTimer::singleShot(farewell, this, &Desktop::finished);
    m_host.stopNode([this] { emit finished(); });
}

void Desktop::takeTray(bool visible)
{
    m_window.setHasTray(visible);
    if (!visible)
        m_window.bringUp(); // there must be some way to reach it
}

void Desktop::hintAtTray()
{
    if (m_tray.isVisible())
        return;
    m_window.bringUp();
    QSettings settings;
    if (settings.value(u"hints/tray"_s).toBool())
        return;
    settings.setValue(u"hints/tray"_s, true);
    m_window.showHint(
        tr("This desktop has no place for tray icons, so closing this window ends the program. On "
           "GNOME the extension AppIndicator brings one, elsewhere a panel with a system tray does."));
}

void Desktop::pause(bool pause)
{
    const auto done = [this](const Result<void> &answer) { complain(answer); };
    if (pause)
        m_feed.pause(this, done);
    else
        m_feed.resume(this, done);
}

void Desktop::setStartAtLogin(bool on)
{
    const Result<void> done = m_autostart.set(on);
    m_tray.menu().setStartAtLogin(m_autostart.isOn());
    complain(done);
}

/// What was asked from the tray's menu has no window to be refused in.
void Desktop::complain(const Result<void> &answer)
{
    if (!answer)
        m_tray.notify(tr("That did not work"), answer.error().text(), true);
}

} // namespace cloudnode
