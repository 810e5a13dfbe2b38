#include "fakefeed.h"
#include "fakehost.h"
#include "samples.h"
#include "support/waiting.h"
#include "ui/logview/logpanel.h"
#include "ui/look/card.h"
#include "ui/look/elidedlabel.h"
#include "ui/window/banner.h"
#include "ui/window/nodewindow.h"
#include "ui/window/overviewpage.h"
#include "ui/workloads/cancelquestion.h"
#include "ui/workloads/workloadpanel.h"
#include "ui/workloads/workloadtable.h"

#include <QAbstractButton>
#include <QAccessible>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTest>

using namespace Qt::Literals::StringLiterals;
using namespace cloudnode;

class TestNodeWindow : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void cancelAsksThenSends();
    void keepRunningSendsNothing();
    void aQuestionGoesWithItsWorkload();
    void forceSendsAtOnce();
    void pauseFollowsTheNode();
    void tellsWhatWasRefused();
    void goesOfflineAndRecovers();
    void escapeClosesToTheTray();
    void nothingMovesWhenTheNodeGoes();
    void everyControlHasAName();
    void tabGoesWhereTheEyeGoes();
    void showsTheInstallLog();
    void controlFSearchesTheLog();
    void fitsTheSmallestSize();

private:
    CancelQuestion *question() const { return m_window->findChild<CancelQuestion *>(); }
    static QAbstractButton *button(const QWidget *parent, const QString &text);

    FakeHost m_host;
    std::unique_ptr<FakeFeed> m_feed;
    std::unique_ptr<NodeMonitor> m_monitor;
    std::unique_ptr<WorkloadModel> m_model;
    std::unique_ptr<NodeWindow> m_window;
    NodeSnapshot m_node;
};

void TestNodeWindow::initTestCase()
{
    QStandardPaths::setTestModeEnabled(true);
    QCoreApplication::setOrganizationName(u"cloudnode-test-%1"_s.arg(QCoreApplication::applicationPid()));
}

void TestNodeWindow::init()
{
    m_window.reset();
    m_monitor.reset();
    m_feed = std::make_unique<FakeFeed>();
    m_monitor = std::make_unique<NodeMonitor>(*m_feed);
    m_model = std::make_unique<WorkloadModel>();
    connect(m_feed.get(), &NodeFeed::statusArrived, m_model.get(),
            [this](const NodeSnapshot &node) { m_model->setActive(node.activeWorkloads); });
    connect(m_feed.get(), &NodeFeed::workloadsArrived, m_model.get(), &WorkloadModel::setListed);
    m_window = std::make_unique<NodeWindow>(*m_feed, *m_monitor, *m_model, m_host);
    m_window->show();
    m_node = samples::readyNode();
    m_node.activeWorkloads = {samples::active(u"r-1"_s)};
    m_feed->tell(m_node);
}

QAbstractButton *TestNodeWindow::button(const QWidget *parent, const QString &text)
{
    for (QAbstractButton *each : parent->findChildren<QAbstractButton *>())
        if (each->text().remove(u'&') == text)
            return each;
    return nullptr;
}

void TestNodeWindow::cancelAsksThenSends()
{
    WorkloadTable *table = m_window->overview()->workloads()->table();
    QCOMPARE(table->currentKey(), u"r-1"_s);
    QTest::keyClick(table, Qt::Key_Delete);
    QVERIFY(question());
    QVERIFY(question()->text().contains(u"training r-1"_s));
    QVERIFY(m_feed->asked.isEmpty());
    QTest::mouseClick(button(question(), u"Cancel workload"_s), Qt::LeftButton);
    QCOMPARE(m_feed->asked, QStringList{u"cancel r-1 SIGTERM"_s});
}

void TestNodeWindow::keepRunningSendsNothing()
{
    m_window->askCancel(u"r-1"_s);
    QTest::keyClick(question(), Qt::Key_Escape);
    WAIT_FOR(!question());
    QVERIFY(m_feed->asked.isEmpty());
}

void TestNodeWindow::aQuestionGoesWithItsWorkload()
{
    m_window->askCancel(u"r-1"_s);
    m_node.activeWorkloads.clear();
    m_feed->tell(m_node);
    m_feed->tellWorkloads({samples::finished(u"r-1"_s)});
    WAIT_FOR(!question());
}

void TestNodeWindow::forceSendsAtOnce()
{
    const QDateTime past = QDateTime::currentDateTimeUtc().addSecs(-20);
    m_node.activeWorkloads.first().cancel = WorkloadRecord::Cancel{u"SIGTERM"_s, past, past};
    m_feed->tell(m_node);
    QTest::keyClick(m_window->overview()->workloads()->table(), Qt::Key_Delete);
    QVERIFY(!question());
    QCOMPARE(m_feed->asked, QStringList{u"cancel r-1 SIGKILL"_s});
}

void TestNodeWindow::pauseFollowsTheNode()
{
    QTest::mouseClick(button(m_window.get(), u"Pause"_s), Qt::LeftButton);
    QVERIFY(button(m_window.get(), u"Pause"_s)); // nothing changed before the node says so
    m_node.paused = true;
    m_feed->tell(m_node);
    QTest::mouseClick(button(m_window.get(), u"Resume"_s), Qt::LeftButton);
    QCOMPARE(m_feed->asked, (QStringList{u"pause"_s, u"resume"_s}));
}

