#include "integration/runnerjob.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <sys/resource.h>

using namespace Qt::Literals::StringLiterals;
using namespace cloudnode::test;

/// cloudnode-runner holds a workload to the limits it is given.
class TestRunnerLimits : public QObject {
    Q_OBJECT

private slots:
    void holdsTheWorkloadToItsLimits_data();
    void holdsTheWorkloadToItsLimits();
    void refusesMemoryBeyondTheLimit();
    void isTheFirstToGoWhenMemoryRunsOut();
    void setsUpACgroup();
    void saysWhyThereIsNoCgroup();
};

void TestRunnerLimits::holdsTheWorkloadToItsLimits_data()
{
    QTest::addColumn<QStringList>("options");
    QTest::addColumn<QString>("command");
    QTest::addColumn<QByteArray>("output");
    const QString niceness = u"nice"_s;
    const int own = ::getpriority(PRIO_PROCESS, 0); // the tests themselves may step back
    QTest::newRow("no limits") << QStringList() << niceness << QByteArray::number(own) + '\n';
    QTest::newRow("niceness") << QStringList{u"--nice"_s, u"17"_s} << niceness << QByteArray("17\n");
    const QString ioClass = u"ionice"_s;
    QTest::newRow("idle I/O") << QStringList{u"--io-class"_s, u"idle"_s} << ioClass << QByteArray("idle\n");
    QTest::newRow("lowest I/O") << QStringList{u"--io-class"_s, u"best-effort"_s} << ioClass
                                << QByteArray("best-effort: prio 7\n");
    const QString privileges = u"grep NoNewPrivs /proc/self/status"_s;
    QTest::newRow("privileges as they are") << QStringList() << privileges << QByteArray("NoNewPrivs:\t0\n");
    QTest::newRow("no new privileges")
        << QStringList{u"--no-new-privileges"_s, u"1"_s} << privileges << QByteArray("NoNewPrivs:\t1\n");
    QTest::newRow("memory") << QStringList{u"--memory-mib"_s, u"64"_s} << u"ulimit -d"_s
                            << QByteArray("65536\n");
}

void TestRunnerLimits::holdsTheWorkloadToItsLimits()
{
    QFETCH(QStringList, options);
    QFETCH(QString, command);
    RunnerJob job;
    job.options = options;
    QCOMPARE(job.start(command), 0);
    WAIT_FOR_END(job);
    QTEST(job.out(), "output");
}

void TestRunnerLimits::refusesMemoryBeyondTheLimit()
{
    RunnerJob job;
    job.options = {u"--memory-mib"_s, u"64"_s};
    QCOMPARE(job.start(u"python3 -c 'x = bytearray(200 << 20)'"_s), 0);
    WAIT_FOR_END(job);
    QCOMPARE(job.end(u"exit_code"_s), 1);
    QVERIFY2(job.err().contains("MemoryError"), job.err().constData());
}

void TestRunnerLimits::isTheFirstToGoWhenMemoryRunsOut()
{
    RunnerJob job;
    QCOMPARE(job.start(u"cat /proc/self/oom_score_adj"_s), 0);
    WAIT_FOR_END(job);
    const int own = contents(u"/proc/self/oom_score_adj"_s).trimmed().toInt();
    QCOMPARE(job.out().trimmed().toInt(), std::min(1000, std::max(0, own) + 200));
}

void TestRunnerLimits::setsUpACgroup()
{
    // No kernel holds anybody to what stands in this folder, but what is written into it is what a kernel
    // would be told.
    QTemporaryDir tree;
    const QString group = tree.filePath(u"w1"_s);
    QVERIFY(QDir().mkpath(group));
    for (const QString &name : {u"memory.max"_s, u"cpu.max"_s, u"pids.max"_s, u"cgroup.procs"_s}) {
        QFile file(group + u'/' + name);
        QVERIFY(file.open(QIODevice::WriteOnly));
    }
    QFile events(group + u"/memory.events"_s);
    QVERIFY(events.open(QIODevice::WriteOnly));
    events.write("low 0\nhigh 0\nmax 12\noom 1\noom_kill 1\noom_group_kill 1\n");
    events.close();
    RunnerJob job;
    job.options = {u"--cgroup"_s,      group,    u"--memory-mib"_s, u"64"_s,
                   u"--cpu-percent"_s, u"150"_s, u"--processes"_s,  u"30"_s};
    QCOMPARE(job.start(u"ulimit -d"_s), 0);
    WAIT_FOR_END(job);
    QCOMPARE(contents(group + u"/memory.max"_s), "67108864");
    QCOMPARE(contents(group + u"/cpu.max"_s), "150000 100000");
    QCOMPARE(contents(group + u"/pids.max"_s), "30");
    QCOMPARE(contents(group + u"/cgroup.procs"_s), "0"); // to the kernel: whoever writes this
    QCOMPARE(job.out(), "unlimited\n");
    QCOMPARE(job.end(u"memory_kills"_s), 1);
}

void TestRunnerLimits::saysWhyThereIsNoCgroup()
{
    RunnerJob job;
    job.options = {u"--cgroup"_s, job.path(u"w1"_s), u"--memory-mib"_s, u"64"_s};
    QCOMPARE(job.start(u"true"_s), 1);
    const QString reason = job.printed.value(u"reason"_s).toString();
    QVERIFY2(reason.contains(u"cannot set up the cgroup"_s) && reason.contains(u"No such file"_s),
             qPrintable(reason));
}

QTEST_GUILESS_MAIN(TestRunnerLimits)
#include "tst_runnerlimits.moc"
