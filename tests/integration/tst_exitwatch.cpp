#include "platform/exitwatch.h"
#include "platform/pollingexitwatch.h"

#include <QProcess>
#include <QSignalSpy>
#include <QTest>

#include <unistd.h>

#include <csignal>

using namespace Qt::Literals::StringLiterals;
using namespace cloudnode;

using Maker = std::unique_ptr<ExitWatch> (*)(const ProcessIdentity &process);

class TestExitWatch : public QObject {
    Q_OBJECT

private slots:
    void seesTheEnd_data();
    void seesTheEnd();
    void saysSoWhenItIsOverAlready_data();
    void saysSoWhenItIsOverAlready();
    void isNotFooledByAReusedPid();
    void signalsNoStranger();
};

namespace {

std::unique_ptr<ExitWatch> polling(const ProcessIdentity &process)
{
    return std::make_unique<PollingExitWatch>(process);
}

void addMakers()
{
    QTest::addColumn<Maker>("open");
    QTest::newRow("the best of this system") << Maker(&ExitWatch::open);
    QTest::newRow("by polling") << Maker(&polling);
}

/// A process that is nobody's child but ours, and ends when told.
class Sleeper {
public:
    Sleeper()
    {
        m_process.start(u"sleep"_s, {u"1000"_s});
        m_process.waitForStarted();
    }
    ~Sleeper() { end(); }
    void end()
    {
        m_process.kill();
        m_process.waitForFinished();
    }
    ProcessIdentity identity() const { return ProcessIdentity::of(m_process.processId()).value(); }
    bool isRunning() { return !m_process.waitForFinished(0) && m_process.state() == QProcess::Running; }
    void killOnly() const { ::kill(static_cast<pid_t>(m_process.processId()), SIGKILL); }

private:
    QProcess m_process;
};

} // namespace

void TestExitWatch::seesTheEnd_data()
{
    addMakers();
}

void TestExitWatch::seesTheEnd()
{
    QFETCH(Maker, open);
    Sleeper sleeper;
    const auto watch = open(sleeper.identity());
    QSignalSpy ended(watch.get(), &ExitWatch::ended);
    QVERIFY(sleeper.identity().isAlive());
    QCoreApplication::processEvents();
    QCOMPARE(ended.count(), 0);
    sleeper.killOnly();
    QVERIFY(ended.wait());
    QCoreApplication::processEvents();
    QCOMPARE(ended.count(), 1);
}

void TestExitWatch::saysSoWhenItIsOverAlready_data()
{
    addMakers();
}

void TestExitWatch::saysSoWhenItIsOverAlready()
{
    QFETCH(Maker, open);
    Sleeper sleeper;
    const ProcessIdentity identity = sleeper.identity();
    sleeper.end();
    QVERIFY(!identity.isAlive());
    const auto watch = open(identity);
    QSignalSpy ended(watch.get(), &ExitWatch::ended);
    QVERIFY(ended.wait());
}

void TestExitWatch::isNotFooledByAReusedPid()
{
    Sleeper stranger;
    ProcessIdentity earlier = stranger.identity();
    --earlier.startTicks;
    QVERIFY(!earlier.isAlive());
    QVERIFY(!earlier.isFromEarlierBoot());
    const auto watch = ExitWatch::open(earlier);
    QSignalSpy ended(watch.get(), &ExitWatch::ended);
    QVERIFY(ended.wait());
    QVERIFY(stranger.isRunning());
}

void TestExitWatch::signalsNoStranger()
{
    Sleeper stranger;
    ProcessIdentity other = stranger.identity();
    ++other.startTicks;
    QCOMPARE(other.signal(SIGKILL), Result<bool>(false));
    other = stranger.identity();
    other.bootId = u"another boot"_s;
    QVERIFY(other.isFromEarlierBoot());
    QCOMPARE(other.signal(SIGKILL), Result<bool>(false));
    QVERIFY(stranger.isRunning());
    QCOMPARE(stranger.identity().signal(SIGKILL), Result<bool>(true));
}

QTEST_GUILESS_MAIN(TestExitWatch)
#include "tst_exitwatch.moc"
