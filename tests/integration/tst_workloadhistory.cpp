#include "integration/pooltest.h"
#include "support/foldernames.h"
#include "workload/workloadarchive.h"

#include <QDir>
#include <QFile>
#include <QSignalSpy>

using namespace Qt::Literals::StringLiterals;
using namespace cloudnode;
using namespace cloudnode::test;

/// What becomes of workloads that are over: how long a pool keeps them, and where.
class TestWorkloadHistory : public PoolTest {
    Q_OBJECT

private slots:
    void keepsOnlyWhatTheLimitsAllow_data();
    void keepsOnlyWhatTheLimitsAllow();
    void removesNothingThatIsStillNeeded();
    void movesIntoTheHistoryWhatIsDoneWith();
    void readsAgainWhatIsHistory();
    void shipsWhatHasBeenReportedOnly();
    void isNotDoneWithOneThatOwesTheBackendSomething();
    void leavesAloneWhatItCannotUnderstandOfTheHistory();
    void doesNotTakeOneForItsNamesakeInTheHistory();

private:
    QStringList namesIn(const QString &folder) const { return workloadNamesIn(path(folder)); }
};

void TestWorkloadHistory::keepsOnlyWhatTheLimitsAllow_data()
{
    QTest::addColumn<RetentionLimits>("limits");
    QTest::addColumn<QStringList>("left");
    const QStringList all = {u"d1"_s, u"d2"_s, u"d3"_s, u"d4"_s};
    const qint64 large = 3 * 1024 * 1024; // d1 and d3 have a log of a mebibyte each
    QTest::newRow("no limits") << RetentionLimits{0, {}, 0} << all;
    QTest::newRow("a number") << RetentionLimits{3, {}, 0} << all.first(3);
    QTest::newRow("an age") << RetentionLimits{0, std::chrono::hours(60), 0} << all.first(2);
    QTest::newRow("a size that all of them keep") << RetentionLimits{0, {}, large} << all;
    QTest::newRow("a size") << RetentionLimits{0, {}, large / 2} << all.first(2);
}

void TestWorkloadHistory::keepsOnlyWhatTheLimitsAllow()
{
    QFETCH(RetentionLimits, limits);
    QFETCH(QStringList, left);
    WorkloadProgress progress = settled();
    progress.stdoutShipped = 1024 * 1024;
    for (const int days : {3, 1, 4, 2}) {
        const QString id = u"d%1"_s.arg(days);
        leave(id, std::chrono::hours(24 * days), progress);
        if (days % 2 == 1)
            put(path(u"state/logs/training_%1.stdout.log"_s.arg(id)), QByteArray(1024 * 1024, 'x'));
    }
    leave(u"unreported"_s, std::chrono::hours(24 * 30), {});
    WatchedPool watched(settings(limits));
    QVERIFY(watched.pool.recover());
    WAIT_FOR(namesIn(u"state/history"_s) == left);
    WAIT_FOR(namesIn(u"state/workloads"_s) == QStringList(u"unreported"_s));    // nor a half removed one
    QCOMPARE(namesIn(u"state/logs"_s).filter(u"_d"_s).size(), 3 * left.size()); // with the params
    for (const QString &id : left)
        QVERIFY(QFile::exists(path(u"state/logs/training_%1.stdout.log"_s.arg(id))));
    WatchedPool next(settings(RetentionLimits{1, {}, 0})); // what is in the history goes too
    QVERIFY(next.pool.recover());
    WAIT_FOR(namesIn(u"state/history"_s) == QStringList(u"d1"_s));
    QVERIFY(!next[u"d2"_s] && next[u"d1"_s] && next[u"unreported"_s]);
    QCOMPARE(watched.warnings + next.warnings, QStringList());
}

