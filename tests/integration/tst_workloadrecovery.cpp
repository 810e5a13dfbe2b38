#include "integration/pooltest.h"
#include "platform/processidentity.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QSignalSpy>

#include <sys/stat.h>
#include <unistd.h>

#include <csignal>

using namespace Qt::Literals::StringLiterals;
using namespace cloudnode;
using namespace cloudnode::test;
using Outcome = WorkloadEnd::Outcome;

/// What a pool makes of workloads that an earlier one has left: those that run on, those that have ended, and
/// those of which a record, the supervisor or the computer did not survive.
class TestWorkloadRecovery : public PoolTest {
    Q_OBJECT

private slots:
    void followsARunningWorkloadAfterARestart();
    void knowsWhatEndedMeanwhile();
    void startsWhatWasOnlyWrittenDown();
    void startsOnceWhenItDiesInTheMiddle();
    void keepsProgressAndOrder();
    void sendsAgainWhatMayHaveBeenSaid();
    void keepsWhatItCannotUnderstand_data();
    void keepsWhatItCannotUnderstand();
    void saysThatAnEndCannotBeKnown_data();
    void saysThatAnEndCannotBeKnown();
    void awaitsTheEndOfOneWhoseStartCannotBeRead();
    void survivesEveryCutOfEveryRecord_data();
    void survivesEveryCutOfEveryRecord();
    void doesNotWaitForWhatIsNoFile();
    void writesDownLaterWhatTheDiskHasRefused();

    void doesNotGuessAfterTheSupervisorsDeath();
    void doesNotGuessWhenBothAreGone();
    void knowsAReboot_data();
    void knowsAReboot();
    void knowsWhatEndedBeforeAReboot();
    void leavesStrangersAlone();
};

void TestWorkloadRecovery::followsARunningWorkloadAfterARestart()
{
    auto watched = std::make_unique<WatchedPool>(settings());
    QVERIFY(watched->pool.recover());
    const QString key = run(*watched, spec(u"r-1"_s, m_untilGo + u"echo Successfully; exit 5"_s));
    WAIT_FOR(watched->hasStarted(key));
    const qint64 pid = watched->pool.findByKey(key)->start->pid;
    watched = std::make_unique<WatchedPool>(settings());
    QVERIFY(watched->pool.recover());
    QCOMPARE(watched->pool.activeCount(), 1);
    QCOMPARE(watched->pool.findByPid(pid)->key, key);
    letGo();
    WAIT_FOR(watched->isOver(key));
    QCOMPARE(watched->said, QStringList(u"ended r-1"_s));
    QCOMPARE((*watched)[key]->end->exitCode, 5);
    QCOMPARE(watched->out(key), "Successfully\n");
}

void TestWorkloadRecovery::knowsWhatEndedMeanwhile()
{
    {
        WatchedPool watched(settings());
        QVERIFY(watched.pool.recover());
        run(watched, spec(u"r-1"_s, m_untilGo + u"exit 9"_s));
        run(watched, spec(u"r-2"_s, m_untilGo + u"kill -KILL $$"_s));
        WAIT_FOR(watched.hasStarted(u"r-1"_s) && watched.hasStarted(u"r-2"_s));
    }
    letGo();
    for (const QString &key : {u"r-1"_s, u"r-2"_s})
        WAIT_FOR(journal().readEnd(key).value().has_value());
    WatchedPool next(settings());
    QVERIFY(next.pool.recover());
    QCOMPARE(next[u"r-1"_s]->end->exitCode, 9);
    QCOMPARE(next[u"r-2"_s]->end->signal, SIGKILL);
    QVERIFY(next[u"r-1"_s]->start);
    QCoreApplication::processEvents();
    QCOMPARE(next.said, QStringList());
}

