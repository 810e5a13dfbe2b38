#include "node/heartbeat.h"
#include "support/fakecontrolplane.h"
#include "support/waiting.h"

#include <QSignalSpy>
#include <QTest>

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;
using namespace cloudnode;
using Kind = CloudError::Kind;

class TestHeartbeat : public QObject {
    Q_OBJECT

private slots:
    void beatsAtOnceAndThenRegularly();
    void countsFailuresInARowAndAltogether();
    void knowsWhenTheNextIsDue();
    void stopsWhenTheInstanceIsGone();
    void endsWhenTheTokenIsRejectedForGood();
    void forgivesARejection();
    void sendsNoSecondOneWhileOneHangs();
    void ignoresAnswersFromBeforeARestart();
};

void TestHeartbeat::beatsAtOnceAndThenRegularly()
{
    FakeControlPlane cloud;
    Heartbeat heartbeat(cloud, 1s);
    QSignalSpy beat(&heartbeat, &Heartbeat::beat);
    heartbeat.start(u"u"_s);
    QCOMPARE(cloud.calls, QStringList{u"heartbeat u"_s});
    WAIT_FOR_EQUAL(beat.size(), 2);
    QVERIFY(heartbeat.statistics().lastOk);
    QVERIFY(heartbeat.statistics().roundTrip);
    QCOMPARE(heartbeat.statistics().failures, 0);
}

void TestHeartbeat::countsFailuresInARowAndAltogether()
{
    FakeControlPlane cloud;
    cloud.script = {FakeControlPlane::failing(Kind::Unavailable, 500),
                    FakeControlPlane::failing(Kind::Unauthorized, 401)};
    Heartbeat heartbeat(cloud, 1s);
    QSignalSpy beat(&heartbeat, &Heartbeat::beat);
    QSignalSpy failed(&heartbeat, &Heartbeat::failed);
    heartbeat.start(u"u"_s);
    WAIT_FOR_EQUAL(failed.size(), 2);
    QCOMPARE(heartbeat.statistics().failures, 2);
    WAIT_FOR_EQUAL(beat.size(), 1);
    QCOMPARE(heartbeat.statistics().failures, 0);
    QCOMPARE(heartbeat.statistics().failuresTotal, 2);
    const auto &history = heartbeat.statistics().history;
    QCOMPARE(history.size(), 3);
    QCOMPARE(history[0].ok, false);
    QVERIFY(!history[0].roundTrip);
    QCOMPARE(history[2].ok, true);
    QVERIFY(history[2].roundTrip);
    QVERIFY(history[0].at <= history[2].at);
}

void TestHeartbeat::knowsWhenTheNextIsDue()
{
    FakeControlPlane cloud;
    Heartbeat heartbeat(cloud, 100s);
    QVERIFY(!heartbeat.statistics().nextDue);
    const QDateTime before = QDateTime::currentDateTimeUtc();
    heartbeat.start(u"u"_s);
    QVERIFY(*heartbeat.statistics().nextDue >= before.addSecs(100));
    heartbeat.stop();
    QVERIFY(!heartbeat.statistics().nextDue);
}

void TestHeartbeat::stopsWhenTheInstanceIsGone()
{
    FakeControlPlane cloud;
    cloud.script = {FakeControlPlane::failing(Kind::NotFound, 404)};
    Heartbeat heartbeat(cloud, 1s);
    QSignalSpy gone(&heartbeat, &Heartbeat::instanceGone);
    heartbeat.start(u"u"_s);
    QVERIFY(gone.wait());
    QVERIFY(!gone.wait(1500)); // longer than the interval: no further beat, so no further answer
    QCOMPARE(cloud.calls.size(), 1);
}

void TestHeartbeat::endsWhenTheTokenIsRejectedForGood()
{
    FakeControlPlane cloud;
    cloud.script = QList<FakeControlPlane::Reply>(Heartbeat::mostRejections,
                                                  FakeControlPlane::failing(Kind::Unauthorized, 401));
    Heartbeat heartbeat(cloud, 100s, Backoff(1ms, 8ms));
    QSignalSpy rejected(&heartbeat, &Heartbeat::rejected);
    QSignalSpy beat(&heartbeat, &Heartbeat::beat);
    heartbeat.start(u"u"_s);
    QVERIFY(rejected.wait());
    QCOMPARE(cloud.calls.size(), Heartbeat::mostRejections);
    QVERIFY(!heartbeat.statistics().nextDue);
    QCOMPARE(beat.size(), 0);
}

void TestHeartbeat::forgivesARejection()
{
    FakeControlPlane cloud;
    const auto wrong = FakeControlPlane::failing(Kind::Unauthorized, 401);
    cloud.script = QList<FakeControlPlane::Reply>(Heartbeat::mostRejections - 1, wrong);
    cloud.script << Instance{} << QList<FakeControlPlane::Reply>(Heartbeat::mostRejections - 1, wrong);
    Heartbeat heartbeat(cloud, 1s, Backoff(1ms, 8ms));
    QSignalSpy rejected(&heartbeat, &Heartbeat::rejected);
    QSignalSpy beat(&heartbeat, &Heartbeat::beat);
    heartbeat.start(u"u"_s);
    WAIT_FOR_EQUAL(beat.size(), 3); // regularly again, between and after the rejections
    QCOMPARE(rejected.size(), 0);
}

void TestHeartbeat::sendsNoSecondOneWhileOneHangs()
{
    FakeControlPlane cloud;
    cloud.silent = true;
    Heartbeat heartbeat(cloud, 1s);
    QSignalSpy beat(&heartbeat, &Heartbeat::beat);
    heartbeat.start(u"u"_s);
    QVERIFY(!beat.wait(2500)); // two intervals
    QCOMPARE(cloud.calls.size(), 1);
}

void TestHeartbeat::ignoresAnswersFromBeforeARestart()
{
    FakeControlPlane cloud;
    cloud.script = {FakeControlPlane::failing(Kind::NotFound, 404)};
    Heartbeat heartbeat(cloud, 10s);
    QSignalSpy gone(&heartbeat, &Heartbeat::instanceGone);
    QSignalSpy beat(&heartbeat, &Heartbeat::beat);
    heartbeat.start(u"old"_s);
    heartbeat.start(u"new"_s);
    QVERIFY(beat.wait());
    QCOMPARE(gone.size(), 0);
    QCOMPARE(heartbeat.statistics().failures, 0);
}

QTEST_GUILESS_MAIN(TestHeartbeat)
#include "tst_heartbeat.moc"
