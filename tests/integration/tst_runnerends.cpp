#include "integration/runnerjob.h"
#include "platform/processstat.h"
#include "support/processes.h"
#include "support/waiting.h"

#include <QFile>
#include <QProcess>
#include <QTest>

#include <unistd.h>

#include <csignal>

using namespace Qt::Literals::StringLiterals;
using namespace cloudnode::test;
using cloudnode::patience;
using cloudnode::ProcessStat;

/// cloudnode-runner ends a workload with all its processes, when told to and when it must.
class TestRunnerEnds : public QObject {
    Q_OBJECT

private slots:
    void passesSignalsOn_data();
    void passesSignalsOn();
    void killsWhatIgnoresTheSignal();
    void killsAtOnceWhenTold();
    void wakesAStoppedWorkload();
    void endsAWorkloadWhoseTimeIsUp();
    void leavesTheGraceToChildrenOfADeadShell();
    void killsDescendantsThatLeftTheGroup();
    void sweepsLeftoversOfAFinishedWorkload();

    void workloadOutlivesItsSupervisor();
    void endsAnOrphanWithItsTree_data();
    void endsAnOrphanWithItsTree();
    void endHitsNoStranger();
};

void TestRunnerEnds::passesSignalsOn_data()
{
    QTest::addColumn<int>("signal");
    QTest::addColumn<QString>("command");
    QTest::addColumn<QByteArray>("name"); // of the process, once it can take the signal
    QTest::addColumn<QJsonValue>("exitCode");
    QTest::addColumn<QJsonValue>("endingSignal");
    const QJsonValue null(QJsonValue::Null);
    const QString loop = u"echo ready; while :; do sleep 0.01; done"_s;
    const QString plain = u"echo ready; exec sleep 1000"_s; // no shell: it may swallow a SIGINT
    QTest::newRow("SIGTERM ends it") << SIGTERM << plain << QByteArray("sleep\n") << null
                                     << QJsonValue(SIGTERM);
    QTest::newRow("SIGINT ends it") << SIGINT << plain << QByteArray("sleep\n") << null << QJsonValue(SIGINT);
    QTest::newRow("SIGTERM is handled") << SIGTERM << u"trap 'echo bye; exit 0' TERM; "_s + loop
                                        << QByteArray("bash\n") << QJsonValue(0) << null;
    QTest::newRow("SIGINT is handled")
        << SIGINT << u"trap 'exit 7' INT; "_s + loop << QByteArray("bash\n") << QJsonValue(7) << null;
}

void TestRunnerEnds::passesSignalsOn()
{
    QFETCH(int, signal);
    QFETCH(QString, command);
    QFETCH(QByteArray, name);
    RunnerJob job;
    QCOMPARE(job.start(command), 0);
    WAIT_FOR(job.out().contains("ready"));
    WAIT_FOR(contents(u"/proc/%1/comm"_s.arg(job.pid())) == name);
    ::kill(job.supervisor(), signal);
    WAIT_FOR_END(job);
    QTEST(job.end(u"exit_code"_s), "exitCode");
    QTEST(job.end(u"signal"_s), "endingSignal");
    QCOMPARE(job.end(u"timed_out"_s), QJsonValue(false));
}

void TestRunnerEnds::killsWhatIgnoresTheSignal()
{
    RunnerJob job;
    job.options = {u"--grace"_s, u"1"_s};
    QCOMPARE(job.start(u"trap '' TERM; echo ready; while :; do sleep 0.01; done"_s), 0);
    WAIT_FOR(job.out().contains("ready"));
    ::kill(job.supervisor(), SIGTERM);
    WAIT_FOR_END(job);
    QCOMPARE(job.end(u"signal"_s), QJsonValue(SIGKILL));
}

void TestRunnerEnds::killsAtOnceWhenTold()
{
    RunnerJob job;
    job.options = {u"--grace"_s, u"100000"_s};
    QCOMPARE(job.start(u"trap '' TERM; echo ready; while :; do sleep 0.01; done"_s), 0);
    WAIT_FOR(job.out().contains("ready"));
    ::kill(job.supervisor(), SIGTERM); // is waiting for its grace when the order to force comes
    ::kill(job.supervisor(), SIGUSR1);
    WAIT_FOR_END(job);
    QCOMPARE(job.end(u"signal"_s), QJsonValue(SIGKILL));
}

void TestRunnerEnds::wakesAStoppedWorkload()
{
    RunnerJob job;
    QCOMPARE(job.start(u"trap 'exit 5' TERM; echo ready; kill -STOP $$; sleep 0.01; exit 1"_s), 0);
    WAIT_FOR(ProcessStat::read(static_cast<pid_t>(job.pid()))->state == 'T');
    ::kill(job.supervisor(), SIGTERM);
    WAIT_FOR_END(job);
    QCOMPARE(job.end(u"exit_code"_s), QJsonValue(5));
}

void TestRunnerEnds::endsAWorkloadWhoseTimeIsUp()
{
    RunnerJob job;
    job.options = {u"--timeout"_s, u"1"_s};
    QCOMPARE(job.start(u"trap 'exit 8' TERM; while :; do sleep 0.01; done"_s), 0);
    WAIT_FOR_END(job);
    QCOMPARE(job.end(u"exit_code"_s), QJsonValue(8));
    QCOMPARE(job.end(u"timed_out"_s), QJsonValue(true));
}