void TestWorkloadRecovery::startsWhatWasOnlyWrittenDown()
{
    {
        WatchedPool watched(settings());
        QVERIFY(watched.pool.recover());
        QVERIFY(watched.pool.accept(spec(u"r-1"_s, u"echo once"_s)));
    }
    {
        WatchedPool next(settings());
        QVERIFY(next.pool.recover());
        WAIT_FOR(next.isOver(u"r-1"_s));
        QCOMPARE(next.said, QStringList({u"started r-1"_s, u"ended r-1"_s}));
    }
    WatchedPool last(settings());
    QVERIFY(last.pool.recover());
    QCOMPARE(last[u"r-1"_s]->end->exitCode, 0);
    QCOMPARE(last.out(u"r-1"_s), "once\n");
}

void TestWorkloadRecovery::startsOnceWhenItDiesInTheMiddle()
{
    // The first pool goes while its call of the runner is under way.
    QVERIFY(WatchedPool(settings()).pool.recover());
    for (int i = 0; i < 10; ++i) {
        const QString key = u"r-%1"_s.arg(i);
        {
            WatchedPool watched(settings());
            run(watched, spec(key, u"echo once"_s));
        }
        WatchedPool next(settings());
        QVERIFY(next.pool.recover());
        WAIT_FOR(next.isOver(key));
        QCOMPARE(next[key]->end->exitCode, 0);
        QCOMPARE(next.out(key), "once\n");
    }
}

void TestWorkloadRecovery::keepsProgressAndOrder()
{
    const WorkloadCancel cancel{requestId(u"c-1"_s), u"SIGTERM"_s, QDateTime::currentDateTimeUtc()};
    {
        WatchedPool watched(settings());
        QVERIFY(watched.pool.recover());
        for (const QString &id : {u"z"_s, u"m"_s, u"a"_s}) {
            WorkloadSpec wanted = spec(id, m_untilGo);
            wanted.receivedAt = wanted.receivedAt.addMSecs(watched.pool.workloads().size());
            run(watched, wanted);
            WAIT_FOR(watched.hasStarted(id));
        }
        QVERIFY(watched.pool.markAcked(u"m"_s));
        QVERIFY(watched.pool.setShipped(u"m"_s, 1'000'000, 7));
        QVERIFY(watched.pool.cancel(u"m"_s, cancel));
        WAIT_FOR(watched.isOver(u"m"_s));
        QVERIFY(watched.pool.markReported(u"m"_s));
        QVERIFY(watched.pool.markCancelAnswered(u"m"_s));
        QVERIFY(!watched.pool.markAcked(u"nobody"_s));
    }
    WatchedPool next(settings());
    QVERIFY(next.pool.recover());
    QStringList order;
    for (const Workload *workload : next.pool.workloads())
        order << workload->key;
    QCOMPARE(order, QStringList({u"z"_s, u"a"_s})); // the other one is over and reported
    const WorkloadProgress &progress = next[u"m"_s]->progress;
    QVERIFY(progress.acked && progress.reported && progress.cancelAnswered);
    QCOMPARE(progress.stdoutShipped, 1'000'000);
    QCOMPARE(progress.stderrShipped, 7);
    QVERIFY(progress.cancel->requestId == cancel.requestId && progress.cancel->sent);
    QVERIFY(!next[u"z"_s]->progress.acked);
}

void TestWorkloadRecovery::sendsAgainWhatMayHaveBeenSaid()
{
    {
        WatchedPool watched(settings());
        QVERIFY(watched.pool.recover());
        run(watched, spec(u"r-1"_s, u"exit 4"_s));
        WAIT_FOR(watched.isOver(u"r-1"_s));
        QVERIFY(watched.pool.markReported(u"r-1"_s));
    }
    put(path(u"state/workloads/r-1/progress.json"_s), {});
    WatchedPool next(settings());
    QVERIFY(next.pool.recover());
    QCOMPARE(next[u"r-1"_s]->end->exitCode, 4);
    QVERIFY(!next[u"r-1"_s]->progress.reported);
    QCOMPARE(next.warnings.size(), 1);
    QVERIFY2(next.warnings.first().contains(u"progress.json"_s), qPrintable(next.warnings.first()));
}

