#include "integration/pooltest.h"
#include "support/mountedfolder.h"
#include "workload/records.h"

#include <QDir>
#include <QFile>

using namespace Qt::Literals::StringLiterals;
using namespace cloudnode;
using namespace cloudnode::test;
using Outcome = WorkloadEnd::Outcome;

/// What a pool makes of records that are on the disk under no name, or under another one than theirs: a power
/// cut, or the death of who wrote them, came between the content and the name.
class TestUnnamedRecords : public PoolTest {
    Q_OBJECT

private slots:
    void knowsTheParametersThatAPowerCutTook();
    void runsWhatLacksItsName_data();
    void runsWhatLacksItsName();
    void leavesParametersOnAnotherDisk();
    void forgetsWhatWasNeverAccepted_data();
    void forgetsWhatWasNeverAccepted();
    void forgetsASecondOneOfItsName();
    void keepsWhatItCannotNameYet();
    void knowsAnEndThatLacksItsName();
    void knowsAFailedStartThatLacksItsName();
};

/// Their file is not brought to the disk by itself.
void TestUnnamedRecords::knowsTheParametersThatAPowerCutTook()
{
    {
        WatchedPool watched(settings());
        QVERIFY(watched.pool.recover());
        const auto accepted = watched.pool.accept(spec(u"r-1"_s, u"cat \"$CYBERWAVE_PARAMS_FILE\""_s));
        QVERIFY(accepted);
        put(accepted->paramsPath, {});
    }
    WAIT_FOR(isLeftAlone(path(u"state/workloads/r-1"_s)));
    WatchedPool next(settings());
    QVERIFY(next.pool.recover());
    WAIT_FOR(next.isOver(u"r-1"_s));
    QCOMPARE(next.out(u"r-1"_s), spec(u"r-1"_s, {}).params);
    QCOMPARE(next.warnings, QStringList());
}

/// Its record is on the disk, and the names are not: of the directory, or of what lies among the logs.
void TestUnnamedRecords::runsWhatLacksItsName_data()
{
    QTest::addColumn<QStringList>("files");
    const QStringList logs = {u"stdout.log"_s, u"stderr.log"_s, u"params.json"_s};
    QTest::newRow("killed before it got it") << QStringList();
    QTest::newRow("a power cut took all of them") << logs;
}

void TestUnnamedRecords::runsWhatLacksItsName()
{
    QFETCH(const QStringList, files);
    const WorkloadSpec accepted = spec(u"r-1"_s, u"cat \"$CYBERWAVE_PARAMS_FILE\""_s);
    const QString unfinished = path(u"state/workloads/.unfinished-abc"_s);
    QVERIFY(QDir().mkpath(unfinished));
    put(unfinished + u"/spec.json"_s, records::serialise(accepted));
    for (const QString &name : files)
        put(unfinished + u'/' + name, {});
    WatchedPool watched(settings());
    QVERIFY(watched.pool.recover());
    WAIT_FOR(watched.isOver(u"r-1"_s));
    QCOMPARE(watched.out(u"r-1"_s), accepted.params);
    QCOMPARE(watched.warnings, QStringList());
    QVERIFY(!QFile::exists(unfinished));
    QVERIFY(!QFile::exists(path(u"state/workloads/r-1/params.json"_s)));
}

/// What is not in the record as well lies among the logs alone, where it was put before that was written.
void TestUnnamedRecords::leavesParametersOnAnotherDisk()
{
    const MountedFolder logs = MountedFolder::small(settings().logsFolder, 4096);
    if (!logs.isMounted())
        QSKIP("this machine does not let us mount a disk for the test");
    WorkloadSpec accepted = spec(u"r-1"_s, u"wc -c < \"$CYBERWAVE_PARAMS_FILE\""_s);
    accepted.params = QByteArray(1024 * 1024, 'x');
    QVERIFY(!records::holdsParams(accepted));
    const QString unfinished = path(u"state/workloads/.unfinished-abc"_s);
    QVERIFY(QDir().mkpath(unfinished));
    put(unfinished + u"/spec.json"_s, records::serialise(accepted));
    put(unfinished + u"/params.json"_s, "what a power cut left of it");
    put(settings().logsFolder + u"/training_r-1.params.json"_s, accepted.params);
    WatchedPool watched(settings());
    QVERIFY(watched.pool.recover());
    WAIT_FOR(watched.isOver(u"r-1"_s));
    QCOMPARE(watched.out(u"r-1"_s), QByteArray::number(accepted.params.size()) + '\n');
}

void TestUnnamedRecords::forgetsWhatWasNeverAccepted_data()
{
    QTest::addColumn<qsizetype>("percent");
    QTest::addColumn<QByteArray>("rest");
    QTest::newRow("not written") << qsizetype(0) << QByteArray();
    QTest::newRow("written in part") << qsizetype(50) << QByteArray();
    QTest::newRow("its space only") << qsizetype(0) << QByteArray(400, '\0');
}

