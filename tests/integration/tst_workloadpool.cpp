#include "platform/processidentity.h"
#include "workload/workloadarchive.h"
#include "workload/workloadjournal.h"
#include "workload/workloadpool.h"

#include <QDir>
#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>

using namespace Qt::Literals::StringLiterals;
using namespace cloudnode;
using Outcome = WorkloadEnd::Outcome;

namespace {

constexpr int patienceMs = 30'000;

QByteArray contents(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

void put(const QString &path, const QByteArray &data)
{
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(data) != data.size())
        qFatal("cannot write a file of the test");
}

RequestId requestId(const QString &text)
{
    return RequestId::parse(text).value();
}

bool isRunning(qint64 pid)
{
    const auto process = ProcessIdentity::of(pid);
    return process && process->isAlive();
}

/// Whether the runner that has prepared the workload of that folder has gone.
bool isLeftAlone(const QString &folder)
{
    const int lock = ::open(QFile::encodeName(folder + u"/lock"_s).constData(), O_RDWR | O_CLOEXEC);
    const bool isFree = lock >= 0 && ::flock(lock, LOCK_EX | LOCK_NB) == 0;
    ::close(lock);
    return isFree;
}

/// A pool, and everything it has said.
class WatchedPool {
public:
    explicit WatchedPool(const WorkloadPoolSettings &settings) : pool(settings)
    {
        QObject::connect(&pool, &WorkloadPool::started, &pool,
                         [this](const QString &key) { said << u"started "_s + key; });
        QObject::connect(&pool, &WorkloadPool::ended, &pool,
                         [this](const QString &key) { said << u"ended "_s + key; });
        QObject::connect(&pool, &WorkloadPool::warning, &pool,
                         [this](const Error &problem) { warnings << problem.text(); });
    }

    const Workload *operator[](const QString &key) const { return pool.findByKey(key); }
    bool isOver(const QString &key) const { return pool.findByKey(key)->end.has_value(); }
    bool hasStarted(const QString &key) const { return pool.findByKey(key)->start.has_value(); }
    QByteArray out(const QString &key) const { return contents(pool.findByKey(key)->stdoutPath); }

    WorkloadPool pool;
    QStringList said;
    QStringList warnings;
};

} // namespace

#define WAIT_FOR(condition) QTRY_VERIFY_WITH_TIMEOUT(condition, patienceMs)

class TestWorkloadPool : public QObject {
    Q_OBJECT

private slots:
    void init();
    void cleanup();

    void runsAWorkload();
    void saysStartedBeforeEnded();
    void keepsParamsInAFile();
    void tellsTheWorkloadAboutItself();
    void givesItAFolderForItsResults();
    void tellsOfNoFolderWhereNothingIsUploaded();
    void saysWhyItCannotStart_data();
    void saysWhyItCannotStart();
    void doesNotTryAgainWhatCouldNotStart();
    void runsManyAtOnce();
    void refusesADuplicate_data();
    void refusesADuplicate();
    void clearsAwayLogsOfAnEarlierOwner();
    void keepsHostileNamesInsideItsFolders_data();
    void keepsHostileNamesInsideItsFolders();
    void findsActiveOnesByPid();

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
    void forgetsWhatWasNeverAccepted();

    void doesNotGuessAfterTheSupervisorsDeath();
    void doesNotGuessWhenBothAreGone();
    void knowsAReboot();
    void knowsWhatEndedBeforeAReboot();
    void leavesStrangersAlone();