void TestWorkloadRecovery::keepsWhatItCannotUnderstand_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("an empty specification") << u"spec.json"_s << QByteArray();
    QTest::newRow("half a specification")
        << u"spec.json"_s << QByteArray(R"({"version":1,"request_id":"bad")");
    QTest::newRow("another request's specification")
        << u"spec.json"_s
        << QByteArray(
               R"({"version":1,"request_id":"other","workload_type":"training","command":"echo other",)"
               R"("working_directory":"/","received_at":"2026-02-04T21:00:59.018Z"})");
}

void TestWorkloadRecovery::keepsWhatItCannotUnderstand()
{
    QFETCH(QString, file);
    QFETCH(QByteArray, text);
    {
        WatchedPool watched(settings());
        QVERIFY(watched.pool.recover());
        QVERIFY(watched.pool.accept(spec(u"bad"_s, u"echo bad"_s)));
        QVERIFY(watched.pool.accept(spec(u"good"_s, u"echo good"_s)));
    }
    WAIT_FOR(isLeftAlone(path(u"state/workloads/bad"_s)));
    put(path(u"state/workloads/bad/"_s + file), text);
    QVERIFY(QDir(path(u"state/workloads"_s)).mkdir(u"empty"_s));
    WatchedPool next(settings());
    QVERIFY(next.pool.recover());
    QCOMPARE(next.warnings.size(), 2);
    QVERIFY2(next.warnings.filter(u"bad/"_s + file).size() == 1, qPrintable(next.warnings.join(u'\n')));
    QCOMPARE(next.warnings.filter(u"empty/spec.json"_s).size(), 1);
    QCOMPARE(next[u"bad"_s], nullptr);
    QCOMPARE(contents(path(u"state/workloads/bad/"_s + file)), text);
    QVERIFY(!next.pool.accept(spec(u"bad"_s, u"echo bad"_s)));
    WAIT_FOR(next.isOver(u"good"_s));
    QCOMPARE(next.out(u"good"_s), "good\n");
    QCOMPARE(contents(path(u"state/logs/training_bad.stdout.log"_s)), QByteArray());
}

void TestWorkloadRecovery::saysThatAnEndCannotBeKnown_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("reason");
    QTest::newRow("a damaged start") << u"started.json"_s << QByteArray("\0\0\0", 3)
                                     << u"the record of its start is damaged"_s;
    QTest::newRow("a damaged end") << u"exit.json"_s << QByteArray(R"({"version":1,"outcome":"exited"})")
                                   << u"the record of its end is damaged"_s;
    QTest::newRow("an end of nothing")
        << u"exit.json"_s << QByteArray() << u"the record of its end is damaged"_s;
}

void TestWorkloadRecovery::saysThatAnEndCannotBeKnown()
{
    QFETCH(QString, file);
    QFETCH(QByteArray, text);
    QFETCH(QString, reason);
    {
        WatchedPool watched(settings());
        QVERIFY(watched.pool.recover());
        QVERIFY(watched.pool.accept(spec(u"r-1"_s, u"echo again"_s)));
    }
    WAIT_FOR(isLeftAlone(path(u"state/workloads/r-1"_s)));
    put(path(u"state/workloads/r-1/"_s + file), text);
    WatchedPool next(settings());
    QVERIFY(next.pool.recover());
    QCOMPARE(next[u"r-1"_s]->end->outcome, Outcome::Unknown);
    QVERIFY2(next[u"r-1"_s]->end->reason.contains(reason), qPrintable(next[u"r-1"_s]->end->reason));
    QVERIFY2(next.warnings.filter(file).size() == 1, qPrintable(next.warnings.join(u'\n')));
    QVERIFY(next.pool.setShipped(u"r-1"_s, 0, 0));
    QVERIFY(next.pool.markReported(u"r-1"_s));
    WatchedPool last(settings());
    QVERIFY(last.pool.recover()); // it has been said, and is not said again
    QVERIFY(last.pool.workloads().isEmpty());
    QCOMPARE(last[u"r-1"_s]->end->outcome, Outcome::Unknown);
}