void TestWorkloadHistory::removesNothingThatIsStillNeeded()
{
    WatchedPool watched(settings(RetentionLimits{1, std::chrono::seconds(1), 1}));
    QVERIFY(watched.pool.recover());
    for (const QString &id : {u"unreported"_s, u"unshipped"_s, u"settled"_s})
        run(watched, spec(id, u"echo x"_s));
    for (const QString &id : {u"active"_s, u"unanswered"_s})
        run(watched, spec(id, u"echo x;"_s + m_untilGo));
    WAIT_FOR(watched.out(u"unanswered"_s) == "x\n");
    QVERIFY(watched.pool.cancel(u"unanswered"_s,
                                {requestId(u"c"_s), u"SIGTERM"_s, QDateTime::currentDateTimeUtc()}));
    WAIT_FOR(watched.pool.activeCount() == 1 && watched.hasStarted(u"active"_s));
    for (const QString &id : {u"unreported"_s, u"unanswered"_s, u"settled"_s})
        QVERIFY(watched.pool.setShipped(id, 2, 0));
    for (const QString &id : {u"unshipped"_s, u"unanswered"_s, u"settled"_s})
        QVERIFY(watched.pool.markReported(id));
    const Workload *settledOne = watched[u"settled"_s];
    QCOMPARE(settledOne->key, u"settled"_s); // not before the event loop has run
    WAIT_FOR(!QFile::exists(path(u"state/workloads/settled"_s)));
    QVERIFY(!watched[u"settled"_s]);
    QCOMPARE(namesIn(u"state/workloads"_s).filter(u"un"_s).size(), 3);
    QVERIFY(watched[u"active"_s]->isActive());
    QCOMPARE(watched.out(u"unshipped"_s), "x\n");
    QVERIFY(watched.pool.setShipped(u"unshipped"_s, 2, 0));
    WAIT_FOR(!QFile::exists(path(u"state/workloads/unshipped"_s)));
    QVERIFY(watched.pool.markCancelAnswered(u"unanswered"_s));
    WAIT_FOR(!QFile::exists(path(u"state/workloads/unanswered"_s)));
    QCOMPARE(watched.warnings, QStringList());
}

void TestWorkloadHistory::movesIntoTheHistoryWhatIsDoneWith()
{
    leave(u"old"_s, WorkloadArchive::rest + std::chrono::seconds(60), settled());
    leave(u"young"_s, std::chrono::seconds(60), settled());
    WorkloadProgress askedToEnd = settled();
    askedToEnd.cancel = WorkloadCancel{requestId(u"c"_s), u"SIGTERM"_s, QDateTime::currentDateTimeUtc()};
    leave(u"unanswered"_s, std::chrono::hours(24), askedToEnd);
    WatchedPool watched(settings());
    QVERIFY(watched.pool.recover());
    WAIT_FOR(namesIn(u"state/history"_s) == QStringList(u"old"_s));
    QCOMPARE(watched.pool.workloads().size(), 1);
    QVERIFY(watched.pool.markCancelAnswered(u"unanswered"_s));
    WAIT_FOR(namesIn(u"state/history"_s) == QStringList({u"old"_s, u"unanswered"_s}));
    QCOMPARE(namesIn(u"state/workloads"_s), QStringList(u"young"_s));
    QCOMPARE(watched.pool.workloads().size(), 0);
    QCOMPARE(watched.out(u"old"_s), "hello\n");
    QCOMPARE(watched.warnings, QStringList());
}

void TestWorkloadHistory::readsAgainWhatIsHistory()
{
    leave(u"old"_s, std::chrono::hours(1), settled());
    leave(u"older"_s, std::chrono::hours(2), settled());
    {
        WatchedPool watched(settings());
        QVERIFY(watched.pool.recover());
        QCOMPARE(watched[u"old"_s]->end->exitCode, 0); // it is known before anybody has had a look at it
        QVERIFY(!watched.pool.accept(spec(u"old"_s, u"echo twice"_s)));
        WAIT_FOR(namesIn(u"state/history"_s).size() == 2);
    }
    WatchedPool next(settings());
    QVERIFY(next.pool.recover());
    QCOMPARE(next[u"old"_s]->end->exitCode, 0);
    const auto again = next.pool.accept(spec(u"old"_s, u"echo twice"_s));
    QVERIFY(!again);
    QVERIFY(again.error().what.contains(u"exists already"_s));
    QVERIFY(next.pool.workloads().isEmpty());
    QCOMPARE(next.pool.folderOf(u"old"_s), path(u"state/history/old"_s));
    WAIT_FOR(next.pool.latest(100).size() == 2);
    QCOMPARE(next.pool.latest(100).first().key, u"old"_s);
    QCOMPARE(next.pool.latest(1).size(), 1);
    QCOMPARE(next.said, QStringList());
}

