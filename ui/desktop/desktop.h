#pragma once

#include "control/desktop.h"
#include "platform/autostart.h"
#include "ui/desktop/singleinstance.h"
#include "ui/feed/controlfeed.h"
#include "ui/feed/nodemonitor.h"
#include "ui/tray/notifier.h"
#include "ui/tray/trayicon.h"
#include "ui/window/nodewindow.h"
#include "ui/workloads/workloadmodel.h"

#include <QObject>

namespace cloudnode {

/// Tray and window together, and the rules between them: who runs the node, what opens when, how it ends.
class Desktop : public QObject {
    Q_OBJECT

public:
    /// `quiet`: without a window, as at login; it opens where there is no tray or no token.
    Desktop(DesktopHost &host, bool quiet, QObject *parent = nullptr);

    void start();

signals:
    void finished(); ///< the program may end

private:
    void begin();
    void takeMiss();
    void startNode();
    void restartNode();
    void stopNode();
    void quit();
    void openFirstTime();
    void takeTray(bool visible);
    void hintAtTray();
    void pause(bool pause);
    void setStartAtLogin(bool on);
    void complain(const Result<void> &answer);

    DesktopHost &m_host;
    bool m_quiet;
    bool m_settled = false; ///< a node was found, or one was tried: from now on the owner decides
    Autostart m_autostart;
    SingleInstance m_instance;
    ControlFeed m_feed;
    NodeMonitor m_monitor; // needs m_feed
    WorkloadModel m_workloads;
    Notifier m_notifier; // needs m_feed
    NodeWindow m_window; // needs m_monitor, m_workloads
    TrayIcon m_tray;     // needs m_monitor
};

} // namespace cloudnode