void TestWorkloadRecovery::awaitsTheEndOfOneWhoseStartCannotBeRead()
{
    {
        WatchedPool watched(settings());
        QVERIFY(watched.pool.recover());
        run(watched, spec(u"r-1"_s, m_untilGo + u"exit 5"_s));
        WAIT_FOR(watched.hasStarted(u"r-1"_s));
    }
    const QString record = path(u"state/workloads/r-1/started.json"_s);
    const QByteArray start = contents(record);
    put(record, "{");
    WatchedPool next(settings());
    QVERIFY(next.pool.recover());
    QVERIFY(next[u"r-1"_s]->isActive());
    letGo();
    WAIT_FOR(next.isOver(u"r-1"_s));
    QCOMPARE(next[u"r-1"_s]->end->exitCode, 5);
    QCOMPARE(next.said, QStringList(u"ended r-1"_s));
    put(record, start);
}

void TestWorkloadRecovery::survivesEveryCutOfEveryRecord_data()
{
    QTest::addColumn<QString>("file");
    for (const QString &file :
         {u"spec.json"_s, u"started.json"_s, u"exit.json"_s, u"progress.json"_s, u"shipped.json"_s})
        QTest::newRow(qPrintable(file)) << file;
}

void TestWorkloadRecovery::survivesEveryCutOfEveryRecord()
{
    QFETCH(QString, file);
    {
        WatchedPool watched(settings());
        QVERIFY(watched.pool.recover());
        run(watched, spec(u"r-1"_s, u"echo x >> runs; exit 4"_s));
        WAIT_FOR(watched.isOver(u"r-1"_s));
        QVERIFY(watched.pool.markCancelAnswered(u"r-1"_s));
        QVERIFY(watched.pool.setShipped(u"r-1"_s, 0, 0));
    }
    const QString record = path(u"state/workloads/r-1/"_s + file);
    const QByteArray whole = contents(record);
    QVERIFY(whole.size() > 20);
    for (qsizetype size = 0; size < whole.size() - 1; ++size) { // without its line break it is whole
        put(record, whole.first(size));
        WatchedPool next(settings());
        QVERIFY(next.pool.recover());
        QCOMPARE(next.warnings.size(), 1);
        QVERIFY(!next.pool.accept(spec(u"r-1"_s, u"echo twice"_s)));
        const Workload *workload = next[u"r-1"_s];
        QCOMPARE(!workload, file == u"spec.json"_s);
        if (workload) {
            const bool known = file != u"exit.json"_s;
            QCOMPARE(workload->end->outcome, known ? Outcome::Exited : Outcome::Unknown);
            QCOMPARE(workload->end->exitCode, known ? std::optional(4) : std::nullopt);
        }
    }
    QCOMPARE(contents(path(u"work/runs"_s)), "x\n");
}

void TestWorkloadRecovery::doesNotWaitForWhatIsNoFile()
{
    leave(u"pipe"_s, std::chrono::hours(1), settled());
    for (const QString &name : {u"progress.json"_s, u"shipped.json"_s}) {
        const QString record = path(u"state/workloads/pipe/"_s + name);
        QVERIFY(QFile::remove(record));
        QCOMPARE(::mkfifo(QFile::encodeName(record).constData(), 0600), 0);
    }
    QVERIFY(QDir().mkpath(path(u"state/workloads/folder/spec.json"_s)));
    QVERIFY(QFile::link(u"/dev/zero"_s, path(u"state/workloads/link"_s)));
    WatchedPool watched(settings());
    QVERIFY(watched.pool.recover());
    QCOMPARE(watched[u"pipe"_s]->end->exitCode, 0);
    QVERIFY(!watched[u"folder"_s] && !watched[u"link"_s]);
    QVERIFY(!watched.pool.accept(spec(u"link"_s, u"echo x"_s)));
    QCOMPARE(watched.warnings.filter(u"is no file"_s).size(), 2);
}

