#include "node/backendreporter.h"
#include "support/fakecontrolplane.h"
#include "support/waiting.h"
#include "workload/workloadpool.h"

#include <QDir>
#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;
using namespace cloudnode;
using Kind = CloudError::Kind;

Q_DECLARE_METATYPE(FakeControlPlane::Reply)

namespace {

constexpr auto longestPause = 20ms;
const Backoff hasty(5ms, longestPause);

} // namespace

/// What the backend hears of real workloads, whatever it answers and however often the node dies.
class TestBackendReporter : public QObject {
    Q_OBJECT

private slots:
    void init();
    void cleanup();

    void tellsOfStartAndEnd();
    void saysNothingOfWhatHasNoName();
    void saysNothingBeforeItMay();
    void repeatsUntilItIsAnswered_data();
    void repeatsUntilItIsAnswered();
    void waitsAsLongAsTheBackendWishes();
    void takesARefusalForAnAnswer_data();
    void takesARefusalForAnAnswer();
    void theNextRunGoesOn();
    void theNextRunTellsWhatEndedMeanwhile();
    void saysNothingTwice();
    void waitsForResultFiles();
    void saysNothingOfNoResultFiles();

    void tellsOfRefusals();
    void theNextRunTellsOfRefusals();
    void aSecondAskerChangesNothing();
    void aRefusalIsForgottenOnceItRuns();
    void anAnswerToARefusalIsNoneToTheWorkload();

    void theLatestRequestCounts();
    void anEarlierRequestEndsUnsaid();

    void speaksAboutSoManyAtOnce();
    void stops();
    void forgets();

private:
    void live();
    void die();
    void run(const QString &id, const QString &uuid, const QString &command, bool uploads = false);
    bool isOver(const QString &key) const { return !m_pool->findByKey(key)->isActive(); }
    Told told(const QString &key) const { return m_pool->findByKey(key)->progress.told; }
    void letGo() const;
    bool isQuiet(); ///< nothing more is said, in the time of many repetitions
    QString path(const QString &name) const { return m_folder->filePath(name); }

    const QString m_untilGo = u"until [ -e go ]; do sleep 0.01; done; "_s;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<FakeControlPlane> m_cloud;
    std::unique_ptr<WorkloadPool> m_pool;
    std::unique_ptr<BackendReporter> m_reporter; // needs the others
    QStringList m_rejected;
    QStringList m_warnings;
};

void TestBackendReporter::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    QVERIFY(QDir(m_folder->path()).mkpath(u"work"_s));
    m_rejected.clear();
    m_warnings.clear();
    m_cloud = std::make_unique<FakeControlPlane>();
    live();
    m_reporter->start();
}

void TestBackendReporter::cleanup()
{
    letGo();
    WAIT_FOR(m_pool->activeCount() == 0); // what still runs would write into a folder that is going away
    die();
    m_cloud.reset();
    m_folder.reset();
    QCOMPARE(m_warnings, QStringList());
}

/// A node's life begins, with what an earlier one has left.
void TestBackendReporter::live()
{
    WorkloadPoolSettings settings;
    settings.workloadsFolder = path(u"state/workloads"_s);
    settings.logsFolder = path(u"state/logs"_s);
    settings.runnerProgram = QStringLiteral(CLOUDNODE_BIN_DIR "/cloudnode-runner");
    settings.environment = QProcessEnvironment::systemEnvironment();
    m_pool = std::make_unique<WorkloadPool>(settings);
    QVERIFY(m_pool->recover());
    m_reporter = std::make_unique<BackendReporter>(
        *m_pool, *m_cloud, path(u"state/refusals"_s), SecretMask(),
        [] {
            return Instance{u"self"_s, u"slug"_s};
        },
        hasty);
    connect(m_reporter.get(), &BackendReporter::rejected, this,
            [this](const QString &uuid, const Error &) { m_rejected << uuid; });
    connect(m_reporter.get(), &BackendReporter::warning, this,
            [this](const Error &problem) { m_warnings << problem.text(); });
    QVERIFY(m_reporter->recover());
}

void TestBackendReporter::die()
{
    m_reporter.reset();
    m_pool.reset();
}

