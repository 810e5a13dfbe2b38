#include "sandbox/brokerprocess.h"
#include "support/nodeprocess.h"
#include "support/processes.h"
#include "support/requester.h"
#include "support/sandboxprocess.h"
#include "support/waiting.h"

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSignalSpy>
#include <QTest>

#include <csignal>

using namespace Qt::Literals::StringLiterals;
using namespace cloudnode;
using cloudnode::test::isAlive;
using sandbox::BrokerProcess;
using test::SandboxProcess;

/// Workloads outlive their node, and results outlive every outage.
class TestSurvival : public QObject {
    Q_OBJECT

private slots:
    void init();
    void cleanup();

    void aKilledNodeTakesUpWhatStillRuns();
    void reportsWhatEndedMeanwhile_data();
    void reportsWhatEndedMeanwhile();
    void reportsWhatEndedWhileTheBrokerWasDown();
    void reportsWhatEndedWhileBothWereDown();
    void cancelsWhatAnEarlierNodeStarted();
    void answersACancelOfAnEarlierNode();
    void deliversARefusalAfterARestart();
    void takesCommandsAfterTheBrokerComesBack();
    void commandsSentDuringADropArrive();
    void shipsEachByteOfTheLogOnce_data();
    void shipsEachByteOfTheLogOnce();
    void saysWhenAnEndWasNotSeen();
    void reportsThoughTheBackendIsDown();

private:
    QByteArray shipped(const QString &stream)
    {
        return m_sandbox->log(m_node->uuid(), stream).value_or(QByteArray());
    }
    void startBroker();
    void startTraining(const QString &template_);
    bool hasNoted(const QString &what) const;
    QJsonObject finalOf(const QString &requestId);
    static QJsonObject workloadOf(const QJsonObject &response)
    {
        return response.value("workload"_L1).toObject();
    }

    std::unique_ptr<SandboxProcess> m_sandbox;
    std::unique_ptr<BrokerProcess> m_broker;
    std::unique_ptr<NodeProcess> m_node;
    std::unique_ptr<Requester> m_requester;
    qint64 m_pid = 0;
};

namespace {

// Runs until the test says so, prints, and ends with the code the test has written down.
const QString obedient =
    u"training: 'echo begun; until test -e go; do sleep 0.05; done; echo ended; exit $(cat go)'"_s;

} // namespace

void TestSurvival::init()
{
    m_broker = std::make_unique<BrokerProcess>(); // ours: it comes and goes
    startBroker();
    m_sandbox =
        std::make_unique<SandboxProcess>(QStringList{u"--use-broker"_s, QString::number(m_broker->port())});
    QVERIFY(m_sandbox->start());
    m_node = std::make_unique<NodeProcess>(m_sandbox->apiUrl(), m_broker->port());
    m_requester = std::make_unique<Requester>(m_broker->port());
    QVERIFY(m_requester->start());
}

void TestSurvival::cleanup()
{
    m_node.reset();
    m_requester.reset();
    m_broker.reset();
    const auto stopped = m_sandbox->stop();
    QVERIFY2(stopped, qPrintable(stopped ? QString() : stopped.error().text()));
}

void TestSurvival::startBroker()
{
    QSignalSpy ready(m_broker.get(), &BrokerProcess::ready);
    m_broker->start();
    QVERIFY(ready.wait());
}

void TestSurvival::startTraining(const QString &template_)
{
    m_node->configure({template_});
    QVERIFY2(m_node->startAndWait(), qPrintable(m_node->log()));
    m_requester->send(m_node->slug(), u"training"_s, u"r1"_s);
    WAIT_FOR(!m_requester->acknowledgement(u"r1"_s).isEmpty());
    m_pid = workloadOf(m_requester->acknowledgement(u"r1"_s)).value("pid"_L1).toInteger();
    // Killed before it knows that the broker has the message, the node would rightly send it again.
    WAIT_FOR(hasNoted(u"acked"_s));
}

bool TestSurvival::hasNoted(const QString &what) const
{
    QFile file(m_node->stateFile(u"workloads/r1/progress.json"_s));
    return file.open(QIODevice::ReadOnly) &&
           QJsonDocument::fromJson(file.readAll()).object().value(what).toBool();
}

QJsonObject TestSurvival::finalOf(const QString &requestId)
{
    [&] { WAIT_FOR(!m_requester->final(requestId).isEmpty()); }();
    return m_requester->final(requestId);
}