    void cancels_data();
    void cancels();
    void cancelsBeforeItKnowsTheStart();
    void forcesWhenAskedAgain();
    void sendsACancelThatWasOnlyWrittenDown();
    void cancelsAnOrphan();
    void refusesAWrongCancel_data();
    void refusesAWrongCancel();
    void endsWhatTakesTooLong();

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
    WorkloadPoolSettings settings(const RetentionLimits &keep = {}) const
    {
        WorkloadPoolSettings settings;
        settings.workloadsFolder = path(u"state/workloads"_s);
        settings.logsFolder = path(u"state/logs"_s);
        settings.runnerProgram = QStringLiteral(CLOUDNODE_BIN_DIR "/cloudnode-runner");
        settings.environment = QProcessEnvironment::systemEnvironment();
        settings.environment.insert(u"GREETING"_s, u"hello"_s);
        settings.keep = keep;
        return settings;
    }
    WorkloadSpec spec(const QString &id, const QString &command) const
    {
        return {.requestId = requestId(id),
                .type = WorkloadType::Training,
                .command = command,
                .workingDirectory = path(u"work"_s),
                .params = R"({"epochs":3})",
                .workloadUuid = {},
                .receivedAt = QDateTime::currentDateTimeUtc(),
                .timeout = std::chrono::seconds(0),
                .cancelGrace = std::chrono::seconds(100'000)};
    }
    /// Accepts and launches; returns the key.
    QString run(WatchedPool &watched, const WorkloadSpec &wanted) const
    {
        const auto accepted = watched.pool.accept(wanted);
        if (!accepted)
            qFatal("not accepted: %s", qPrintable(accepted.error().text()));
        watched.pool.launch(accepted->key);
        return accepted->key;
    }
    /// Leaves on disk what a workload that ended so long ago and printed "hello" would have left.
    void leave(const QString &id, std::chrono::seconds age, const WorkloadProgress &progress) const
    {
        WorkloadSpec was = spec(id, u"echo hello"_s);
        was.receivedAt = was.receivedAt.addSecs(-age.count());
        WorkloadEnd end;
        end.outcome = Outcome::Exited;
        end.exitCode = 0;
        end.at = was.receivedAt;
        const WorkloadJournal here = journal();
        const bool left = here.prepare() && here.create(was, [](const QString &) {}) &&
                          here.writeProgress(id, progress) && here.writeShipped(id, progress) &&
                          here.writeEnd(id, end);
        if (!left)
            qFatal("cannot leave a workload of an earlier node");
        put(here.logPath(was.type, id, u"stdout.log"_s), "hello\n");
    }
    static WorkloadProgress settled()
    {
        return {.acked = true, .reported = true, .stdoutShipped = 6, .stderrShipped = 0, .cancel = {}};
    }
    QStringList namesIn(const QString &folder) const
    {
        return QDir(path(folder)).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot);
    }
    QString path(const QString &name) const { return m_folder->filePath(name); }
    WorkloadJournal journal() const { return {settings().workloadsFolder, settings().logsFolder}; }
    StartRecord startOf(const QString &key) const { return journal().readStart(key).value().value(); }
    qint64 pidIn(const QString &file) const
    {
        return contents(path(u"work/"_s + file)).trimmed().toLongLong();
    }
    void letGo() const { put(path(u"work/go"_s), {}); }

    const QString m_untilGo = u"until [ -e go ]; do sleep 0.01; done;"_s;
    std::unique_ptr<QTemporaryDir> m_folder;
};

void TestWorkloadPool::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    QVERIFY(QDir(m_folder->path()).mkpath(u"work"_s));
}

void TestWorkloadPool::cleanup()
{
    // Whatever still runs would write into a folder that is going away.
    for (const QString &key : journal().keys().value_or(QStringList())) {
        const auto start = journal().readStart(key);
        if (!start || !*start)
            continue;
        (void)(*start)->supervisor.signal(SIGUSR1);
        (void)(*start)->workload.signal(SIGKILL);
        WAIT_FOR(!(*start)->supervisor.isAlive());
    }
    m_folder.reset();
}

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
    QCOMPARE(
        QDir(path(u"state/workloads"_s)).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot),
        QStringList(key));
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

void TestWorkloadPool::followsARunningWorkloadAfterARestart()
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

void TestWorkloadPool::knowsWhatEndedMeanwhile()
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

void TestWorkloadPool::startsWhatWasOnlyWrittenDown()
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

void TestWorkloadPool::startsOnceWhenItDiesInTheMiddle()
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

void TestWorkloadPool::keepsProgressAndOrder()
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

void TestWorkloadPool::sendsAgainWhatMayHaveBeenSaid()
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

void TestWorkloadPool::keepsWhatItCannotUnderstand_data()
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

void TestWorkloadPool::keepsWhatItCannotUnderstand()
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
    QVERIFY(!QFile::exists(path(u"state/logs/training_bad.stdout.log"_s)));
}

void TestWorkloadPool::saysThatAnEndCannotBeKnown_data()
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

void TestWorkloadPool::saysThatAnEndCannotBeKnown()
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

void TestWorkloadPool::awaitsTheEndOfOneWhoseStartCannotBeRead()
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

void TestWorkloadPool::survivesEveryCutOfEveryRecord_data()
{
    QTest::addColumn<QString>("file");
    for (const QString &file :
         {u"spec.json"_s, u"started.json"_s, u"exit.json"_s, u"progress.json"_s, u"shipped.json"_s})
        QTest::newRow(qPrintable(file)) << file;
}

void TestWorkloadPool::survivesEveryCutOfEveryRecord()
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

void TestWorkloadPool::doesNotWaitForWhatIsNoFile()
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

void TestWorkloadPool::writesDownLaterWhatTheDiskHasRefused()
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

void TestWorkloadPool::forgetsWhatWasNeverAccepted()
{
    const QString unfinished = path(u"state/workloads/.unfinished-abc"_s);
    QVERIFY(QDir().mkpath(unfinished));
    put(unfinished + u"/spec.json"_s, records::serialise(spec(u"r-1"_s, u"true"_s)));
    WatchedPool watched(settings());
    QVERIFY(watched.pool.recover());
    WAIT_FOR(!QFile::exists(unfinished));
    QVERIFY(watched.pool.workloads().isEmpty() && watched.warnings.isEmpty());
}

