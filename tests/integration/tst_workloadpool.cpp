#include "integration/pooltest.h"
#include "support/foldernames.h"
#include "support/processes.h"

#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QSet>

#include <csignal>

using namespace Qt::Literals::StringLiterals;
using namespace cloudnode;
using namespace cloudnode::test;
using Outcome = WorkloadEnd::Outcome;

/// How a pool starts workloads, sees them end, and ends them.
class TestWorkloadPool : public PoolTest {
    Q_OBJECT

private slots:
    void runsAWorkload();
    void saysStartedBeforeEnded();
    void keepsParamsInAFile();
    void keepsManyParamsInTheirFileAlone();
    void tellsTheWorkloadAboutItself();
    void givesItAFolderForItsResults();
    void tellsOfNoFolderWhereNothingIsUploaded();
    void saysWhyItCannotStart_data();
    void saysWhyItCannotStart();
    void doesNotTryAgainWhatCouldNotStart();
    void runsManyAtOnce();
    void letsOneSupervisorServeManyInTurn();
    void refusesADuplicate_data();
    void refusesADuplicate();
    void clearsAwayLogsOfAnEarlierOwner();
    void keepsHostileNamesInsideItsFolders_data();
    void keepsHostileNamesInsideItsFolders();
    void findsActiveOnesByPid();

    void cancels_data();
    void cancels();
    void cancelsBeforeItKnowsTheStart();
    void forcesWhenAskedAgain();
    void sendsACancelThatWasOnlyWrittenDown();
    void cancelsAnOrphan();
    void cancelsWhatBecomesAnOrphan_data();
    void cancelsWhatBecomesAnOrphan();
    void refusesAWrongCancel_data();
    void refusesAWrongCancel();
    void endsWhatTakesTooLong();
    void endsAnOrphanThatTakesTooLong_data();
    void endsAnOrphanThatTakesTooLong();

private:
    void loseSupervisor(const StartRecord &start, std::unique_ptr<WatchedPool> &watched, bool between) const;
    qint64 pidIn(const QString &file) const
    {
        return contents(path(u"work/"_s + file)).trimmed().toLongLong();
    }
};

void TestWorkloadPool::runsAWorkload()
{
    WatchedPool watched(settings());
    QVERIFY(watched.pool.recover());
    const QString key = run(watched, spec(u"r-1"_s, u"echo $$ $GREETING; pwd; echo oops >&2; exit 3"_s));
    QCOMPARE(key, u"r-1"_s);
    QCOMPARE(watched.pool.activeCount(), 1);
    WAIT_FOR(watched.isOver(key));
    const Workload &workload = *watched[key];
    QCOMPARE(watched.said, QStringList({u"started r-1"_s, u"ended r-1"_s}));
    QCOMPARE(watched.pool.activeCount(), 0);
    QCOMPARE(workload.end->outcome, Outcome::Exited);
    QCOMPARE(workload.end->exitCode, 3);
    QVERIFY(workload.end->at >= workload.start->at && workload.start->at >= workload.spec.receivedAt);
    QCOMPARE(contents(workload.stdoutPath), QByteArray::number(workload.start->pid) + " hello\n" +
                                                QDir(path(u"work"_s)).canonicalPath().toUtf8() + '\n');
    QCOMPARE(contents(workload.stderrPath), "oops\n");
    QCOMPARE(workload.stdoutPath, path(u"state/logs/training_r-1.stdout.log"_s));
    QCOMPARE(workload.stderrPath, path(u"state/logs/training_r-1.stderr.log"_s));
    QCOMPARE(watched.warnings, QStringList());
}

void TestWorkloadPool::saysStartedBeforeEnded()
{
    WatchedPool watched(settings());
    QVERIFY(watched.pool.recover());
    QStringList expected;
    for (int i = 0; i < 10; ++i) {
        const QString key = run(watched, spec(u"r-%1"_s.arg(i), u"true"_s));
        WAIT_FOR(watched.isOver(key));
        expected << u"started "_s + key << u"ended "_s + key;
    }
    QCOMPARE(watched.said, expected);
}