void TestWorkloadHistory::shipsWhatHasBeenReportedOnly()
{
    WorkloadProgress progress = settled();
    progress.stdoutShipped = 2;
    leave(u"r-1"_s, std::chrono::hours(1), progress);
    WatchedPool watched(settings());
    QSignalSpy unshipped(&watched.pool, &WorkloadPool::unshipped);
    QVERIFY(watched.pool.recover());
    WAIT_FOR(unshipped.size() == 1);
    QCOMPARE(watched.pool.workloads().size(), 1);
    QCOMPARE(watched[u"r-1"_s]->progress.stdoutShipped, 2);
    QVERIFY(watched.pool.setShipped(u"r-1"_s, 6, 0));
    WAIT_FOR(namesIn(u"state/history"_s) == QStringList(u"r-1"_s));
}

void TestWorkloadHistory::isNotDoneWithOneThatOwesTheBackendSomething()
{
    {
        WatchedPool first(settings());
        QVERIFY(first.pool.recover());
        WorkloadSpec wanted = spec(u"r-1"_s, u"true"_s);
        wanted.uploadResults = true;
        wanted.workloadUuid = u"6c03"_s;
        const QString key = run(first, wanted);
        WAIT_FOR(first.isOver(key));
        QVERIFY(first.pool.markReported(key));
    }
    {
        WatchedPool second(settings());
        QSignalSpy owing(&second.pool, &WorkloadPool::unshipped);
        QVERIFY(second.pool.recover());
        WAIT_FOR(owing.size() == 1);
        QVERIFY(second.pool.markResultsDone(u"r-1"_s));
    }
    {
        WatchedPool third(settings()); // the backend does not know yet how it ended
        QSignalSpy owing(&third.pool, &WorkloadPool::unshipped);
        QVERIFY(third.pool.recover());
        WAIT_FOR(owing.size() == 1);
        QVERIFY(third.pool.markTold(u"r-1"_s, Told::End));
    }
    WatchedPool fourth(settings());
    QSignalSpy owing(&fourth.pool, &WorkloadPool::unshipped);
    QVERIFY(fourth.pool.recover());
    WAIT_FOR(fourth.pool.knowsAll());
    QCOMPARE(owing.size(), 0);
}

void TestWorkloadHistory::leavesAloneWhatItCannotUnderstandOfTheHistory()
{
    QVERIFY(QDir().mkpath(path(u"state/history/holidays"_s)));
    put(path(u"state/history/holidays/beach.jpg"_s), "sunny");
    put(path(u"state/history/a file"_s), "text");
    WatchedPool watched(settings(RetentionLimits{1, std::chrono::seconds(1), 1}));
    QVERIFY(watched.pool.recover());
    WAIT_FOR(watched.warnings.size() == 1);
    QVERIFY2(watched.warnings.first().contains(u"history/holidays"_s), qPrintable(watched.warnings.first()));
    QVERIFY(!watched[u"holidays"_s]);
    QCOMPARE(contents(path(u"state/history/holidays/beach.jpg"_s)), "sunny");
    QCOMPARE(contents(path(u"state/history/a file"_s)), "text");
}

void TestWorkloadHistory::doesNotTakeOneForItsNamesakeInTheHistory()
{
    leave(u"r-1"_s, std::chrono::hours(50), settled());
    QVERIFY(QDir().mkpath(path(u"state/history"_s)));
    QVERIFY(QDir().rename(path(u"state/workloads/r-1"_s), path(u"state/history/kept"_s)));
    leave(u"r-1"_s, std::chrono::hours(40), {}); // over, and not reported
    QVERIFY(QDir().rename(path(u"state/history/kept"_s), path(u"state/history/r-1"_s)));
    WatchedPool watched(settings(RetentionLimits{1, std::chrono::seconds(1), 1}));
    QVERIFY(watched.pool.recover());
    WAIT_FOR(watched.warnings.size() == 1);
    QVERIFY2(watched.warnings.first().contains(u"history/r-1"_s), qPrintable(watched.warnings.first()));
    QVERIFY(!watched[u"r-1"_s]->progress.reported);
    QVERIFY(QFile::exists(path(u"state/workloads/r-1/exit.json"_s)));
    QVERIFY(QFile::exists(path(u"state/history/r-1/exit.json"_s)));
}

QTEST_GUILESS_MAIN(TestWorkloadHistory)
#include "tst_workloadhistory.moc"