void TestBackendReporter::run(const QString &id, const QString &uuid, const QString &command, bool uploads)
{
    const auto accepted = m_pool->accept({.requestId = *RequestId::parse(id),
                                          .type = WorkloadType::Training,
                                          .command = command,
                                          .workingDirectory = path(u"work"_s),
                                          .params = {},
                                          .workloadUuid = uuid,
                                          .receivedAt = QDateTime::currentDateTimeUtc(),
                                          .uploadResults = uploads,
                                          .resultsFolder = {}});
    QVERIFY2(accepted, qPrintable(accepted ? QString() : accepted.error().text()));
    m_pool->launch(accepted->key);
    WAIT_FOR(m_pool->findByKey(id)->start || isOver(id));
}

void TestBackendReporter::letGo() const
{
    QFile go(path(u"work/go"_s));
    QVERIFY(go.open(QIODevice::WriteOnly));
}

bool TestBackendReporter::isQuiet()
{
    const qsizetype before = m_cloud->calls.size();
    QTest::qWait((10 * longestPause).count()); // silence is no event: whatever is due is heard by then
    return m_cloud->calls.size() == before;
}

void TestBackendReporter::tellsOfStartAndEnd()
{
    run(u"r1"_s, u"w1"_s, m_untilGo + u"echo oops >&2; exit 3"_s);
    WAIT_FOR(told(u"r1"_s) == Told::Running);
    QCOMPARE(m_cloud->calls, QStringList{u"update w1 running"_s});
    QCOMPARE(m_cloud->updates.first().pid, m_pool->findByKey(u"r1"_s)->start->pid);
    letGo();
    WAIT_FOR(told(u"r1"_s) == Told::End);
    QCOMPARE(m_cloud->calls, QStringList({u"update w1 running"_s, u"update w1 completed"_s}));
    QCOMPARE(m_cloud->updates.last().success, false);
    QCOMPARE(m_cloud->updates.last().exitCode, 3);
    QCOMPARE(m_cloud->updates.last().error, u"oops"_s);
    QVERIFY(isQuiet());
}

void TestBackendReporter::saysNothingOfWhatHasNoName()
{
    run(u"r1"_s, {}, u"exit 0"_s);
    WAIT_FOR(isOver(u"r1"_s));
    QVERIFY(isQuiet());
    QCOMPARE(m_cloud->calls, QStringList());
}

void TestBackendReporter::saysNothingBeforeItMay()
{
    die();
    live();
    run(u"r1"_s, u"w1"_s, u"exit 0"_s);
    run(u"r2"_s, u"w2"_s, m_untilGo);
    WAIT_FOR(isOver(u"r1"_s));
    m_reporter->refused(u"w3"_s, u"busy"_s);
    QVERIFY(isQuiet());
    QCOMPARE(m_cloud->calls, QStringList());
    m_reporter->start();
    WAIT_FOR(m_cloud->calls.size() == 3);
    m_cloud->calls.sort();
    QCOMPARE(m_cloud->calls,
             QStringList({u"update w1 completed"_s, u"update w2 running"_s, u"update w3 failed"_s}));
}

void TestBackendReporter::repeatsUntilItIsAnswered_data()
{
    QTest::addColumn<FakeControlPlane::Reply>("reply");
    QTest::newRow("no answer") << FakeControlPlane::failing(Kind::Unavailable);
    QTest::newRow("in trouble") << FakeControlPlane::failing(Kind::Unavailable, 503);
    QTest::newRow("the token does not count for a moment")
        << FakeControlPlane::failing(Kind::Unauthorized, 401);
}

void TestBackendReporter::repeatsUntilItIsAnswered()
{
    QFETCH(const FakeControlPlane::Reply, reply);
    m_cloud->script = {reply, reply, reply};
    run(u"r1"_s, u"w1"_s, m_untilGo);
    WAIT_FOR(told(u"r1"_s) == Told::Running);
    QCOMPARE(m_cloud->calls, QStringList(4, u"update w1 running"_s));
    m_cloud->script = {reply, reply};
    letGo();
    WAIT_FOR(told(u"r1"_s) == Told::End);
    QCOMPARE(m_cloud->calls.mid(4), QStringList(3, u"update w1 completed"_s));
    QVERIFY(isQuiet());
    QCOMPARE(m_rejected, QStringList());
}

