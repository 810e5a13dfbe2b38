#include "workload/processtreeusage.h"

#include <QProcess>
#include <QTest>

using namespace Qt::Literals::StringLiterals;
using namespace cloudnode;

/// A shell of ours plays the workload, this test its supervisor.
class TestProcessTreeUsage : public QObject {
    Q_OBJECT

private slots:
    void countsTheWholeTree();
    void isSilentAboutWhatIsGone();
    void takesNobodyElseForIt();

private:
    static ProcessTreeUsage::Tree treeOf(qint64 pid)
    {
        const ProcessIdentity process = ProcessIdentity::of(pid).value_or(ProcessIdentity());
        return {u"k"_s, {process, process, QDateTime::currentDateTimeUtc()}};
    }
};

void TestProcessTreeUsage::countsTheWholeTree()
{
    QProcess shell;
    // The one that works is a grandchild; the shell itself only waits.
    shell.start(u"/bin/sh"_s, {u"-c"_s, u"(while :; do :; done) & echo ready; read x; kill $!"_s});
    QVERIFY(shell.waitForReadyRead());
    ProcessTreeUsage usage;
    const auto tree = treeOf(shell.processId());
    usage.sample({tree});
    QVERIFY(usage.of(u"k"_s));
    QVERIFY(!usage.of(u"k"_s)->cpuPercent);
    QVERIFY(usage.of(u"k"_s)->memoryBytes > 0);
    const auto isAtWork = [&] {
        usage.sample({tree});
        return usage.of(u"k"_s) && usage.of(u"k"_s)->cpuPercent.value_or(0) > 0;
    };
    QVERIFY(QTest::qWaitFor(isAtWork, 30'000)); // each look starts a new interval: ask once
    shell.write("\n");
    QVERIFY(shell.waitForFinished());
}

void TestProcessTreeUsage::isSilentAboutWhatIsGone()
{
    QProcess shell;
    shell.start(u"/bin/sh"_s, {u"-c"_s, u"read x"_s});
    QVERIFY(shell.waitForStarted());
    const auto tree = treeOf(shell.processId());
    ProcessTreeUsage usage;
    usage.sample({tree});
    QVERIFY(usage.of(u"k"_s));
    shell.write("\n");
    QVERIFY(shell.waitForFinished());
    usage.sample({tree});
    QVERIFY(!usage.of(u"k"_s));
    QVERIFY(!usage.of(u"unknown"_s));
}

void TestProcessTreeUsage::takesNobodyElseForIt()
{
    ProcessTreeUsage::Tree earlier = treeOf(QCoreApplication::applicationPid());
    ++earlier.start.workload.startTicks;
    ++earlier.start.supervisor.startTicks;
    ProcessTreeUsage usage;
    usage.sample({earlier});
    QVERIFY(!usage.of(u"k"_s));
}

QTEST_GUILESS_MAIN(TestProcessTreeUsage)
#include "tst_processtreeusage.moc"