void TestWorkloadPool::keepsParamsInAFile()
{
    WatchedPool watched(settings());
    QVERIFY(watched.pool.recover());
    const WorkloadSpec wanted = spec(u"r-1"_s, u"true"_s);
    const QString paramsPath = watched.pool.paramsPath(wanted.type, wanted.requestId);
    const auto accepted = watched.pool.accept(wanted);
    QVERIFY(accepted);
    QCOMPARE(accepted->paramsPath, paramsPath);
    QCOMPARE(paramsPath, path(u"state/logs/training_r-1.params.json"_s));
    QCOMPARE(contents(paramsPath), wanted.params);
    QVERIFY(accepted->spec.params.isEmpty());
    watched.pool.launch(accepted->key);
    WAIT_FOR(watched.isOver(u"r-1"_s));
    const auto ownerOnly = QFile::ReadOwner | QFile::WriteOwner | QFile::ReadUser | QFile::WriteUser;
    for (const QString &file :
         {paramsPath, accepted->stdoutPath, accepted->stderrPath, path(u"state/workloads/r-1/spec.json"_s)})
        QCOMPARE(QFile::permissions(file), ownerOnly);
}

/// They are not in the record, but on the disk before the workload is accepted.
void TestWorkloadPool::keepsManyParamsInTheirFileAlone()
{
    WatchedPool watched(settings());
    QVERIFY(watched.pool.recover());
    WorkloadSpec wanted = spec(u"r-1"_s, u"cat \"$CYBERWAVE_PARAMS_FILE\""_s);
    wanted.params = "{\"text\":\"" + QByteArray(100'000, 'x') + "\"}";
    const QString key = run(watched, wanted);
    WAIT_FOR(watched.isOver(key));
    QCOMPARE(watched.out(key), wanted.params);
    QVERIFY(!contents(path(u"state/workloads/r-1/spec.json"_s)).contains("xxx"));
}

void TestWorkloadPool::tellsTheWorkloadAboutItself()
{
    WatchedPool watched(settings());
    QVERIFY(watched.pool.recover());
    WorkloadSpec wanted = spec(u"a/b c"_s, u"echo \"$CYBERWAVE_REQUEST_ID|$CYBERWAVE_WORKLOAD_TYPE|"
                                           "$CYBERWAVE_WORKLOAD_UUID\"; cat \"$CYBERWAVE_PARAMS_FILE\""_s);
    wanted.workloadUuid = u"uuid-1"_s;
    const QString key = run(watched, wanted);
    WAIT_FOR(watched.isOver(key));
    QCOMPARE(watched.out(key), "a/b c|training|uuid-1\n" + wanted.params);
}

void TestWorkloadPool::givesItAFolderForItsResults()
{
    WatchedPool watched(settings());
    QVERIFY(watched.pool.recover());
    WorkloadSpec wanted =
        spec(u"r-1"_s, uR"(stat -c %a "$CYBERWAVE_RESULTS_DIR"; echo x > "$CYBERWAVE_RESULTS_DIR/a")"_s);
    wanted.uploadResults = true;
    const QString key = run(watched, wanted);
    WAIT_FOR(watched.isOver(key));
    QCOMPARE(watched.out(key), "700\n");
    QCOMPARE(watched[key]->ownResults, path(u"state/workloads/r-1/results"_s));
    QCOMPARE(contents(watched[key]->ownResults + u"/a"_s), "x\n");
    QVERIFY(journal().measure(key)->bytes >= 4096 * 2); // the folder, and what is in it
}

void TestWorkloadPool::tellsOfNoFolderWhereNothingIsUploaded()
{
    WorkloadPoolSettings nested = settings();
    nested.environment.insert(u"CYBERWAVE_RESULTS_DIR"_s, u"/somebody/elses"_s);
    WatchedPool watched(nested);
    QVERIFY(watched.pool.recover());
    const QString key = run(watched, spec(u"r-1"_s, u"echo ${CYBERWAVE_RESULTS_DIR-none}"_s));
    WAIT_FOR(watched.isOver(key));
    QCOMPARE(watched.out(key), "none\n");
    QVERIFY(!QFile::exists(path(u"state/workloads/r-1/results"_s)));
}

void TestWorkloadPool::saysWhyItCannotStart_data()
{
    QTest::addColumn<QString>("command");
    QTest::addColumn<QString>("workingDirectory");
    QTest::addColumn<QString>("runner");
    QTest::addColumn<QString>("reason");
    QTest::newRow("no working directory")
        << u"true"_s << u"/no/where"_s << QString() << u"cannot enter the working directory /no/where"_s;
    QTest::newRow("a command longer than the system takes")
        << QString(200'000, u'x') << QString() << QString() << u"cannot run"_s;
    QTest::newRow("no runner") << u"true"_s << QString() << u"/no/runner"_s << u"/no/runner"_s;
    QTest::newRow("a runner that is something else")
        << u"true"_s << QString() << u"/bin/false"_s << u"ended with code 1"_s;
}

void TestWorkloadPool::saysWhyItCannotStart()
{
    QFETCH(QString, command);
    QFETCH(QString, workingDirectory);
    QFETCH(QString, runner);
    QFETCH(QString, reason);
    WorkloadPoolSettings changed = settings();
    if (!runner.isEmpty())
        changed.runnerProgram = runner;
    WorkloadSpec wanted = spec(u"r-1"_s, command);
    if (!workingDirectory.isEmpty())
        wanted.workingDirectory = workingDirectory;
    WatchedPool watched(changed);
    QVERIFY(watched.pool.recover());
    const QString key = run(watched, wanted);
    WAIT_FOR(watched.isOver(key));
    QCOMPARE(watched.said, QStringList(u"ended r-1"_s));
    QCOMPARE(watched[key]->end->outcome, Outcome::NotStarted);
    QVERIFY(!watched[key]->start);
    QVERIFY2(watched[key]->end->reason.contains(reason), qPrintable(watched[key]->end->reason));
}

void TestWorkloadPool::doesNotTryAgainWhatCouldNotStart()
{
    WorkloadPoolSettings broken = settings();
    broken.runnerProgram = u"/no/runner"_s;
    {
        WatchedPool watched(broken);
        QVERIFY(watched.pool.recover());
        run(watched, spec(u"r-1"_s, u"true"_s));
        WAIT_FOR(watched.isOver(u"r-1"_s));
    }
    WatchedPool repaired(settings());
    QVERIFY(repaired.pool.recover());
    QCOMPARE(repaired[u"r-1"_s]->end->outcome, Outcome::NotStarted);
    QVERIFY(repaired[u"r-1"_s]->end->reason.contains(u"/no/runner"_s));
}

void TestWorkloadPool::runsManyAtOnce()
{
    WatchedPool watched(settings());
    QVERIFY(watched.pool.recover());
    for (int i = 0; i < 20; ++i)
        run(watched, spec(u"r-%1"_s.arg(i), u"exit %1"_s.arg(i)));
    QCOMPARE(watched.pool.activeCount(), 20);
    WAIT_FOR(watched.pool.activeCount() == 0);
    for (int i = 0; i < 20; ++i)
        QCOMPARE(watched[u"r-%1"_s.arg(i)]->end->exitCode, i);
}

void TestWorkloadPool::letsOneSupervisorServeManyInTurn()
{
    WatchedPool watched(settings());
    QVERIFY(watched.pool.recover());
    QSet<QByteArray> supervisors;
    constexpr int count = 20;
    for (int i = 0; i < count; ++i) { // most of them are over before the pool hears that they have begun
        const QString key = run(watched, spec(u"r-%1"_s.arg(i), u"true"_s));
        WAIT_FOR(watched.isOver(key));
        const QByteArray start = contents(path(u"state/workloads/%1/started.json"_s.arg(key)));
        supervisors << QJsonDocument::fromJson(start)["supervisor_pid"_L1].toVariant().toByteArray();
    }
    QVERIFY2(supervisors.size() < count / 2, qPrintable(QString::number(supervisors.size())));
}

void TestWorkloadPool::refusesADuplicate_data()
{
    QTest::addColumn<bool>("isOver");
    QTest::addColumn<bool>("isRestarted");
    QTest::newRow("of one that runs") << false << false;
    QTest::newRow("of one that is over") << true << false;
    QTest::newRow("of one from before the restart") << true << true;
}

void TestWorkloadPool::refusesADuplicate()
{
    QFETCH(bool, isOver);
    QFETCH(bool, isRestarted);
    auto watched = std::make_unique<WatchedPool>(settings());
    QVERIFY(watched->pool.recover());
    const QString key = run(*watched, spec(u"r-1"_s, u"echo once; "_s + (isOver ? QString() : m_untilGo)));
    WAIT_FOR(isOver ? watched->isOver(key) : watched->hasStarted(key));
    if (isRestarted) {
        watched = std::make_unique<WatchedPool>(settings());
        QVERIFY(watched->pool.recover());
    }
    const auto again = watched->pool.accept(spec(u"r-1"_s, u"echo twice"_s));
    QVERIFY(!again);
    QVERIFY(again.error().what.contains(u"exists already"_s));
    QCOMPARE(watched->pool.workloads().size(), 1);
    watched->pool.launch(key); // nor does another launch do anything
    letGo();
    WAIT_FOR(watched->isOver(key));
    QCOMPARE(watched->out(key), "once\n");
}

void TestWorkloadPool::clearsAwayLogsOfAnEarlierOwner()
{
    WatchedPool watched(settings());
    QVERIFY(watched.pool.recover());
    put(path(u"state/logs/training_r-1.stdout.log"_s), "of another program\n");
    const QString key = run(watched, spec(u"r-1"_s, u"echo mine"_s));
    WAIT_FOR(watched.isOver(key));
    QCOMPARE(watched.out(key), "mine\n");
}

void TestWorkloadPool::keepsHostileNamesInsideItsFolders_data()
{
    QTest::addColumn<QString>("id");
    QTest::newRow("climbs") << u"../../../climbed"_s;
    QTest::newRow("absolute") << u"/tmp/absolute"_s;
    QTest::newRow("dots") << u".."_s;
    QTest::newRow("hidden") << u".unfinished-x"_s;
    QTest::newRow("an option") << u"--help"_s;
    QTest::newRow("shell code") << u"$(touch x);`touch y`'\""_s;
    QTest::newRow("very long") << QString(500, u'a');
    QTest::newRow("not of this alphabet") << u"αβγ 🚀"_s;
}

void TestWorkloadPool::keepsHostileNamesInsideItsFolders()
{
    QFETCH(QString, id);
    WatchedPool watched(settings());
    QVERIFY(watched.pool.recover());
    const QString key = run(watched, spec(id, u"printf %s \"$CYBERWAVE_REQUEST_ID\""_s));
    WAIT_FOR(watched.isOver(key));
    QCOMPARE(watched.out(key), id.toUtf8());
    QCOMPARE(watched.pool.find(requestId(id)), watched[key]);
    QCOMPARE(workloadNamesIn(path(u"state/workloads"_s)), QStringList(key));
    QCOMPARE(QDir(path(u"state/logs"_s)).entryList(QDir::Files | QDir::Hidden).size(), 3);
    QCOMPARE(QDir(path(u"state"_s)).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot).size(),
             2);
    QCOMPARE(QDir(path(u"work"_s)).entryList(QDir::AllEntries | QDir::NoDotAndDotDot), QStringList());

    WatchedPool next(settings());
    QVERIFY(next.pool.recover());
    QCOMPARE(next.pool.find(requestId(id))->spec.requestId.text(), id);
    QCOMPARE(next.warnings, QStringList());
}

void TestWorkloadPool::findsActiveOnesByPid()
{
    WatchedPool watched(settings());
    QVERIFY(watched.pool.recover());
    const QString key = run(watched, spec(u"r-1"_s, m_untilGo));
    WAIT_FOR(watched.hasStarted(key));
    const qint64 pid = watched[key]->start->pid;
    QCOMPARE(watched.pool.findByPid(pid), watched[key]);
    QCOMPARE(watched.pool.findByPid(startOf(key).supervisor.pid), nullptr);
    letGo();
    WAIT_FOR(watched.isOver(key));
    QCOMPARE(watched.pool.findByPid(pid), nullptr);
    QCOMPARE(watched.pool.find(requestId(u"r-2"_s)), nullptr);
}

void TestWorkloadPool::cancels_data()
{
    QTest::addColumn<QString>("signal");
    QTest::addColumn<int>("endingSignal");
    QTest::newRow("politely") << u"SIGTERM"_s << SIGTERM;
    QTest::newRow("as from the keyboard") << u"SIGINT"_s << SIGINT;
    QTest::newRow("by force") << u"SIGKILL"_s << SIGKILL;
}

void TestWorkloadPool::cancels()
{
    QFETCH(QString, signal);
    QFETCH(int, endingSignal);
    WatchedPool watched(settings());
    QVERIFY(watched.pool.recover());
    const QString key =
        run(watched, spec(u"r-1"_s, u"bash -c 'echo $BASHPID > near; while :; do sleep 0.01; done' &"
                                    "(setsid bash -c 'echo $BASHPID > far; while :; do sleep 0.01; done' &);"
                                    "exec sleep 1000"_s));
    WAIT_FOR(watched.hasStarted(key) && pidIn(u"near"_s) > 0 && pidIn(u"far"_s) > 0);
    WAIT_FOR(contents(u"/proc/%1/comm"_s.arg(watched[key]->start->pid)) == "sleep\n");
    const WorkloadCancel request{requestId(u"c-1"_s), signal, QDateTime::currentDateTimeUtc()};
    // Background jobs of a shell without job control ignore SIGINT, so only a force ends that one.
    QVERIFY(watched.pool.cancel(key, request));
    QVERIFY(watched[key]->progress.cancel->requestId == request.requestId);
    if (endingSignal == SIGINT) {
        WAIT_FOR(!isAlive(watched[key]->start->pid));
        QVERIFY(watched.pool.cancel(key, {requestId(u"c-2"_s), u"SIGKILL"_s, request.at}));
    }
    WAIT_FOR(watched.isOver(key));
    QCOMPARE(watched[key]->end->signal, endingSignal);
    QVERIFY(!isAlive(pidIn(u"near"_s)) && !isAlive(pidIn(u"far"_s)));
    QCOMPARE(watched.said, QStringList({u"started r-1"_s, u"ended r-1"_s}));
}

void TestWorkloadPool::cancelsBeforeItKnowsTheStart()
{
    WatchedPool watched(settings());
    QVERIFY(watched.pool.recover());
    const QString key = run(watched, spec(u"r-1"_s, m_untilGo));
    QVERIFY(watched.pool.cancel(key, {requestId(u"c"_s), u"SIGTERM"_s, QDateTime::currentDateTimeUtc()}));
    WAIT_FOR(watched.isOver(key));
    QCOMPARE(watched[key]->end->signal, SIGTERM);
    QCOMPARE(watched.said, QStringList({u"started r-1"_s, u"ended r-1"_s}));
}

void TestWorkloadPool::forcesWhenAskedAgain()
{
    WatchedPool watched(settings());
    QVERIFY(watched.pool.recover());
    const QString key = run(watched, spec(u"r-1"_s, u"trap 'touch asked' TERM; echo ready;"
                                                    "while :; do sleep 0.01; done"_s));
    WAIT_FOR(watched.out(key) == "ready\n" && watched.hasStarted(key));
    QVERIFY(watched.pool.cancel(key, {requestId(u"c-1"_s), u"SIGTERM"_s, QDateTime::currentDateTimeUtc()}));
    WAIT_FOR(QFile::exists(path(u"work/asked"_s)));
    QVERIFY(!watched.isOver(key));
    QVERIFY(watched.pool.markCancelAnswered(key));
    QVERIFY(watched.pool.cancel(key, {requestId(u"c-2"_s), u"SIGKILL"_s, QDateTime::currentDateTimeUtc()}));
    QVERIFY(!watched[key]->progress.cancelAnswered);
    WAIT_FOR(watched.isOver(key));
    QCOMPARE(watched[key]->end->signal, SIGKILL);
    QCOMPARE(watched[key]->progress.cancel->requestId.text(), u"c-2"_s);
}

void TestWorkloadPool::sendsACancelThatWasOnlyWrittenDown()
{
    {
        WatchedPool watched(settings());
        QVERIFY(watched.pool.recover());
        run(watched, spec(u"r-1"_s, m_untilGo));
        WAIT_FOR(watched.hasStarted(u"r-1"_s));
    }
    WorkloadProgress progress;
    progress.cancel = WorkloadCancel{requestId(u"c"_s), u"SIGTERM"_s, QDateTime::currentDateTimeUtc()};
    QVERIFY(journal().writeProgress(u"r-1"_s, progress));
    WatchedPool next(settings());
    QVERIFY(next.pool.recover());
    WAIT_FOR(next.isOver(u"r-1"_s));
    QCOMPARE(next[u"r-1"_s]->end->signal, SIGTERM);
    QVERIFY(next[u"r-1"_s]->progress.cancel->sent);
}

void TestWorkloadPool::cancelsAnOrphan()
{
    WatchedPool watched(settings());
    QVERIFY(watched.pool.recover());
    WorkloadSpec wanted = spec(u"r-1"_s, u"(setsid bash -c 'trap \"\" TERM; echo $BASHPID > far;"
                                         "while :; do sleep 0.01; done' & wait); :"_s);
    wanted.cancelGrace = std::chrono::seconds(1);
    const QString key = run(watched, wanted);
    WAIT_FOR(watched.hasStarted(key) && pidIn(u"far"_s) > 0);
    QVERIFY(startOf(key).supervisor.signal(SIGKILL).value());
    WAIT_FOR(!startOf(key).supervisor.isAlive());
    QVERIFY(watched.pool.cancel(key, {requestId(u"c"_s), u"SIGTERM"_s, QDateTime::currentDateTimeUtc()}));
    WAIT_FOR(watched.isOver(key));
    QCOMPARE(watched[key]->end->outcome, Outcome::Unknown);
    WAIT_FOR(!isAlive(pidIn(u"far"_s)));
    QCOMPARE(watched.warnings, QStringList());
}

/// `between`: the pool's end and the next one's begin, which is in its place afterwards.
void TestWorkloadPool::loseSupervisor(const StartRecord &start, std::unique_ptr<WatchedPool> &watched,
                                      bool between) const
{
    if (between)
        watched.reset();
    QVERIFY(start.supervisor.signal(SIGKILL).value());
    WAIT_FOR(!start.supervisor.isAlive());
    if (between) {
        watched = std::make_unique<WatchedPool>(settings());
        QVERIFY(watched->pool.recover());
    }
}

void TestWorkloadPool::cancelsWhatBecomesAnOrphan_data()
{
    QTest::addColumn<bool>("meanwhile");
    QTest::newRow("while we look on") << false;
    QTest::newRow("between two nodes") << true;
}

/// The supervisor is told, and dies before it has done anything about it.
void TestWorkloadPool::cancelsWhatBecomesAnOrphan()
{
    QFETCH(const bool, meanwhile);
    auto watched = std::make_unique<WatchedPool>(settings());
    QVERIFY(watched->pool.recover());
    WorkloadSpec wanted = spec(u"r-1"_s, u"trap '' TERM; while :; do sleep 0.01; done"_s);
    wanted.cancelGrace = std::chrono::seconds(1);
    const QString key = run(*watched, wanted);
    WAIT_FOR(watched->hasStarted(key));
    const StartRecord start = startOf(key);
    QVERIFY(start.supervisor.signal(SIGSTOP).value());
    QVERIFY(watched->pool.cancel(key, {requestId(u"c"_s), u"SIGTERM"_s, QDateTime::currentDateTimeUtc()}));
    QVERIFY((*watched)[key]->progress.cancel->sent);
    loseSupervisor(start, watched, meanwhile);
    WAIT_FOR(watched->isOver(key));
    QCOMPARE((*watched)[key]->end->outcome, Outcome::Unknown);
    QVERIFY(!start.workload.isAlive());
    QCOMPARE(watched->warnings, QStringList());
}

void TestWorkloadPool::refusesAWrongCancel_data()
{
    QTest::addColumn<QString>("key");
    QTest::addColumn<QString>("signal");
    QTest::addColumn<QString>("problem");
    QTest::newRow("of nobody") << u"nobody"_s << u"SIGTERM"_s << u"no such workload"_s;
    QTest::newRow("of one that is over") << u"over"_s << u"SIGTERM"_s << u"over already"_s;
    QTest::newRow("with a signal that ends nothing")
        << u"active"_s << u"SIGSTOP"_s << u"SIGSTOP is no signal"_s;
}

void TestWorkloadPool::refusesAWrongCancel()
{
    QFETCH(QString, key);
    QFETCH(QString, signal);
    QFETCH(QString, problem);
    WatchedPool watched(settings());
    QVERIFY(watched.pool.recover());
    run(watched, spec(u"over"_s, u"true"_s));
    run(watched, spec(u"active"_s, m_untilGo));
    WAIT_FOR(watched.isOver(u"over"_s) && watched.hasStarted(u"active"_s));
    const auto done = watched.pool.cancel(key, {requestId(u"c"_s), signal, QDateTime::currentDateTimeUtc()});
    QVERIFY(!done);
    QVERIFY2(done.error().what.contains(problem), qPrintable(done.error().what));
    QVERIFY(!watched[u"active"_s]->progress.cancel);
}

void TestWorkloadPool::endsWhatTakesTooLong()
{
    WatchedPool watched(settings());
    QVERIFY(watched.pool.recover());
    WorkloadSpec wanted = spec(u"r-1"_s, m_untilGo);
    wanted.timeout = std::chrono::seconds(1);
    const QString key = run(watched, wanted);
    WAIT_FOR(watched.isOver(key));
    QVERIFY(watched[key]->end->timedOut);
    QCOMPARE(watched[key]->end->signal, SIGTERM);
}

void TestWorkloadPool::endsAnOrphanThatTakesTooLong_data()
{
    QTest::addColumn<bool>("meanwhile");
    QTest::newRow("whose supervisor dies while we look on") << false;
    QTest::newRow("whose supervisor dies between two nodes") << true;
}

void TestWorkloadPool::endsAnOrphanThatTakesTooLong()
{
    QFETCH(const bool, meanwhile);
    auto watched = std::make_unique<WatchedPool>(settings());
    QVERIFY(watched->pool.recover());
    WorkloadSpec wanted = spec(u"r-1"_s, u"trap '' TERM; while :; do sleep 0.01; done"_s);
    wanted.timeout = std::chrono::seconds(2);
    wanted.cancelGrace = std::chrono::seconds(1);
    const QString key = run(*watched, wanted);
    WAIT_FOR(watched->hasStarted(key));
    const StartRecord start = startOf(key);
    QVERIFY(start.supervisor.signal(SIGSTOP).value()); // it is to lose its time limit, however slow we are
    loseSupervisor(start, watched, meanwhile);
    WAIT_FOR(watched->isOver(key));
    QVERIFY(!start.workload.isAlive());
    QVERIFY((*watched)[key]->end->timedOut);
    QCOMPARE((*watched)[key]->end->outcome, Outcome::Unknown);
    QCOMPARE(watched->warnings, QStringList());
}

QTEST_GUILESS_MAIN(TestWorkloadPool)
#include "tst_workloadpool.moc"