void TestSurvival::aKilledNodeTakesUpWhatStillRuns()
{
    startTraining(obedient);
    m_node->kill();
    QVERIFY(isAlive(m_pid));
    QVERIFY(m_node->startAndWait());
    m_requester->send(m_node->slug(), u"training"_s, u"r2"_s);
    QVERIFY(finalOf(u"r2"_s).value("error"_L1).toString().contains(u"busy"_s)); // it counts as running
    m_node->addFile(u"go"_s, "5");
    const QJsonObject result = finalOf(u"r1"_s);
    QCOMPARE(workloadOf(result).value("exit_code"_L1), 5);
    QCOMPARE(workloadOf(result).value("pid"_L1), m_pid);
    QCOMPARE(result.value("output"_L1), u"begun\nended\n"_s);
    QCOMPARE(m_requester->to(u"r1"_s).size(), 2);
}

void TestSurvival::reportsWhatEndedMeanwhile_data()
{
    QTest::addColumn<QByteArray>("code");
    QTest::addColumn<QString>("status");
    QTest::newRow("well") << QByteArray("0") << u"completed"_s;
    QTest::newRow("badly") << QByteArray("7") << u"failed"_s;
}

void TestSurvival::reportsWhatEndedMeanwhile()
{
    QFETCH(QByteArray, code);
    startTraining(obedient);
    m_node->kill();
    m_node->addFile(u"go"_s, code);
    WAIT_FOR(!isAlive(m_pid));
    QVERIFY(m_node->startAndWait());
    const QJsonObject result = finalOf(u"r1"_s);
    QTEST(workloadOf(result).value("status"_L1).toString(), "status");
    QCOMPARE(workloadOf(result).value("exit_code"_L1), code.toInt());
    QCOMPARE(result.value("output"_L1), u"begun\nended\n"_s);

    WAIT_FOR(hasNoted(u"reported"_s));
    m_node->kill();
    QVERIFY(m_node->startAndWait());
    m_requester->send(m_node->slug(), u"status"_s, u"s1"_s);
    finalOf(u"s1"_s);
    QCOMPARE(m_requester->finals(u"r1"_s).size(), 1); // once reported, never again
}

void TestSurvival::reportsWhatEndedWhileTheBrokerWasDown()
{
    startTraining(obedient);
    m_broker->kill();
    m_node->addFile(u"go"_s, "0");
    WAIT_FOR(m_node->log().contains(u"has ended"_s));
    startBroker();
    QCOMPARE(finalOf(u"r1"_s).value("output"_L1), u"begun\nended\n"_s);
}

void TestSurvival::reportsWhatEndedWhileBothWereDown()
{
    startTraining(obedient);
    m_broker->kill();
    m_node->kill();
    m_node->addFile(u"go"_s, "3");
    WAIT_FOR(!isAlive(m_pid));
    m_node->start();
    const bool overRest = m_sandbox->controlPlane() == u"rest"_s; // else it needs the broker for that, too
    const QString sign = overRest ? u"registered as"_s : u"no connection to the broker"_s;
    WAIT_FOR(m_node->log().contains(sign));
    startBroker();
    QCOMPARE(workloadOf(finalOf(u"r1"_s)).value("exit_code"_L1), 3);
}

void TestSurvival::cancelsWhatAnEarlierNodeStarted()
{
    startTraining(u"training: sleep 1000"_s);
    m_node->kill();
    QVERIFY(m_node->startAndWait());
    m_requester->send(m_node->slug(), u"cancel"_s, u"c1"_s, QJsonObject{{u"pid"_s, m_pid}});
    QCOMPARE(finalOf(u"c1"_s).value("status"_L1), u"ok"_s);
    QVERIFY(!isAlive(m_pid));
    QCOMPARE(workloadOf(finalOf(u"r1"_s)).value("status"_L1), u"cancelled"_s);
}

void TestSurvival::answersACancelOfAnEarlierNode()
{
    startTraining(u"training: \"trap 'until test -e go; do sleep 0.05; done; exit 9' TERM; touch ready; "
                  "while true; do sleep 0.05; done\""_s);
    WAIT_FOR(QFile::exists(m_node->projectFile(u"ready"_s)));
    m_requester->send(m_node->slug(), u"cancel"_s, u"c1"_s, QJsonObject{{u"workload_request_id"_s, u"r1"_s}});
    m_requester->send(m_node->slug(), u"status"_s, u"s1"_s); // answered after the cancel was taken
    finalOf(u"s1"_s);
    m_node->kill();
    m_node->addFile(u"go"_s, {});
    WAIT_FOR(!isAlive(m_pid));
    QVERIFY(m_node->startAndWait());
    QCOMPARE(finalOf(u"c1"_s).value("status"_L1), u"ok"_s);
    const QJsonObject workload = workloadOf(finalOf(u"r1"_s));
    QCOMPARE(workload.value("status"_L1), u"cancelled"_s);
    QCOMPARE(workload.value("exit_code"_L1), 9);
}