void TestUnnamedRecords::forgetsWhatWasNeverAccepted()
{
    QFETCH(const qsizetype, percent);
    QFETCH(const QByteArray, rest);
    const QByteArray record = records::serialise(spec(u"r-1"_s, u"true"_s));
    const QString unfinished = path(u"state/workloads/.unfinished-abc"_s);
    QVERIFY(QDir().mkpath(unfinished));
    put(unfinished + u"/spec.json"_s, record.first(record.size() * percent / 100) + rest);
    WatchedPool watched(settings());
    QVERIFY(watched.pool.recover());
    WAIT_FOR(!QFile::exists(unfinished));
    QVERIFY(watched.pool.workloads().isEmpty() && watched.warnings.isEmpty());
}

void TestUnnamedRecords::forgetsASecondOneOfItsName()
{
    {
        WatchedPool watched(settings());
        QVERIFY(watched.pool.recover());
        const QString key = run(watched, spec(u"r-1"_s, u"echo first"_s));
        WAIT_FOR(watched.isOver(key));
    }
    const QString unfinished = path(u"state/workloads/.unfinished-abc"_s);
    QVERIFY(QDir().mkpath(unfinished));
    put(unfinished + u"/spec.json"_s, records::serialise(spec(u"r-1"_s, u"echo second"_s)));
    WatchedPool next(settings());
    QVERIFY(next.pool.recover());
    WAIT_FOR(!QFile::exists(unfinished));
    QCOMPARE(next.out(u"r-1"_s), "first\n");
    QCOMPARE(next.warnings, QStringList());
}

void TestUnnamedRecords::keepsWhatItCannotNameYet()
{
    const QString unfinished = path(u"state/workloads/.unfinished-abc"_s);
    QVERIFY(QDir().mkpath(unfinished));
    put(unfinished + u"/spec.json"_s, records::serialise(spec(u"r-1"_s, u"true"_s)));
    put(unfinished + u"/stdout.log"_s, {});
    const QString inItsPlace = settings().logsFolder + u"/training_r-1.stdout.log"_s;
    QVERIFY(QDir().mkpath(inItsPlace + u"/x"_s));
    {
        WatchedPool watched(settings());
        QVERIFY(watched.pool.recover());
        QCOMPARE(watched.warnings.size(), 1);
        QVERIFY2(watched.warnings.first().contains(inItsPlace), qPrintable(watched.warnings.first()));
        WAIT_FOR(watched.pool.knowsAll());
    }
    QVERIFY(QFile::exists(unfinished + u"/spec.json"_s));
    QVERIFY(QDir(inItsPlace).removeRecursively());
    WatchedPool next(settings());
    QVERIFY(next.pool.recover());
    WAIT_FOR(next.isOver(u"r-1"_s));
}

/// A power cut, or the death of who wrote it, came before the record got its name.
void TestUnnamedRecords::knowsAnEndThatLacksItsName()
{
    QString key;
    {
        WatchedPool watched(settings());
        QVERIFY(watched.pool.recover());
        key = run(watched, spec(u"r-1"_s, u"exit 7"_s));
        WAIT_FOR(watched.isOver(key));
    }
    const QString record = path(u"state/workloads/r-1/exit.json"_s);
    QVERIFY(QFile::rename(record, record + u".new"_s));
    WatchedPool next(settings());
    QVERIFY(next.pool.recover());
    WAIT_FOR(next.isOver(key));
    QCOMPARE(next[key]->end->outcome, Outcome::Exited);
    QCOMPARE(next[key]->end->exitCode, 7);
    QCOMPARE(next.warnings, QStringList());
    QVERIFY(QFile::exists(record));
}

/// Nobody may run what has been called impossible to run.
void TestUnnamedRecords::knowsAFailedStartThatLacksItsName()
{
    QString key;
    {
        WatchedPool watched(settings());
        QVERIFY(watched.pool.recover());
        WorkloadSpec impossible = spec(u"r-1"_s, u"echo ran"_s);
        impossible.workingDirectory = path(u"later"_s);
        key = run(watched, impossible);
        WAIT_FOR(watched.isOver(key));
        QCOMPARE(watched[key]->end->outcome, Outcome::NotStarted);
    }
    const QString record = path(u"state/workloads/r-1/exit.json"_s);
    QVERIFY(QFile::rename(record, record + u".new"_s));
    QVERIFY(QDir().mkpath(path(u"later"_s)));
    WatchedPool next(settings());
    QVERIFY(next.pool.recover());
    WAIT_FOR(next.isOver(key));
    QCOMPARE(next[key]->end->outcome, Outcome::NotStarted);
    QCOMPARE(next.out(key), QByteArray());
}

QTEST_GUILESS_MAIN(TestUnnamedRecords)
#include "tst_unnamedrecords.moc"