void TestWorkloadRecovery::writesDownLaterWhatTheDiskHasRefused()
{
    WatchedPool watched(settings());
    QVERIFY(watched.pool.recover());
    run(watched, spec(u"r-1"_s, u"echo x"_s));
    WAIT_FOR(watched.isOver(u"r-1"_s));
    // A folder in the place of a file refuses to be replaced, whoever asks.
    const QString record = path(u"state/workloads/r-1/progress.json"_s);
    QVERIFY(QDir().mkpath(record + u"/in the way"_s));
    QVERIFY(!watched.pool.markReported(u"r-1"_s));
    QVERIFY(watched[u"r-1"_s]->progress.reported); // so that it is not said again
    QVERIFY(watched.pool.setShipped(u"r-1"_s, 2, 0));
    QVERIFY(QDir(record).removeRecursively());
    WAIT_FOR(contents(record).contains("\"reported\":true"));
    WatchedPool next(settings());
    QVERIFY(next.pool.recover());
    QVERIFY(next.pool.workloads().isEmpty());
}

void TestWorkloadRecovery::doesNotGuessAfterTheSupervisorsDeath()
{
    WatchedPool watched(settings());
    QVERIFY(watched.pool.recover());
    const QString key = run(watched, spec(u"r-1"_s, m_untilGo + u"echo Successfully"_s));
    WAIT_FOR(watched.hasStarted(key));
    QSignalSpy seen(&watched.pool, &WorkloadPool::orphaned);
    QVERIFY(startOf(key).supervisor.signal(SIGKILL).value());
    WAIT_FOR(!startOf(key).supervisor.isAlive());
    WatchedPool next(settings()); // one that has seen the supervisor die, and one that finds it dead
    QSignalSpy found(&next.pool, &WorkloadPool::orphaned);
    QVERIFY(next.pool.recover());
    QCOMPARE(found.size(), 1);
    WAIT_FOR_EQUAL(seen.size(), 1);
    QCOMPARE(seen.first().first().toString(), key);
    QVERIFY(!watched.isOver(key) && !next.isOver(key));
    letGo();
    WAIT_FOR(watched.isOver(key) && next.isOver(key));
    for (const WatchedPool *pool : {&watched, &next}) {
        QCOMPARE((*pool)[key]->end->outcome, Outcome::Unknown);
        QVERIFY(!(*pool)[key]->end->exitCode);
        QVERIFY((*pool)[key]->end->reason.contains(u"supervisor was killed"_s));
    }
    QCOMPARE(journal().readEnd(key).value()->outcome, Outcome::Unknown);
}

void TestWorkloadRecovery::doesNotGuessWhenBothAreGone()
{
    {
        WatchedPool watched(settings());
        QVERIFY(watched.pool.recover());
        run(watched, spec(u"r-1"_s, m_untilGo));
        WAIT_FOR(watched.hasStarted(u"r-1"_s));
    }
    const StartRecord start = startOf(u"r-1"_s);
    QVERIFY(start.supervisor.signal(SIGKILL).value());
    QVERIFY(start.workload.signal(SIGKILL).value());
    WAIT_FOR(!start.supervisor.isAlive() && !start.workload.isAlive());
    WatchedPool next(settings());
    QVERIFY(next.pool.recover());
    QCOMPARE(next[u"r-1"_s]->end->outcome, Outcome::Unknown);
    QVERIFY(next[u"r-1"_s]->start);
    QCOMPARE(next.said, QStringList());
}

void TestWorkloadRecovery::knowsAReboot_data()
{
    QTest::addColumn<bool>("hasNumber");
    QTest::newRow("by another's number") << true;
    QTest::newRow("that took its number") << false;
}