void TestBackendReporter::waitsAsLongAsTheBackendWishes()
{
    m_cloud->script = {FakeControlPlane::failing(Kind::Unavailable, 429, 3600s)};
    run(u"r1"_s, u"w1"_s, m_untilGo);
    WAIT_FOR(m_cloud->calls.size() == 1);
    QVERIFY(isQuiet());
    letGo(); // there is something new to say
    WAIT_FOR(told(u"r1"_s) == Told::End);
    QCOMPARE(m_cloud->calls, QStringList({u"update w1 running"_s, u"update w1 completed"_s}));
}

void TestBackendReporter::takesARefusalForAnAnswer_data()
{
    QTest::addColumn<FakeControlPlane::Reply>("reply");
    QTest::newRow("not any more") << FakeControlPlane::failing(Kind::Refused, 409);
    QTest::newRow("not known") << FakeControlPlane::failing(Kind::NotFound, 404);
}

void TestBackendReporter::takesARefusalForAnAnswer()
{
    QFETCH(const FakeControlPlane::Reply, reply);
    m_cloud->script = {reply};
    run(u"r1"_s, u"w1"_s, m_untilGo);
    WAIT_FOR(told(u"r1"_s) == Told::Running);
    QCOMPARE(m_rejected, QStringList{u"w1"_s});
    QVERIFY(isQuiet());
    m_cloud->script = {reply};
    letGo();
    WAIT_FOR(told(u"r1"_s) == Told::End);
    QVERIFY(isQuiet());
    QCOMPARE(m_cloud->calls, QStringList({u"update w1 running"_s, u"update w1 completed"_s}));
    QCOMPARE(m_rejected, QStringList({u"w1"_s, u"w1"_s}));
}

void TestBackendReporter::theNextRunGoesOn()
{
    m_cloud->silent = true;
    run(u"r1"_s, u"w1"_s, m_untilGo + u"exit 7"_s);
    WAIT_FOR(m_cloud->calls.size() == 1);
    die(); // while the answer is outstanding
    m_cloud->silent = false;
    live();
    m_reporter->start();
    WAIT_FOR(told(u"r1"_s) == Told::Running);
    letGo();
    WAIT_FOR(told(u"r1"_s) == Told::End);
    QCOMPARE(m_cloud->calls, QStringList({u"update w1 running"_s, u"update w1 running"_s, // nobody knows
                                          u"update w1 completed"_s}));
    QCOMPARE(m_cloud->updates.last().exitCode, 7);
}

void TestBackendReporter::theNextRunTellsWhatEndedMeanwhile()
{
    run(u"r1"_s, u"w1"_s, m_untilGo + u"echo Successfully done; exit 5"_s);
    WAIT_FOR(told(u"r1"_s) == Told::Running);
    const qint64 pid = m_pool->findByKey(u"r1"_s)->start->pid;
    die();
    letGo();
    WAIT_FOR(::kill(static_cast<pid_t>(pid), 0) != 0);
    live();
    m_reporter->start();
    WAIT_FOR(told(u"r1"_s) == Told::End);
    QCOMPARE(m_cloud->calls, QStringList({u"update w1 running"_s, u"update w1 completed"_s}));
    QCOMPARE(m_cloud->updates.last().exitCode, 5); // and not what its text says
    QCOMPARE(m_cloud->updates.last().success, false);
}

void TestBackendReporter::saysNothingTwice()
{
    run(u"r1"_s, u"w1"_s, u"exit 0"_s);
    run(u"r2"_s, u"w2"_s, m_untilGo);
    WAIT_FOR(told(u"r1"_s) == Told::End && told(u"r2"_s) == Told::Running);
    const QStringList said = m_cloud->calls;
    die();
    live();
    m_reporter->start();
    QVERIFY(isQuiet());
    QCOMPARE(m_cloud->calls, said);
}

void TestBackendReporter::waitsForResultFiles()
{
    run(u"r1"_s, u"w1"_s, m_untilGo, true);
    WAIT_FOR(told(u"r1"_s) == Told::Running);
    letGo();
    WAIT_FOR(isOver(u"r1"_s));
    QVERIFY(isQuiet());
    m_reporter->noteResultFiles(u"r1"_s, 3);
    WAIT_FOR(told(u"r1"_s) == Told::Finalizing);
    QCOMPARE(m_cloud->updates.last().fileCount, 3);
    QVERIFY(isQuiet());
    QVERIFY(m_pool->markResultsDone(u"r1"_s));
    m_reporter->noteResultsDone(u"r1"_s);
    WAIT_FOR(told(u"r1"_s) == Told::End);
    QCOMPARE(m_cloud->calls,
             QStringList({u"update w1 running"_s, u"update w1 finalizing"_s, u"update w1 completed"_s}));
}

