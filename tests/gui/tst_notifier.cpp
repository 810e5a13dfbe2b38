#include "fakefeed.h"
#include "samples.h"
#include "ui/tray/notifier.h"

#include <QSignalSpy>
#include <QTest>

using namespace Qt::Literals::StringLiterals;
using namespace cloudnode;

using namespace std::chrono_literals;

class TestNotifier : public QObject {
    Q_OBJECT

private slots:
    void tellsEnds_data();
    void tellsEnds();
    void oldNewsIsNoNews();
    void tellsOfARejectedToken();
    void tellsOfBeingOfflineOnce();
    void aShortDropIsNotTold();
    void obeysItsSwitches();
};

void TestNotifier::tellsEnds_data()
{
    using Status = WorkloadRecord::Status;
    QTest::addColumn<Status>("status");
    QTest::addColumn<QString>("told");
    QTest::newRow("completed") << Status::Completed << u"Completed after 1 h 11 min"_s;
    QTest::newRow("failed") << Status::Failed << u"Failed, code 3 after 1 h 11 min"_s;
    QTest::newRow("lost") << Status::Lost << u"Ended unseen after 1 h 11 min"_s;
    QTest::newRow("cancelled") << Status::Cancelled << QString();
}

void TestNotifier::tellsEnds()
{
    QFETCH(WorkloadRecord::Status, status);
    FakeFeed feed;
    Notifier notifier(feed, [] { return DesktopSettings(); });
    QSignalSpy told(&notifier, &Notifier::notify);
    feed.tellWorkloads({samples::active(u"a"_s)});
    feed.tellWorkloads({samples::finished(u"a"_s, status)});
    feed.tellWorkloads({samples::finished(u"a"_s, status)});
    QTEST(told.isEmpty() ? QString() : told.at(0).at(1).toString(), "told");
    QVERIFY(told.count() <= 1);
}

void TestNotifier::oldNewsIsNoNews()
{
    FakeFeed feed;
    Notifier notifier(feed, [] { return DesktopSettings(); });
    QSignalSpy told(&notifier, &Notifier::notify);
    feed.tellWorkloads({samples::finished(u"a"_s)});
    QCOMPARE(told.count(), 0);
    feed.tellWorkloads({samples::finished(u"b"_s), samples::finished(u"a"_s)});
    QCOMPARE(told.count(), 1);
}

void TestNotifier::tellsOfARejectedToken()
{
    FakeFeed feed;
    Notifier notifier(feed, [] { return DesktopSettings(); });
    QSignalSpy told(&notifier, &Notifier::notify);
    feed.tellEvent({{}, u"token"_s, NodeEvent::Level::Error, u"The backend says 401"_s, {}});
    feed.tellEvent({{}, u"install"_s, NodeEvent::Level::Info, u"Running"_s, {}});
    QCOMPARE(told.count(), 1);
    QCOMPARE(told.at(0).at(1).toString(), u"The backend says 401"_s);
}

void TestNotifier::tellsOfBeingOfflineOnce()
{
    FakeFeed feed;
    Notifier notifier(
        feed, [] { return DesktopSettings(); }, 1ms);
    QSignalSpy told(&notifier, &Notifier::notify);
    feed.tell(samples::readyNode());
    NodeSnapshot offline = samples::readyNode();
    offline.broker.connected = false;
    feed.tell(offline);
    QTRY_COMPARE(told.count(), 1);
    feed.tell(offline);
    feed.goDown();
    QTest::qWait(20);
    QCOMPARE(told.count(), 1);
}

void TestNotifier::aShortDropIsNotTold()
{
    FakeFeed feed;
    Notifier notifier(
        feed, [] { return DesktopSettings(); }, 1h);
    QSignalSpy told(&notifier, &Notifier::notify);
    feed.tell(samples::readyNode());
    feed.goDown();
    feed.tell(samples::readyNode());
    QCOMPARE(told.count(), 0);
}

void TestNotifier::obeysItsSwitches()
{
    FakeFeed feed;
    DesktopSettings off;
    off.notifyFinished = off.notifyFailed = off.notifyOffline = false;
    Notifier notifier(
        feed, [&] { return off; }, 0ms);
    QSignalSpy told(&notifier, &Notifier::notify);
    feed.tell(samples::readyNode());
    feed.tellWorkloads({samples::active(u"a"_s), samples::active(u"b"_s)});
    feed.tellWorkloads(
        {samples::finished(u"a"_s), samples::finished(u"b"_s, WorkloadRecord::Status::Failed)});
    feed.tellEvent({{}, u"token"_s, NodeEvent::Level::Error, u"x"_s, {}});
    feed.goDown();
    QTest::qWait(20);
    QCOMPARE(told.count(), 0);
}

QTEST_MAIN(TestNotifier)
#include "tst_notifier.moc"
