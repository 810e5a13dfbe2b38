#include "fakefeed.h"
#include "samples.h"
#include "support/waiting.h"
#include "ui/tray/notifier.h"

#include <QSignalSpy>
#include <QTest>
#include <QTimer>

using namespace Qt::Literals::StringLiterals;
using namespace cloudnode;

using namespace std::chrono_literals;

using Switch = bool DesktopSettings::*;
Q_DECLARE_METATYPE(Switch)

class TestNotifier : public QObject {
    Q_OBJECT

private slots:
    void tellsEnds_data();
    void tellsEnds();
    void oldNewsIsNoNews();
    void tellsOfARejectedToken();
    void tellsOfBeingOfflineOnce();
    void aShortDropIsNotTold();
    void eachCanBeSwitchedOff_data();
    void eachCanBeSwitchedOff();
    void aNodeThatEndedIsNotOfflineToo();
    void aNodeThatIsStillTryingIsOffline();
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
    feed.tellWorkloads({samples::finished(u"found later"_s), samples::finished(u"a"_s)});
    QCOMPARE(told.count(), 0);
    WorkloadRecord quick = samples::finished(u"b"_s); // came and went between two lists
    quick.endedAt = QDateTime::currentDateTimeUtc();
    feed.tellWorkloads({quick, samples::finished(u"a"_s)});
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
    WAIT_FOR_EQUAL(told.count(), 1);
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

void TestNotifier::eachCanBeSwitchedOff_data()
{
    QTest::addColumn<Switch>("which");
    QTest::addColumn<QString>("title");
    QTest::newRow("finished") << Switch(&DesktopSettings::notifyFinished) << u"Training a"_s;
    QTest::newRow("failed") << Switch(&DesktopSettings::notifyFailed) << u"Training b"_s;
    QTest::newRow("install script") << Switch(&DesktopSettings::notifyInstallFailed)
                                    << u"The install script failed"_s;
    QTest::newRow("token") << Switch(&DesktopSettings::notifyTokenRejected) << u"The token was rejected"_s;
    QTest::newRow("offline") << Switch(&DesktopSettings::notifyOffline) << u"The node is offline"_s;
}

void TestNotifier::eachCanBeSwitchedOff()
{
    QFETCH(Switch, which);
    QFETCH(QString, title);
    FakeFeed feed;
    DesktopSettings settings;
    Notifier notifier(
        feed, [&] { return settings; }, 0ms);
    QStringList told;
    connect(&notifier, &Notifier::notify, this, [&](const QString &heading) { told.append(heading); });
    const auto everythingHappens = [&] {
        told.clear();
        feed.tellWorkloads({samples::active(u"a"_s), samples::active(u"b"_s)});
        feed.tellWorkloads(
            {samples::finished(u"a"_s), samples::finished(u"b"_s, WorkloadRecord::Status::Failed)});
        feed.tellEvent({{}, u"token"_s, NodeEvent::Level::Error, u"x"_s, {}});
        feed.tellEvent({{}, u"install"_s, NodeEvent::Level::Error, u"x"_s, {}});
        feed.tell(samples::readyNode());
        feed.goDown();
        QTimer::singleShot(5ms, this, [&] { told.append(u"that was all"_s); });
        WAIT_FOR(told.contains(u"that was all"_s));
    };
    everythingHappens();
    QCOMPARE(told.count(title), 1);
    QCOMPARE(told.size(), 6);
    settings.*which = false;
    everythingHappens();
    QCOMPARE(told.count(title), 0);
    QCOMPARE(told.size(), 5);
}

void TestNotifier::aNodeThatEndedIsNotOfflineToo()
{
    FakeFeed feed;
    Notifier notifier(
        feed, [] { return DesktopSettings(); }, 1ms);
    QSignalSpy told(&notifier, &Notifier::notify);
    feed.tell(samples::readyNode());
    feed.tellEvent({{}, u"token"_s, NodeEvent::Level::Error, u"x"_s, {}});
    feed.goDown();
    QTest::qWait(20);
    QCOMPARE(told.count(), 1);
}

void TestNotifier::aNodeThatIsStillTryingIsOffline()
{
    FakeFeed feed;
    Notifier notifier(
        feed, [] { return DesktopSettings(); }, 1ms);
    QSignalSpy told(&notifier, &Notifier::notify);
    feed.tell(samples::readyNode());
    NodeSnapshot trying = samples::readyNode();
    trying.state = NodeState::Registering;
    feed.tell(trying);
    WAIT_FOR_EQUAL(told.count(), 1);
}

QTEST_MAIN(TestNotifier)
#include "tst_notifier.moc"