void TestWorkloadPool::doesNotGuessAfterTheSupervisorsDeath()
{
    WatchedPool watched(settings());
    QVERIFY(watched.pool.recover());
    const QString key = run(watched, spec(u"r-1"_s, m_untilGo + u"echo Successfully"_s));
    WAIT_FOR(watched.hasStarted(key));
    QVERIFY(startOf(key).supervisor.signal(SIGKILL).value());
    WAIT_FOR(!startOf(key).supervisor.isAlive());
    WatchedPool next(settings()); // one that has seen the supervisor die, and one that finds it dead
    QVERIFY(next.pool.recover());
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

void TestWorkloadPool::doesNotGuessWhenBothAreGone()
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

void TestWorkloadPool::knowsAReboot()
{
    {
        WatchedPool watched(settings());
        QVERIFY(watched.pool.recover());
        QVERIFY(watched.pool.accept(spec(u"r-1"_s, u"echo again"_s)));
    }
    WAIT_FOR(isLeftAlone(path(u"state/workloads/r-1"_s)));
    // As a run before the last start of the computer would have left it, with numbers that are in use now.
    const auto self = ProcessIdentity::of(::getpid()).value();
    put(path(u"state/workloads/r-1/started.json"_s),
        u"{\"version\":1,\"pid\":%1,\"start_ticks\":%2,\"supervisor_pid\":%1,\"supervisor_start_ticks\":%2,"
        "\"boot_id\":\"an-earlier-one\",\"started_at\":\"2026-02-04T21:00:59.018Z\"}"_s.arg(self.pid)
            .arg(self.startTicks)
            .toUtf8());
    WatchedPool next(settings());
    QVERIFY(next.pool.recover());
    QCOMPARE(next[u"r-1"_s]->end->outcome, Outcome::Unknown);
    QCOMPARE(next[u"r-1"_s]->end->reason, u"the computer was restarted while it ran"_s);
    QVERIFY(!next[u"r-1"_s]->end->at);
    QVERIFY(!QFile::exists(next[u"r-1"_s]->stdoutPath));
}

void TestWorkloadPool::knowsWhatEndedBeforeAReboot()
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

void TestWorkloadPool::leavesStrangersAlone()
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
        WAIT_FOR(!isRunning(watched[key]->start->pid));
        QVERIFY(watched.pool.cancel(key, {requestId(u"c-2"_s), u"SIGKILL"_s, request.at}));
    }
    WAIT_FOR(watched.isOver(key));
    QCOMPARE(watched[key]->end->signal, endingSignal);
    QVERIFY(!isRunning(pidIn(u"near"_s)) && !isRunning(pidIn(u"far"_s)));
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
    WAIT_FOR(!isRunning(pidIn(u"far"_s)));
    QCOMPARE(watched.warnings, QStringList());
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

void TestWorkloadPool::keepsOnlyWhatTheLimitsAllow_data()
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

void TestWorkloadPool::keepsOnlyWhatTheLimitsAllow()
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
    QCOMPARE(namesIn(u"state/logs"_s).filter(u"_d"_s).size(), 2 * left.size()); // with the params
    for (const QString &id : left)
        QVERIFY(QFile::exists(path(u"state/logs/training_%1.stdout.log"_s.arg(id))));
    WatchedPool next(settings(RetentionLimits{1, {}, 0})); // what is in the history goes too
    QVERIFY(next.pool.recover());
    WAIT_FOR(namesIn(u"state/history"_s) == QStringList(u"d1"_s));
    QVERIFY(!next[u"d2"_s] && next[u"d1"_s] && next[u"unreported"_s]);
    QCOMPARE(watched.warnings + next.warnings, QStringList());
}

void TestWorkloadPool::removesNothingThatIsStillNeeded()
{
    WatchedPool watched(settings(RetentionLimits{1, std::chrono::seconds(1), 1}));
    QVERIFY(watched.pool.recover());
    for (const QString &id : {u"active"_s, u"unreported"_s, u"unshipped"_s, u"unanswered"_s, u"settled"_s})
        run(watched, spec(id, u"echo x;"_s + (id == u"active"_s ? m_untilGo : QString())));
    WAIT_FOR(watched.pool.activeCount() == 1 && watched.hasStarted(u"active"_s));
    WorkloadProgress cancelled;
    cancelled.cancel = WorkloadCancel{requestId(u"c"_s), u"SIGTERM"_s, QDateTime::currentDateTimeUtc()};
    for (const QString &id : {u"unreported"_s, u"unanswered"_s, u"settled"_s})
        QVERIFY(watched.pool.setShipped(id, 2, 0));
    for (const QString &id : {u"unshipped"_s, u"settled"_s})
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
    QCOMPARE(watched.warnings, QStringList());
}

void TestWorkloadPool::movesIntoTheHistoryWhatIsDoneWith()
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

void TestWorkloadPool::readsAgainWhatIsHistory()
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

void TestWorkloadPool::shipsWhatHasBeenReportedOnly()
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

void TestWorkloadPool::isNotDoneWithOneThatOwesTheBackendSomething()
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

void TestWorkloadPool::leavesAloneWhatItCannotUnderstandOfTheHistory()
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

void TestWorkloadPool::doesNotTakeOneForItsNamesakeInTheHistory()
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

QTEST_GUILESS_MAIN(TestWorkloadPool)
#include "tst_workloadpool.moc"
