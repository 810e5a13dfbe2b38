#include "ui/window/nodewindow.h"

#include "control/desktop.h"
#include "ui/events/eventspage.h"
#include "ui/logview/logpanel.h"
#include "ui/look/grid.h"
#include "ui/look/icons.h"
#include "ui/look/words.h"
#include "ui/settings/settingspage.h"
#include "ui/tray/traywords.h"
#include "ui/window/banner.h"
#include "ui/window/overviewpage.h"
#include "ui/workloads/cancelquestion.h"
#include "ui/workloads/workloadpanel.h"

#include <QApplication>
#include <QCloseEvent>
#include <QDesktopServices>
#include <QMenu>
#include <QSettings>
#include <QShortcut>
#include <QUrl>
#include <QVBoxLayout>

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace cloudnode {

namespace {

constexpr QSize smallest(720, 480);
constexpr QSize usual(960, 720);
constexpr auto noticeTime = 15s;

} // namespace

NodeWindow::NodeWindow(NodeFeed &feed, NodeMonitor &monitor, WorkloadModel &model, DesktopHost &host,
                       QWidget *parent)
    : QMainWindow(parent),
      m_feed(feed),
      m_monitor(monitor),
      m_model(model),
      m_header(new HeaderBar(monitor)),
      m_banner(new Banner),
      m_notice(new Banner),
      m_pages(new QStackedWidget),
      m_overview(new OverviewPage(model, monitor)),
      m_settings(new SettingsPage(host))
{
    setWindowIcon(icons::application());
    setMinimumSize(smallest);
    for (QWidget *page : std::initializer_list<QWidget *>{m_overview, new EventsPage(feed), m_settings})
        m_pages->addWidget(page);
    auto *banners = new QVBoxLayout;
    banners->setContentsMargins(grid::gap, 0, grid::gap, 0);
    banners->addWidget(m_banner);
    banners->addWidget(m_notice);
    auto *content = new QWidget;
    auto *layout = new QVBoxLayout(content);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(grid::half);
    layout->addWidget(m_header);
    layout->addLayout(banners);
    layout->addWidget(m_pages, 1);
    setCentralWidget(content);
    setUpMenu();
    m_noticeEnd.setSingleShot(true);

    connect(&m_noticeEnd, &QTimer::timeout, m_notice, [this] { m_notice->tell(std::nullopt); });
    connect(m_header, &HeaderBar::pageChosen, m_pages, &QStackedWidget::setCurrentIndex);
    connect(m_pages, &QStackedWidget::currentChanged, this, &NodeWindow::takeState);
    connect(m_header, &HeaderBar::pauseAsked, this, &NodeWindow::pause);
    connect(m_banner, &Banner::remedyChosen, this, &NodeWindow::remedy);
    connect(m_overview, &OverviewPage::endAsked, this, &NodeWindow::end);
    connect(&monitor, &NodeMonitor::changed, this, &NodeWindow::takeState);
    connect(&model, &QAbstractItemModel::dataChanged, this, &NodeWindow::closeStaleQuestion);
    connect(new QShortcut(QKeySequence::Find, this), &QShortcut::activated, this, [this] {
        showPage(HeaderBar::Overview);
        m_overview->log()->focusSearch();
    });
    takeState();
    restorePlace();
}

NodeWindow::~NodeWindow()
{
    QSettings place;
    place.setValue(u"window/geometry"_s, saveGeometry());
    place.setValue(u"window/splitter"_s, m_overview->splitterState());
}

void NodeWindow::restorePlace()
{
    const QSettings place;
    if (!restoreGeometry(place.value(u"window/geometry"_s).toByteArray()))
        resize(usual);
    m_overview->restoreSplitter(place.value(u"window/splitter"_s).toByteArray());
}

void NodeWindow::setUpMenu()
{
    auto *menu = new QMenu(this);
    menu->setToolTipsVisible(true);
    QAction *folder = menu->addAction(tr("Open state folder"), this, [this] {
        QDesktopServices::openUrl(QUrl::fromLocalFile(m_monitor.stateDir()));
    });
    QAction *start = menu->addAction(tr("Start node"), this, &NodeWindow::startAsked);
    QAction *stop = menu->addAction(tr("Stop node"), this, &NodeWindow::stopAsked);
    stop->setToolTip(tr("Running workloads go on"));
    menu->addSeparator();
    QAction *quit = menu->addAction(tr("Quit"), Qt::CTRL | Qt::Key_Q, this, &NodeWindow::quitAsked);
    addAction(quit); // its key counts while the menu is closed too
    connect(menu, &QMenu::aboutToShow, this, [this, folder, start, stop, quit] {
        const bool up = m_monitor.snapshot().has_value();
        folder->setEnabled(!m_monitor.stateDir().isEmpty());
        start->setVisible(!up);
        stop->setVisible(up);
        quit->setText(TrayWords::quit(m_monitor));
    });
    m_header->setMenu(menu);
}

void NodeWindow::showPage(HeaderBar::Page page)
{
    m_header->setPage(page);
    m_pages->setCurrentIndex(page);
}

void NodeWindow::bringUp()
{
    setWindowState(windowState() & ~Qt::WindowMinimized);
    show();
    raise();
    activateWindow();
}

void NodeWindow::takeState()
{
    const QString name = m_monitor.slug().isEmpty() ? QString() : m_monitor.slug() + u": "_s;
    setWindowTitle(tr("%1%2 - Cloud Node").arg(name, m_monitor.title()));
    const std::optional<Trouble> trouble = m_monitor.trouble();
    const bool isThere =
        trouble && trouble->remedy == Remedy::OpenSettings && m_pages->currentWidget() == m_settings;
    m_banner->tell(isThere && !trouble->urgent ? std::nullopt : trouble); // the page itself says it
}

void NodeWindow::remedy(Remedy remedy)
{
    switch (remedy) {
    case Remedy::None:
        return;
    case Remedy::OpenSettings:
        return showPage(HeaderBar::Settings);
    case Remedy::TestConnection:
        showPage(HeaderBar::Settings);
        return m_settings->testConnection();
    case Remedy::StartNode:
        emit startAsked();
        return;
    case Remedy::ShowInstallLog:
        showPage(HeaderBar::Overview);
        return m_overview->showInstallLog(m_monitor.stateDir());
    }
}

void NodeWindow::pause(bool pause)
{
    const auto done = [this](const Result<void> &answer) { complain(answer); };
    if (pause)
        m_feed.pause(this, done);
    else
        m_feed.resume(this, done);
}

/// The button of a row: the first time it asks politely, then it offers force.
void NodeWindow::end(const QString &key)
{
    const WorkloadRecord *workload = m_model.find(key);
    if (!workload || !workload->isActive())
        return;
    if (workload->cancel)
        return send(*workload, u"SIGKILL"_s);
    askCancel(key);
}

void NodeWindow::askCancel(const QString &key)
{
    const WorkloadRecord *workload = m_model.find(key);
    if (!workload || !workload->isActive() || workload->cancel || m_question)
        return;
    m_question = new CancelQuestion(*workload, isVisible() ? this : nullptr);
    connect(m_question, &CancelQuestion::confirmed, this,
            [this, asked = *workload] { send(asked, u"SIGTERM"_s); });
    m_question->open();
}

void NodeWindow::send(const WorkloadRecord &workload, const QString &signalName)
{
    m_feed.cancel(workload.requestId, signalName, this,
                  [this](const Result<void> &answer) { complain(answer); });
}

void NodeWindow::closeStaleQuestion()
{
    if (!m_question)
        return;
    const WorkloadRecord *workload = m_model.find(m_question->workload().key);
    if (!workload || !workload->isActive())
        m_question->close();
}

void NodeWindow::complain(const Result<void> &answer)
{
    if (answer)
        return;
    m_notice->tell(Trouble{Words::sentence(answer.error().what), {}, answer.error().remedy, Remedy::None});
    m_noticeEnd.start(noticeTime);
}

void NodeWindow::showHint(const QString &text)
{
    m_notice->tell(Trouble{text, {}, {}, Remedy::None, false});
    m_noticeEnd.start(4 * noticeTime);
}

void NodeWindow::closeEvent(QCloseEvent *event)
{
    event->accept();
    if (!m_hasTray)
        emit quitAsked();
}

void NodeWindow::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Escape && m_hasTray)
        close();
    else
        QMainWindow::keyPressEvent(event);
}

} // namespace cloudnode
