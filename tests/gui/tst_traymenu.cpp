#include "fakefeed.h"
#include "samples.h"
#include "ui/tray/traymenu.h"
#include "ui/tray/traywords.h"

#include <QSignalSpy>
#include <QTest>

using namespace Qt::Literals::StringLiterals;
using namespace cloudnode;

class TestTrayMenu : public QObject {
    Q_OBJECT

private slots:
    void hasAnEntryForEachWorkload();
    void isNotRebuiltWhileTheSameRun();
    void pausesAndResumes();
    void toolTipSaysItAll();

private:
    static QStringList texts(const QMenu &menu);
    static QAction *find(const QMenu &menu, const QString &start);
};

QStringList TestTrayMenu::texts(const QMenu &menu)
{
    QStringList result;
    for (const QAction *action : menu.actions())
        if (!action->isSeparator())
            result.append(action->text());
    return result;
}

QAction *TestTrayMenu::find(const QMenu &menu, const QString &start)
{
    for (QAction *action : menu.actions())
        if (action->text().startsWith(start))
            return action;
    return nullptr;
}

void TestTrayMenu::hasAnEntryForEachWorkload()
{
    FakeFeed feed;
    NodeMonitor monitor(feed);
    TrayMenu menu(monitor);
    NodeSnapshot node = samples::readyNode();
    node.activeWorkloads = {samples::active(u"r-1"_s), samples::active(u"r-2"_s, u"inference"_s)};
    feed.tell(node);
    QVERIFY(find(menu, u"Training r-1, 1:12:4"_s));
    QVERIFY(texts(menu).contains(u"Quit (2 workloads run on)"_s));
    QSignalSpy asked(&menu, &TrayMenu::cancelAsked);
    find(menu, u"Inference r-2"_s)->menu()->actions().constFirst()->trigger();
    QCOMPARE(asked.at(0).at(0).toString(), u"r-2"_s);
    feed.tell(samples::readyNode());
    QVERIFY(!find(menu, u"Training"_s));
    QVERIFY(texts(menu).contains(u"Quit"_s));
}

void TestTrayMenu::isNotRebuiltWhileTheSameRun()
{
    FakeFeed feed;
    NodeMonitor monitor(feed);
    TrayMenu menu(monitor);
    NodeSnapshot node = samples::readyNode();
    node.activeWorkloads = {samples::active(u"r-1"_s)};
    feed.tell(node);
    const QAction *entry = find(menu, u"Training"_s);
    node.activeWorkloads.first().cancel =
        WorkloadRecord::Cancel{u"SIGTERM"_s, QDateTime::currentDateTimeUtc(), {}};
    feed.tell(node);
    QCOMPARE(find(menu, u"Training"_s), entry);
    QVERIFY(!entry->menu()->actions().constFirst()->isEnabled());
}

void TestTrayMenu::pausesAndResumes()
{
    FakeFeed feed;
    NodeMonitor monitor(feed);
    TrayMenu menu(monitor);
    QVERIFY(!find(menu, u"Pause"_s)->isEnabled());
    NodeSnapshot node = samples::readyNode();
    feed.tell(node);
    QSignalSpy asked(&menu, &TrayMenu::pauseAsked);
    find(menu, u"Pause taking work"_s)->trigger();
    node.paused = true;
    feed.tell(node);
    find(menu, u"Resume taking work"_s)->trigger();
    QCOMPARE(asked.at(0).at(0).toBool(), true);
    QCOMPARE(asked.at(1).at(0).toBool(), false);
}

void TestTrayMenu::toolTipSaysItAll()
{
    FakeFeed feed;
    NodeMonitor monitor(feed);
    NodeSnapshot node = samples::readyNode();
    node.activeWorkloads = {samples::active(u"r-1"_s)};
    feed.tell(node);
    const QDateTime now = node.heartbeat.lastOk.addSecs(4);
    QCOMPARE(TrayWords::toolTip(monitor, now),
             u"my-gpu-node\nBusy. 1 workload is running\nHeartbeat 4 s ago"_s);
    monitor.setService(true);
    node.broker.connected = false;
    feed.tell(node);
    QCOMPARE(TrayWords::toolTip(monitor, now),
             u"my-gpu-node (runs as a service)\nOffline. Not connected to the broker\nHeartbeat 4 s ago\n"
             "1 workload is running"_s);
}

QTEST_MAIN(TestTrayMenu)
#include "tst_traymenu.moc"
