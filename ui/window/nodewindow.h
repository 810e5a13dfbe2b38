#pragma once

#include "ui/feed/nodemonitor.h"
#include "ui/window/headerbar.h"
#include "ui/workloads/workloadmodel.h"

#include <QMainWindow>
#include <QPointer>
#include <QStackedWidget>
#include <QTimer>

namespace cloudnode {

class Banner;
class CancelQuestion;
class DesktopHost;
class OverviewPage;
class SettingsPage;

/// The one window. Closing it leaves the tray; where there is no tray it is the program.
class NodeWindow : public QMainWindow {
    Q_OBJECT

public:
    NodeWindow(NodeFeed &feed, NodeMonitor &monitor, WorkloadModel &model, DesktopHost &host,
               QWidget *parent = nullptr);
    ~NodeWindow() override;

    void showPage(HeaderBar::Page page);
    void bringUp(); ///< shows it, in front of others
    void askCancel(const QString &key);
    SettingsPage *settings() { return m_settings; }
    OverviewPage *overview() { return m_overview; }
    /// A hint at the bottom of the window, once.
    void showHint(const QString &text);
    /// Whether closing only hides it.
    void setHasTray(bool has) { m_hasTray = has; }

signals:
    void startAsked();
    void stopAsked();
    void quitAsked();

protected:
    void closeEvent(QCloseEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    void setUpMenu();
    void takeState();
    void remedy(Remedy remedy);
    void pause(bool pause);
    void end(const QString &key);
    void send(const WorkloadRecord &workload, const QString &signalName);
    void closeStaleQuestion();
    void complain(const Result<void> &answer);
    void restorePlace();

    NodeFeed &m_feed;
    NodeMonitor &m_monitor;
    WorkloadModel &m_model;
    HeaderBar *m_header;
    Banner *m_banner;
    Banner *m_notice; ///< of what was asked here and refused, or a hint
    QTimer m_noticeEnd;
    QStackedWidget *m_pages;
    OverviewPage *m_overview;
    SettingsPage *m_settings;
    QPointer<CancelQuestion> m_question;
    bool m_hasTray = false;
};

} // namespace cloudnode
