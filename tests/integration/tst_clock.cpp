#include "support/nodeprocess.h"
#include "support/requester.h"
#include "support/sandboxprocess.h"
#include "support/waiting.h"

#include <QDir>
#include <QFileInfo>
#include <QJsonArray>
#include <QSaveFile>
#include <QTest>

using namespace Qt::Literals::StringLiterals;
using namespace cloudnode;
using test::SandboxProcess;

/// A wall clock that is set while the node, its runner and a workload are at work. libfaketime stands in for
/// the one that sets it; the clocks that count since boot go on as they always do.
class TestClock : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void cleanup();

    void jumps_data();
    void jumps();
    void aJumpMakesNothingTooOldToKeep();

private:
    void setClock(const QByteArray &offset);
    QJsonObject finalOf(const QString &requestId);
    int heartbeats() const { return static_cast<int>(m_sandbox->events(u"heartbeat"_s).size()); }

    std::unique_ptr<SandboxProcess> m_sandbox;
    std::unique_ptr<NodeProcess> m_node;
    std::unique_ptr<Requester> m_requester;
};

void TestClock::initTestCase()
{
    if (!QFileInfo::exists(QStringLiteral(CLOUDNODE_LIBFAKETIME)))
        QSKIP("libfaketime is not installed");
}

void TestClock::init()
{
    m_sandbox = std::make_unique<SandboxProcess>(QStringList{u"--mqtt-port"_s, u"0"_s});
    QVERIFY(m_sandbox->start());
    m_node = std::make_unique<NodeProcess>(m_sandbox->apiUrl(), m_sandbox->mqttPort());
    m_requester = std::make_unique<Requester>(m_sandbox->mqttPort());
    QVERIFY(m_requester->start());
    setClock("+0");
    m_node->environment.insert(u"LD_PRELOAD"_s, QStringLiteral(CLOUDNODE_LIBFAKETIME));
    m_node->environment.insert(u"FAKETIME_TIMESTAMP_FILE"_s, m_node->projectFile(u"clock"_s));
    m_node->environment.insert(u"FAKETIME_NO_CACHE"_s, u"1"_s);
    m_node->environment.insert(u"DONT_FAKE_MONOTONIC"_s, u"1"_s);
    m_node->environment.insert(u"NO_FAKE_STAT"_s, u"1"_s);
    // With the sanitizers, that library is loaded before theirs.
    const QString asan = m_node->environment.value(u"ASAN_OPTIONS"_s);
    m_node->environment.insert(u"ASAN_OPTIONS"_s, asan + u":verify_asan_link_order=0"_s);
}

void TestClock::cleanup()
{
    m_node.reset();
    m_requester.reset();
    const auto stopped = m_sandbox->stop();
    QVERIFY2(stopped, qPrintable(stopped ? QString() : stopped.error().text()));
}

void TestClock::setClock(const QByteArray &offset)
{
    m_node->addFile(u"clock"_s, offset);
}

QJsonObject TestClock::finalOf(const QString &requestId)
{
    [&] { WAIT_FOR(!m_requester->final(requestId).isEmpty()); }();
    return m_requester->final(requestId);
}

void TestClock::jumps_data()
{
    QTest::addColumn<QByteArray>("offset");
    QTest::newRow("a day forward") << QByteArray("+1d");
    QTest::newRow("a day back") << QByteArray("-1d");
}

void TestClock::jumps()
{
    QFETCH(QByteArray, offset);
    constexpr double hour = 3600;
    m_node->configure({u"training: 'echo begun; until test -e go; do sleep 0.05; done; exit 5'"_s,
                       u"heartbeat_interval: 1"_s, u"workload_timeout_seconds: 3600"_s});
    QVERIFY2(m_node->startAndWait(), qPrintable(m_node->log()));
    m_requester->send(m_node->slug(), u"training"_s, u"r1"_s);
    WAIT_FOR(!m_requester->acknowledgement(u"r1"_s).isEmpty());

    setClock(offset);
    const int before = heartbeats();
    WAIT_FOR(heartbeats() >= before + 2);
    m_requester->send(m_node->slug(), u"status"_s, u"s1"_s);
    const QJsonValue active = finalOf(u"s1"_s)["output"_L1]["active_workloads"_L1][0];
    const double runningFor = active["running_for_seconds"_L1].toDouble(-1);
    QVERIFY2(runningFor > 0 && runningFor < hour, qPrintable(QString::number(runningFor)));

    m_node->addFile(u"go"_s, {});
    const QJsonValue workload = finalOf(u"r1"_s)["workload"_L1];
    QCOMPARE(workload["exit_code"_L1], 5); // and not ended by its time limit
    const double duration = workload["duration_seconds"_L1].toDouble(-1);
    QVERIFY2(duration > 0 && duration < hour, qPrintable(QString::number(duration)));
    QCOMPARE(m_node->log().count(u" ready: "_s), 1); // nor has the connection been given up

    m_node->kill();
    QVERIFY2(m_node->startAndWait(), qPrintable(m_node->log()));
    m_requester->send(m_node->slug(), u"training"_s, u"r1"_s); // it is known still
    WAIT_FOR_EQUAL(m_requester->finals(u"r1"_s).size(), 2);
    QCOMPARE(m_requester->finals(u"r1"_s).last()["workload"_L1]["exit_code"_L1], 5);
}

void TestClock::aJumpMakesNothingTooOldToKeep()
{
    m_node->configure({u"training: echo hello"_s, u"keep_finished_days: 1"_s});
    QVERIFY2(m_node->startAndWait(), qPrintable(m_node->log()));
    m_requester->send(m_node->slug(), u"training"_s, u"r1"_s);
    finalOf(u"r1"_s);
    setClock("+400d");
    for (const QString &id : {u"r2"_s, u"r3"_s}) { // each makes the node look at what it keeps
        m_requester->send(m_node->slug(), u"training"_s, id);
        finalOf(id);
        WAIT_FOR(m_node->log().contains(u"result of workload %1 is delivered"_s.arg(id)));
    }
    QVERIFY(QFileInfo::exists(m_node->stateFile(u"workloads/r1/exit.json"_s)));
}

QTEST_GUILESS_MAIN(TestClock)
#include "tst_clock.moc"