void TestBackendReporter::saysNothingOfNoResultFiles()
{
    run(u"r1"_s, u"w1"_s, u"exit 0"_s, true);
    WAIT_FOR(isOver(u"r1"_s));
    m_reporter->noteResultFiles(u"r1"_s, 0);
    QVERIFY(m_pool->markResultsDone(u"r1"_s));
    m_reporter->noteResultsDone(u"r1"_s);
    WAIT_FOR(told(u"r1"_s) == Told::End);
    QVERIFY(!m_cloud->calls.contains(u"update w1 finalizing"_s));
}

void TestBackendReporter::tellsOfRefusals()
{
    m_cloud->script = {FakeControlPlane::failing(Kind::Unavailable, 503)};
    m_reporter->refused(u"w1"_s, u"busy with r1"_s);
    const QDir kept(path(u"state/refusals"_s));
    QCOMPARE(kept.entryList(QDir::Files).size(), 1);
    WAIT_FOR(kept.entryList(QDir::Files).isEmpty());
    QCOMPARE(m_cloud->calls, QStringList({u"update w1 failed"_s, u"update w1 failed"_s}));
    QCOMPARE(m_cloud->updates.last().error, u"busy with r1"_s);
    die();
    live();
    m_reporter->start();
    QVERIFY(isQuiet());
}

void TestBackendReporter::theNextRunTellsOfRefusals()
{
    m_cloud->silent = true;
    m_reporter->refused(u"w1"_s, u"busy"_s);
    WAIT_FOR(m_cloud->calls.size() == 1);
    die();
    m_cloud->silent = false;
    m_cloud->script = {FakeControlPlane::failing(Kind::NotFound, 404)}; // an answer, too
    live();
    m_reporter->start();
    WAIT_FOR(m_rejected == QStringList{u"w1"_s});
    QCOMPARE(m_cloud->updates.last().error, u"busy"_s);
    WAIT_FOR(QDir(path(u"state/refusals"_s)).entryList(QDir::Files).isEmpty());
    QVERIFY(isQuiet());
}

/// The one that runs must not be called failed because it was asked for again. Weakness W8 of the reference.
void TestBackendReporter::aSecondAskerChangesNothing()
{
    run(u"r1"_s, u"w1"_s, m_untilGo);
    WAIT_FOR(told(u"r1"_s) == Told::Running);
    m_reporter->refused(u"w1"_s, u"busy with r1"_s);
    QVERIFY(isQuiet());
    letGo();
    WAIT_FOR(told(u"r1"_s) == Told::End);
    m_reporter->refused(u"w1"_s, u"paused"_s); // nor once it is over
    QVERIFY(isQuiet());
    QCOMPARE(m_cloud->calls, QStringList({u"update w1 running"_s, u"update w1 completed"_s}));
}

void TestBackendReporter::aRefusalIsForgottenOnceItRuns()
{
    m_cloud->script = {FakeControlPlane::failing(Kind::Unavailable, 503, 3600s)};
    m_reporter->refused(u"w1"_s, u"busy"_s);
    WAIT_FOR(m_cloud->calls.size() == 1);
    run(u"r1"_s, u"w1"_s, u"exit 0"_s); // the backend has tried again
    WAIT_FOR(told(u"r1"_s) == Told::End);
    const QStringList said = m_cloud->calls;
    QVERIFY(said.count(u"update w1 failed"_s) == 1 && said.last() == u"update w1 completed"_s);
    die();
    live();
    m_reporter->start();
    QVERIFY(isQuiet());
    QCOMPARE(m_cloud->calls, said);
}