void TestWorkloadRecovery::knowsAReboot()
{
    QFETCH(bool, hasNumber);
    {
        WatchedPool watched(settings());
        QVERIFY(watched.pool.recover());
        QVERIFY(watched.pool.accept(spec(u"r-1"_s, u"echo again"_s)));
    }
    WAIT_FOR(isLeftAlone(path(u"state/workloads/r-1"_s)));
    // As a run before the last start of the computer would have left it, with numbers that are in use now.
    const auto self = ProcessIdentity::of(::getpid()).value();
    const ProcessIdentity workload = hasNumber ? self : ProcessIdentity{};
    put(path(u"state/workloads/r-1/started.json"_s),
        u"{\"version\":1,\"pid\":%1,\"start_ticks\":%2,\"supervisor_pid\":%3,\"supervisor_start_ticks\":%4,"
        "\"boot_id\":\"an-earlier-one\",\"started_at\":\"2026-02-04T21:00:59.018Z\"}"_s.arg(workload.pid)
            .arg(workload.startTicks)
            .arg(self.pid)
            .arg(self.startTicks)
            .toUtf8());
    WatchedPool next(settings());
    QVERIFY(next.pool.recover());
    QCOMPARE(next[u"r-1"_s]->end->outcome, Outcome::Unknown);
    QCOMPARE(next[u"r-1"_s]->end->reason, u"the computer was restarted while it ran"_s);
    QVERIFY(!next[u"r-1"_s]->end->at);
    QCOMPARE(contents(next[u"r-1"_s]->stdoutPath), QByteArray());
}

void TestWorkloadRecovery::knowsWhatEndedBeforeAReboot()
{
    {
        WatchedPool watched(settings());
        QVERIFY(watched.pool.recover());
        run(watched, spec(u"r-1"_s, u"exit 6"_s));
        WAIT_FOR(watched.isOver(u"r-1"_s));
    }
    const QString record = path(u"state/workloads/r-1/started.json"_s);
    const QByteArray bootId = startOf(u"r-1"_s).workload.bootId.toUtf8();
    put(record, contents(record).replace(bootId, "an-earlier-one"));
    WatchedPool next(settings());
    QVERIFY(next.pool.recover());
    QCOMPARE(next[u"r-1"_s]->end->exitCode, 6);
    QVERIFY(next[u"r-1"_s]->end->at && !next[u"r-1"_s]->progress.reported);
}

void TestWorkloadRecovery::leavesStrangersAlone()
{
    QProcess stranger;
    stranger.start(u"sleep"_s, {u"1000"_s});
    QVERIFY(stranger.waitForStarted());
    {
        WatchedPool watched(settings());
        QVERIFY(watched.pool.recover());
        QVERIFY(watched.pool.accept(spec(u"r-1"_s, u"echo again"_s)));
    }
    WAIT_FOR(isLeftAlone(path(u"state/workloads/r-1"_s)));
    const auto identity = ProcessIdentity::of(stranger.processId()).value();
    put(path(u"state/workloads/r-1/started.json"_s),
        u"{\"version\":1,\"pid\":%1,\"start_ticks\":%2,\"supervisor_pid\":%1,\"supervisor_start_ticks\":%2,"
        "\"boot_id\":\"%3\",\"started_at\":\"2026-02-04T21:00:59.018Z\"}"_s.arg(identity.pid)
            .arg(identity.startTicks - 1)
            .arg(identity.bootId)
            .toUtf8());
    WorkloadProgress progress;
    progress.cancel = WorkloadCancel{requestId(u"c"_s), u"SIGKILL"_s, QDateTime::currentDateTimeUtc()};
    QVERIFY(journal().writeProgress(u"r-1"_s, progress));
    WatchedPool next(settings());
    QVERIFY(next.pool.recover());
    QCOMPARE(next[u"r-1"_s]->end->outcome, Outcome::Unknown);
    QVERIFY(!stranger.waitForFinished(0) && stranger.state() == QProcess::Running);
    stranger.kill();
    stranger.waitForFinished();
}

QTEST_GUILESS_MAIN(TestWorkloadRecovery)
#include "tst_workloadrecovery.moc"