void TestSurvival::deliversARefusalAfterARestart()
{
    startTraining(u"training: sleep 1000"_s);
    // A stopped broker takes what is sent to it, and acknowledges nothing.
    ::kill(static_cast<pid_t>(m_broker->processId()), SIGSTOP);
    m_node->kill();
    ::kill(static_cast<pid_t>(m_broker->processId()), SIGCONT);
    m_requester->send(m_node->slug(), u"training"_s, u"r2"_s);
    QVERIFY(m_node->startAndWait());
    QVERIFY(finalOf(u"r2"_s).value("error"_L1).toString().contains(u"busy"_s));
}

void TestSurvival::takesCommandsAfterTheBrokerComesBack()
{
    m_node->configure({u"inference: echo hello"_s});
    QVERIFY(m_node->startAndWait());
    for (const QString &id : {u"r1"_s, u"r2"_s}) {
        m_broker->kill(); // and all it knew of sessions and subscriptions
        startBroker();
        const int round = id == u"r1"_s ? 2 : 3;
        WAIT_FOR_EQUAL(m_node->log().count(u" ready: "_s), round);
        WAIT_FOR(m_requester->isListening());
        m_requester->send(m_node->slug(), u"inference"_s, id);
        QCOMPARE(finalOf(id).value("output"_L1), u"hello\n"_s);
        QCOMPARE(m_requester->to(id).size(), 2);
    }
}

void TestSurvival::commandsSentDuringADropArrive()
{
    m_node->configure({u"inference: echo hello"_s});
    QVERIFY(m_node->startAndWait());
    m_node->kill();
    m_requester->send(m_node->slug(), u"inference"_s, u"r1"_s);
    m_requester->send(m_node->uuid(), u"status"_s, u"s1"_s);
    QVERIFY(m_node->startAndWait());
    QCOMPARE(finalOf(u"r1"_s).value("output"_L1), u"hello\n"_s);
    QCOMPARE(finalOf(u"s1"_s).value("status"_L1), u"ok"_s);
}

void TestSurvival::shipsEachByteOfTheLogOnce_data()
{
    QTest::addColumn<QStringList>("trouble");
    QTest::newRow("to a backend that is quick") << QStringList();
    // So that there is always a request under way when the node ends.
    QTest::newRow("to a slow one") << QStringList{u"log=slow=100"_s};
}

void TestSurvival::shipsEachByteOfTheLogOnce()
{
    QFETCH(QStringList, trouble);
    QVERIFY(trouble.isEmpty() || m_sandbox->fail(trouble));
    startTraining(u"training: 'for i in $(seq 1 200); do echo line $i ä; sleep 0.01; done'"_s);
    WAIT_FOR(shipped(u"stdout"_s).contains("line 20 "));
    m_node->terminate(); // in order, so that no request is cut in the middle
    QVERIFY(m_node->waitUntilEnded());
    WAIT_FOR(!isAlive(m_pid));
    QVERIFY(m_node->startAndWait());
    finalOf(u"r1"_s);
    QByteArray expected;
    for (int i = 1; i <= 200; ++i)
        expected += "line " + QByteArray::number(i) + " ä\n";
    WAIT_FOR_EQUAL(shipped(u"stdout"_s), expected);
}

void TestSurvival::saysWhenAnEndWasNotSeen()
{
    startTraining(u"training: 'echo $PPID > supervisor; exec sleep 1000'"_s);
    QFile supervisor(m_node->projectFile(u"supervisor"_s));
    WAIT_FOR(supervisor.size() > 0);
    QVERIFY(supervisor.open(QIODevice::ReadOnly));
    ::kill(supervisor.readAll().trimmed().toInt(), SIGKILL);
    WAIT_FOR(m_node->log().contains(u"workload r1 runs on without its supervisor"_s));
    ::kill(static_cast<pid_t>(m_pid), SIGKILL);
    const QJsonObject result = finalOf(u"r1"_s);
    QCOMPARE(result.value("status"_L1), u"error"_s);
    QCOMPARE(workloadOf(result).value("status"_L1), u"lost"_s);
    QVERIFY(workloadOf(result).value("exit_code"_L1).isNull());
}

void TestSurvival::reportsThoughTheBackendIsDown()
{
    startTraining(obedient);
    m_node->kill();
    m_node->addFile(u"go"_s, "0");
    QVERIFY(m_sandbox->fail({u"register=503"_s}));
    m_node->start();
    QCOMPARE(workloadOf(finalOf(u"r1"_s)).value("exit_code"_L1), 0);
}

QTEST_GUILESS_MAIN(TestSurvival)
#include "tst_survival.moc"