void TestRunnerEnds::leavesTheGraceToChildrenOfADeadShell()
{
    RunnerJob job;
    job.options = {u"--grace"_s, u"100000"_s};
    // The outer shell dies of the signal; what it started saves its work first.
    QCOMPARE(job.start(u"bash -c 'trap \"until [ -e go ]; do sleep 0.01; done; echo saved; exit 0\" TERM;"
                       "echo ready; while :; do sleep 0.01; done'; echo never"_s),
             0);
    WAIT_FOR(job.out().contains("ready"));
    ::kill(job.supervisor(), SIGTERM);
    WAIT_FOR(!isAlive(job.pid()));
    QVERIFY(job.ended().isEmpty());
    QVERIFY(QFile(job.path(u"go"_s)).open(QIODevice::WriteOnly));
    WAIT_FOR_END(job);
    QCOMPARE(job.out(), "ready\nsaved\n");
    QCOMPARE(job.end(u"signal"_s), QJsonValue(SIGTERM));
}

void TestRunnerEnds::killsDescendantsThatLeftTheGroup()
{
    RunnerJob job;
    job.options = {u"--grace"_s, u"1"_s};
    // One in its own session, with its parent gone and deaf to SIGTERM; one an ordinary child.
    QCOMPARE(job.start(u"(setsid bash -c 'trap \"\" TERM; echo $BASHPID > far; sleep 1000' &);"
                       "bash -c 'echo $BASHPID > near; sleep 1000; :' &"
                       "echo ready; wait; :"_s),
             0);
    WAIT_FOR(job.pidIn(u"far"_s) > 0 && job.pidIn(u"near"_s) > 0);
    ::kill(job.supervisor(), SIGTERM);
    WAIT_FOR_END(job);
    QVERIFY(!isAlive(job.pidIn(u"far"_s)));
    QVERIFY(!isAlive(job.pidIn(u"near"_s)));
    QCOMPARE(job.end(u"signal"_s), QJsonValue(SIGTERM));
    QVERIFY(!job.ended().contains(u"survivors"_s));
}

void TestRunnerEnds::sweepsLeftoversOfAFinishedWorkload()
{
    RunnerJob job;
    QCOMPARE(job.start(u"(setsid bash -c 'trap \"\" TERM; echo $BASHPID > far; sleep 1000' &);"
                       "until [ -s far ]; do sleep 0.01; done; exit 9"_s),
             0);
    WAIT_FOR_END(job);
    QVERIFY(!isAlive(job.pidIn(u"far"_s)));
    QCOMPARE(job.end(u"exit_code"_s), QJsonValue(9));
}

void TestRunnerEnds::workloadOutlivesItsSupervisor()
{
    RunnerJob job;
    QCOMPARE(job.start(u"until [ -e go ]; do sleep 0.01; done; echo done"_s), 0);
    const pid_t supervisor = job.supervisor();
    ::kill(supervisor, SIGKILL);
    WAIT_FOR(!isAlive(supervisor));
    QVERIFY(isAlive(job.pid()));
    QCOMPARE(job.start(u"echo again"_s), 0); // and nobody takes it for one that never began
    QCOMPARE(job.printed, job.started());
    QVERIFY(QFile(job.path(u"go"_s)).open(QIODevice::WriteOnly));
    WAIT_FOR(job.out() == "done\n");
    QVERIFY(job.ended().isEmpty());
}

void TestRunnerEnds::endsAnOrphanWithItsTree_data()
{
    QTest::addColumn<int>("signal");
    QTest::newRow("asked first") << SIGTERM;
    QTest::newRow("at once") << SIGKILL;
}

void TestRunnerEnds::endsAnOrphanWithItsTree()
{
    QFETCH(int, signal);
    RunnerJob job;
    QCOMPARE(job.start(u"(setsid bash -c 'trap \"\" TERM; echo $BASHPID > far; sleep 1000; :' &"
                       "until [ -s far ]; do sleep 0.01; done; wait); :"_s),
             0);
    WAIT_FOR(job.pidIn(u"far"_s) > 0);
    ::kill(job.supervisor(), SIGKILL);
    WAIT_FOR(!isAlive(job.supervisor()));
    const QString ticks = QString::number(job.started()[u"start_ticks"_s].toInteger());
    QProcess process;
    process.start(RunnerJob::runner(), {u"end"_s, u"--pid"_s, QString::number(job.pid()), u"--ticks"_s, ticks,
                                        u"--signal"_s, QString::number(signal), u"--grace"_s, u"1"_s});
    QVERIFY(process.waitForFinished(patience));
    QCOMPARE(process.exitCode(), 0);
    WAIT_FOR(!isAlive(job.pid()));
    WAIT_FOR(!isAlive(job.pidIn(u"far"_s)));
}

void TestRunnerEnds::endHitsNoStranger()
{
    QProcess stranger;
    stranger.start(u"sleep"_s, {u"1000"_s});
    QVERIFY(stranger.waitForStarted(patience));
    QProcess process;
    process.start(RunnerJob::runner(), {u"end"_s, u"--pid"_s, QString::number(stranger.processId()),
                                        u"--ticks"_s, u"1"_s, u"--signal"_s, u"9"_s});
    QVERIFY(process.waitForFinished(patience));
    QCOMPARE(process.exitCode(), 0);
    QCOMPARE(stranger.state(), QProcess::Running);
    QVERIFY(!stranger.waitForFinished(0));
    stranger.kill();
    QVERIFY(stranger.waitForFinished(patience));
}

QTEST_GUILESS_MAIN(TestRunnerEnds)
#include "tst_runnerends.moc"