void TestNodeWindow::tellsWhatWasRefused()
{
    m_feed->reply = fail(u"the disk is full"_s);
    QTest::mouseClick(button(m_window.get(), u"Pause"_s), Qt::LeftButton);
    QStringList told;
    for (const Banner *banner : m_window->findChildren<Banner *>())
        if (banner->isVisible())
            told.append(banner->accessibleName());
    QCOMPARE(told, QStringList{u"The disk is full"_s});
}

void TestNodeWindow::goesOfflineAndRecovers()
{
    QCOMPARE(m_window->windowTitle(), u"my-gpu-node: Busy - Cloud Node"_s);
    m_feed->goDown();
    QCOMPARE(m_window->windowTitle(), u"my-gpu-node: Offline - Cloud Node"_s);
    QVERIFY(button(m_window.get(), u"Start node"_s)->isVisible());
    QVERIFY(!button(m_window.get(), u"Pause"_s)->isEnabled());
    m_feed->tell(m_node);
    QVERIFY(!button(m_window.get(), u"Start node"_s)->isVisible());
    QVERIFY(button(m_window.get(), u"Pause"_s)->isEnabled());
}

void TestNodeWindow::escapeClosesToTheTray()
{
    QSignalSpy quit(m_window.get(), &NodeWindow::quitAsked);
    QTest::keyClick(m_window.get(), Qt::Key_Escape);
    QVERIFY(m_window->isVisible());
    m_window->setHasTray(true);
    QTest::keyClick(m_window.get(), Qt::Key_Escape);
    QVERIFY(!m_window->isVisible());
    QCOMPARE(quit.count(), 0);
}

void TestNodeWindow::nothingMovesWhenTheNodeGoes()
{
    const auto heights = [this] {
        QList<int> each;
        for (const Card *card : m_window->overview()->findChildren<Card *>())
            each.append(card->sizeHint().height());
        return each;
    };
    const QList<int> before = heights();
    QCOMPARE(before.size(), 3);
    m_feed->goDown();
    QCOMPARE(heights(), before);
}

void TestNodeWindow::everyControlHasAName()
{
    for (QWidget *each : m_window->findChildren<QWidget *>()) {
        if (each->isHidden() || !(each->focusPolicy() & Qt::TabFocus) || each->focusProxy() ||
            each->inherits("QScrollArea") || each->inherits("QTabWidget"))
            continue;
        const QAccessibleInterface *spoken = QAccessible::queryAccessibleInterface(each);
        QVERIFY2(spoken && !spoken->text(QAccessible::Name).isEmpty(),
                 qPrintable(QString::fromLatin1(each->metaObject()->className()) + u" in "_s +
                            QString::fromLatin1(each->parent()->metaObject()->className())));
    }
}

/// From the top to the bottom, and from left to right.
void TestNodeWindow::tabGoesWhereTheEyeGoes()
{
    QStringList names;
    for (const QWidget *each = m_window->nextInFocusChain(); each != m_window.get();
         each = each->nextInFocusChain()) {
        if (!each->isVisible() || !each->isEnabled() || !(each->focusPolicy() & Qt::TabFocus))
            continue;
        const QString name =
            QAccessible::queryAccessibleInterface(const_cast<QWidget *>(each))->text(QAccessible::Name);
        if (!name.isEmpty())
            names.append(name);
    }
    QCOMPARE(names.join(u", "_s),
             u"Overview, Events, Settings, Pause, More, Copy the instance uuid, Active 1, Finished, "
             "Search workloads, Workloads, Both, stdout, stderr, Follow, Search log, Previous match, "
             "Next match, Copy what is marked, Open the folder of this log, Log"_s);
}

void TestNodeWindow::showsTheInstallLog()
{
    m_node.state = NodeState::Installing;
    m_node.stateDir = u"/nowhere"_s;
    m_node.problem = NodeSnapshot::Problem{u"the script failed"_s, {}, {}};
    m_feed->tell(m_node);
    m_feed->goDown(); // it has ended because of that
    m_window->showPage(HeaderBar::Settings);
    QAbstractButton *show = button(m_window.get(), u"Show install log"_s);
    QVERIFY(show && show->isVisible());
    QTest::mouseClick(show, Qt::LeftButton);
    QVERIFY(m_window->overview()->log()->isVisible());
    QVERIFY(m_window->overview()->log()->findChild<ElidedLabel *>()->text().contains(u"install script"_s));
}

void TestNodeWindow::controlFSearchesTheLog()
{
    m_window->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
    m_window->showPage(HeaderBar::Events);
    QTest::keySequence(m_window.get(), QKeySequence::Find);
    const QWidget *focused = m_window->focusWidget();
    QVERIFY(focused);
    QCOMPARE(focused->accessibleName(), u"Search log"_s);
    QVERIFY(focused->isVisible());
}

void TestNodeWindow::fitsTheSmallestSize()
{
    m_window->resize(10, 10);
    QCOMPARE(m_window->size(), QSize(720, 480));
    for (const HeaderBar::Page page : {HeaderBar::Overview, HeaderBar::Events, HeaderBar::Settings}) {
        m_window->showPage(page);
        QVERIFY2(m_window->minimumSizeHint().width() <= 720,
                 qPrintable(QString::number(m_window->minimumSizeHint().width())));
    }
}

QTEST_MAIN(TestNodeWindow)
#include "tst_nodewindow.moc"