void TestBackendReporter::anAnswerToARefusalIsNoneToTheWorkload()
{
    m_cloud->slow = true;
    m_reporter->refused(u"w1"_s, u"busy"_s);
    WAIT_FOR(m_cloud->calls.size() == 1);
    run(u"r1"_s, u"w1"_s, m_untilGo);
    m_cloud->slow = false;
    m_cloud->letGo();
    WAIT_FOR(m_cloud->calls.size() == 2);
    QCOMPARE(m_cloud->calls.last(), u"update w1 running"_s);
    WAIT_FOR(told(u"r1"_s) == Told::Running);
    letGo();
    WAIT_FOR(told(u"r1"_s) == Told::End);
    QCOMPARE(m_cloud->calls.last(), u"update w1 completed"_s);
}

/// As after a node that died before it could start a workload: it is asked for again under another id.
void TestBackendReporter::theLatestRequestCounts()
{
    m_cloud->silent = true;
    run(u"r1"_s, u"w1"_s, u"exit 1"_s);
    WAIT_FOR(isOver(u"r1"_s));
    die();
    m_cloud->silent = false;
    m_cloud->calls.clear();
    live();
    run(u"r2"_s, u"w1"_s, m_untilGo);
    m_reporter->start();
    WAIT_FOR(told(u"r2"_s) == Told::Running);
    QCOMPARE(told(u"r1"_s), Told::End);
    QCOMPARE(m_cloud->calls, QStringList{u"update w1 running"_s});
    letGo();
    WAIT_FOR(told(u"r2"_s) == Told::End);
    QCOMPARE(m_cloud->updates.last().exitCode, 0);
    die();
    live();
    m_reporter->start();
    QVERIFY(isQuiet());
    QCOMPARE(m_cloud->calls, QStringList({u"update w1 running"_s, u"update w1 completed"_s}));
}

void TestBackendReporter::anEarlierRequestEndsUnsaid()
{
    run(u"r1"_s, u"w1"_s, m_untilGo + u"exit 1"_s);
    WAIT_FOR(told(u"r1"_s) == Told::Running);
    run(u"r2"_s, u"w1"_s, u"exit 0"_s);
    WAIT_FOR(told(u"r2"_s) == Told::End);
    m_cloud->calls.clear();
    letGo();
    WAIT_FOR(told(u"r1"_s) == Told::End);
    QVERIFY(isQuiet());
    QCOMPARE(m_cloud->calls, QStringList());
}

void TestBackendReporter::speaksAboutSoManyAtOnce()
{
    m_cloud->slow = true;
    for (int i = 0; i < 3 * BackendReporter::window; ++i)
        m_reporter->refused(u"w%1"_s.arg(i), u"busy"_s);
    QVERIFY(isQuiet());
    QCOMPARE(m_cloud->calls.size(), BackendReporter::window);
    m_cloud->letGo();
    WAIT_FOR(m_cloud->calls.size() == 2 * BackendReporter::window);
    QVERIFY(isQuiet());
    m_cloud->slow = false;
    m_cloud->letGo();
    WAIT_FOR(QDir(path(u"state/refusals"_s)).entryList(QDir::Files).isEmpty());
    QCOMPARE(m_cloud->calls.size(), 3 * BackendReporter::window);
    QCOMPARE(m_cloud->calls.removeDuplicates(), 0);
}

void TestBackendReporter::stops()
{
    m_cloud->script = {FakeControlPlane::failing(Kind::Unavailable, 503)};
    run(u"r1"_s, u"w1"_s, m_untilGo);
    m_reporter->stop();
    QVERIFY(isQuiet());
    letGo();
    WAIT_FOR(isOver(u"r1"_s));
    QVERIFY(isQuiet());
    QVERIFY(!m_cloud->calls.contains(u"update w1 completed"_s));
    m_reporter->start();
    WAIT_FOR(told(u"r1"_s) == Told::End);
}

void TestBackendReporter::forgets()
{
    m_cloud->slow = true;
    run(u"r1"_s, u"w1"_s, m_untilGo);
    WAIT_FOR(m_cloud->calls.size() == 1);
    m_reporter->forget(u"r1"_s);
    m_cloud->letGo(); // too late to matter
    letGo();
    WAIT_FOR(isOver(u"r1"_s));
    QVERIFY(isQuiet());
    QVERIFY(told(u"r1"_s) == Told::End);
    QCOMPARE(m_cloud->calls, QStringList{u"update w1 running"_s});
}

QTEST_GUILESS_MAIN(TestBackendReporter)
#include "tst_backendreporter.moc"
