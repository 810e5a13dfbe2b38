#include "sandbox/brokerprocess.h"
#include "support/nodeprocess.h"
#include "support/processes.h"
#include "support/requester.h"
#include "support/sandboxprocess.h"
#include "support/waiting.h"

#include <QFile>
#include <QJsonDocument>
#include <QSignalSpy>
#include <QTest>

using namespace Qt::Literals::StringLiterals;
using namespace cloudnode;
using cloudnode::test::isAlive;
using sandbox::BrokerProcess;
using test::SandboxProcess;

namespace {

// Runs until the test says so, and ends with the code the test has written down.
const QString obedient = u"training: 'echo begun; until test -e go; do sleep 0.05; done; exit $(cat go)'"_s;

} // namespace

/// What a cloud of generation 2 comes to believe of its workloads, whatever happens to node, broker and
/// backend. The sandbox takes every step back, and every second end, for a breach of the contract.
class TestWorkloadStatus : public QObject {
    Q_OBJECT

private slots:
    void init();
    void cleanup();

    void followsAWorkload_data();
    void followsAWorkload();
    void tellsOfACancellation();
    void tellsOfARefusal_data();
    void tellsOfARefusal();
    void hasTheResultsBeforeTheEnd();
    void aRedeliveryLeavesItAlone();
    void hearsOfAnEndThatTheBrokerMissed();
    void hearsOfAnEndThatTheNodeMissed();
    void hearsAgainWhatANodeCouldNotFinishSaying();
    void endsWhatNobodyWantsAnyMore_data();
    void endsWhatNobodyWantsAnyMore();
    void leavesRunningWhatIsWanted_data();
    void leavesRunningWhatIsWanted();
    void keepsCharactersWhole();

private:
    void start(const QStringList &lines);
    /// Makes a workload at the cloud, and asks for it.
    void assign(const QString &uuid, const QString &requestId, const QString &type = u"training"_s);
    void assignAndWait(const QString &uuid, const QString &requestId);
    bool hasNotedTheStart(const QString &requestId) const;
    QString statusOf(const QString &uuid) { return m_sandbox->workload(uuid).value("status"_L1).toString(); }
    /// The statuses that the cloud has been told of that workload, each once.
    QStringList toldOf(const QString &uuid) const;
    QJsonObject lastOf(const QString &uuid) const;
    QJsonObject finalOf(const QString &requestId);

    std::unique_ptr<BrokerProcess> m_broker;
    std::unique_ptr<SandboxProcess> m_sandbox;
    std::unique_ptr<NodeProcess> m_node;
    std::unique_ptr<Requester> m_requester;
    qint64 m_pid = 0;
};

void TestWorkloadStatus::init()
{
    m_broker = std::make_unique<BrokerProcess>();
    QSignalSpy ready(m_broker.get(), &BrokerProcess::ready);
    m_broker->start();
    QVERIFY(ready.wait(patience));
    m_sandbox = std::make_unique<SandboxProcess>(
        QStringList{u"--use-broker"_s, QString::number(m_broker->port()), u"--control-plane"_s, u"mqtt"_s});
    QVERIFY(m_sandbox->start());
    m_node = std::make_unique<NodeProcess>(m_sandbox->apiUrl(), m_broker->port());
    m_requester = std::make_unique<Requester>(m_broker->port());
    QVERIFY(m_requester->start());
}

void TestWorkloadStatus::cleanup()
{
    m_node.reset();
    m_requester.reset();
    const auto stopped = m_sandbox->stop();
    m_broker.reset();
    QVERIFY2(stopped, qPrintable(stopped ? QString() : stopped.error().text()));
}

void TestWorkloadStatus::start(const QStringList &lines)
{
    m_node->configure(QStringList{u"control_plane: mqtt"_s, u"mqtt_reconnect_max_seconds: 1"_s} + lines);
    QVERIFY2(m_node->startAndWait(), qPrintable(m_node->log()));
}

void TestWorkloadStatus::assign(const QString &uuid, const QString &requestId, const QString &type)
{
    QVERIFY(m_sandbox->putWorkload({{u"uuid"_s, uuid}, {u"instance_uuid"_s, m_node->uuid()}}));
    m_requester->send(m_node->slug(), type, requestId, QJsonObject{{u"workload_uuid"_s, uuid}});
}

void TestWorkloadStatus::assignAndWait(const QString &uuid, const QString &requestId)
{
    assign(uuid, requestId);
    WAIT_FOR(toldOf(uuid) == QStringList{u"running"_s});
    m_pid = lastOf(uuid).value("pid"_L1).toInteger();
    QVERIFY(isAlive(m_pid));
    // Killed before it has noted that the backend knows, the node would rightly say it again.
    WAIT_FOR(hasNotedTheStart(requestId));
}

bool TestWorkloadStatus::hasNotedTheStart(const QString &requestId) const
{
    QFile progress(m_node->stateFile(u"workloads/%1/progress.json"_s.arg(requestId)));
    return progress.open(QIODevice::ReadOnly) &&
           QJsonDocument::fromJson(progress.readAll()).object().value("told"_L1) == u"running"_s;
}

QStringList TestWorkloadStatus::toldOf(const QString &uuid) const
{
    QStringList told;
    for (const QJsonObject &event : m_sandbox->events(u"workload_status"_s)) {
        if (event.value("workload_uuid"_L1) == uuid)
            told << event.value("status"_L1).toString();
    }
    return told;
}

QJsonObject TestWorkloadStatus::lastOf(const QString &uuid) const
{
    const auto isOfIt = [&](const QJsonObject &event) { return event.value("workload_uuid"_L1) == uuid; };
    const QList<QJsonObject> all = m_sandbox->events(u"workload_status"_s, isOfIt);
    return all.isEmpty() ? QJsonObject() : all.last();
}

QJsonObject TestWorkloadStatus::finalOf(const QString &requestId)
{
    [&] { WAIT_FOR(!m_requester->final(requestId).isEmpty()); }();
    return m_requester->final(requestId);
}

void TestWorkloadStatus::followsAWorkload_data()
{
    QTest::addColumn<QString>("command");
    QTest::addColumn<QString>("end"); // its status
    QTest::addColumn<QJsonObject>("about");
    QTest::newRow("ends well") << u"echo done"_s << u"completed"_s
                               << QJsonObject{{u"success"_s, true}, {u"exit_code"_s, 0}};
    QTest::newRow("fails") << u"echo oops >&2; exit 3"_s << u"completed"_s
                           << QJsonObject{{u"success"_s, false},
                                          {u"exit_code"_s, 3},
                                          {u"error"_s, u"oops"_s},
                                          {u"stderr"_s, u"oops"_s}};
    QTest::newRow("fails, though it says otherwise")
        << u"echo Successfully done; exit 5"_s << u"completed"_s
        << QJsonObject{{u"success"_s, false}, {u"exit_code"_s, 5}, {u"error"_s, u"Successfully done"_s}};
    QTest::newRow("is killed") << u"kill -9 $$"_s << u"completed"_s
                               << QJsonObject{{u"success"_s, false}, {u"exit_code"_s, -9}};
    QTest::newRow("is out of time, and says goodbye with success")
        << u"trap \"exit 0\" TERM; while true; do sleep 0.05; done"_s << u"completed"_s
        << QJsonObject{{u"success"_s, false}, {u"exit_code"_s, 0}};
}

void TestWorkloadStatus::followsAWorkload()
{
    QFETCH(const QString, command);
    QFETCH(const QString, end);
    QFETCH(const QJsonObject, about);
    start({u"training: '%1'"_s.arg(command), u"workload_timeout_seconds: 3"_s});
    assign(u"w1"_s, u"r1"_s);
    WAIT_FOR(statusOf(u"w1"_s) == end);
    const QStringList told = toldOf(u"w1"_s);
    QVERIFY2(told == QStringList({u"running"_s, end}) || told == QStringList{end},
             qPrintable(told.join(u' ')));
    for (auto it = about.begin(); it != about.end(); ++it)
        QCOMPARE(lastOf(u"w1"_s).value(it.key()), it.value());
    finalOf(u"r1"_s); // who asked is answered all the same
}

void TestWorkloadStatus::tellsOfACancellation()
{
    start({u"training: sleep 1000"_s});
    assignAndWait(u"w1"_s, u"r1"_s);
    m_requester->send(m_node->slug(), u"cancel"_s, u"c1"_s, QJsonObject{{u"workload_request_id"_s, u"r1"_s}});
    WAIT_FOR(toldOf(u"w1"_s) == QStringList({u"running"_s, u"cancelled"_s}));
    QCOMPARE(lastOf(u"w1"_s).value("signal"_L1), u"SIGTERM"_s);
    QCOMPARE(lastOf(u"w1"_s).value("pid"_L1), m_pid);
    QVERIFY(!isAlive(m_pid));
}

void TestWorkloadStatus::tellsOfARefusal_data()
{
    QTest::addColumn<QString>("type");
    QTest::addColumn<QString>("reason");
    QTest::newRow("busy") << u"training"_s << u"busy"_s;
    QTest::newRow("not configured") << u"inference"_s << u"inference"_s;
}

void TestWorkloadStatus::tellsOfARefusal()
{
    QFETCH(const QString, type);
    QFETCH(const QString, reason);
    start({obedient});
    assignAndWait(u"w1"_s, u"r1"_s);
    assign(u"w2"_s, u"r2"_s, type);
    WAIT_FOR(toldOf(u"w2"_s) == QStringList{u"failed"_s});
    const QString error = lastOf(u"w2"_s).value("error"_L1).toString();
    QVERIFY2(error.contains(reason), qPrintable(error));
    QVERIFY(finalOf(u"r2"_s).value("error"_L1).toString().contains(reason));
    QCOMPARE(toldOf(u"w1"_s), QStringList{u"running"_s});
}

void TestWorkloadStatus::hasTheResultsBeforeTheEnd()
{
    start({u"training: 'echo 1 > $CYBERWAVE_RESULTS_DIR/a; echo 2 > $CYBERWAVE_RESULTS_DIR/b'"_s});
    assign(u"w1"_s, u"r1"_s);
    WAIT_FOR(statusOf(u"w1"_s) == u"completed"_s);
    QStringList order;
    for (const QJsonObject &event : m_sandbox->events()) {
        const QString name = event.value("event"_L1).toString();
        if (name == u"results_confirmed"_s)
            order << name;
        else if (name == u"workload_status"_s)
            order << event.value("status"_L1).toString();
    }
    order.removeOne(u"running"_s); // it may be over before that could be said
    QCOMPARE(order, QStringList({u"finalizing"_s, u"results_confirmed"_s, u"completed"_s}));
    const auto files = m_sandbox->workload(u"w1"_s).value("results"_L1).toVariant().toStringList();
    QCOMPARE(files.size(), 2);
}

/// Neither the same request again, nor another one for the same workload. Weakness W8 of the reference.
void TestWorkloadStatus::aRedeliveryLeavesItAlone()
{
    start({obedient});
    assignAndWait(u"w1"_s, u"r1"_s);
    assign(u"w1"_s, u"r1"_s);
    WAIT_FOR(m_requester->to(u"r1"_s).size() == 2); // acknowledged again
    assign(u"w1"_s, u"r2"_s);
    QVERIFY(finalOf(u"r2"_s).value("error"_L1).toString().contains(u"busy"_s));
    m_node->addFile(u"go"_s, "0");
    WAIT_FOR(toldOf(u"w1"_s) == QStringList({u"running"_s, u"completed"_s}));
    assign(u"w1"_s, u"r1"_s);
    WAIT_FOR(m_requester->finals(u"r1"_s).size() == 2);
    QCOMPARE(toldOf(u"w1"_s).size(), 2);
}

void TestWorkloadStatus::hearsOfAnEndThatTheBrokerMissed()
{
    start({obedient});
    assignAndWait(u"w1"_s, u"r1"_s);
    m_broker->kill();
    m_node->addFile(u"go"_s, "4");
    WAIT_FOR(m_node->log().contains(u"has ended"_s));
    QSignalSpy ready(m_broker.get(), &BrokerProcess::ready);
    m_broker->start();
    QVERIFY(ready.wait(patience));
    WAIT_FOR(toldOf(u"w1"_s) == QStringList({u"running"_s, u"completed"_s}));
    QCOMPARE(lastOf(u"w1"_s).value("exit_code"_L1), 4);
}

void TestWorkloadStatus::hearsOfAnEndThatTheNodeMissed()
{
    start({obedient});
    assignAndWait(u"w1"_s, u"r1"_s);
    m_node->kill();
    m_node->addFile(u"go"_s, "5");
    WAIT_FOR(!isAlive(m_pid));
    QVERIFY(m_node->startAndWait());
    WAIT_FOR(toldOf(u"w1"_s) == QStringList({u"running"_s, u"completed"_s}));
    QCOMPARE(lastOf(u"w1"_s).value("exit_code"_L1), 5);
    QCOMPARE(lastOf(u"w1"_s).value("success"_L1), false);

    WAIT_FOR(m_node->log().contains(u"is delivered"_s));
    m_node->kill();
    QVERIFY(m_node->startAndWait());
    assign(u"w2"_s, u"r2"_s);
    WAIT_FOR(!toldOf(u"w2"_s).isEmpty());
    QCOMPARE(toldOf(u"w1"_s).size(), 2); // and never again
}

void TestWorkloadStatus::hearsAgainWhatANodeCouldNotFinishSaying()
{
    start({obedient});
    QVERIFY(m_sandbox->fail({u"workload_status=lost:1"_s})); // done, but not answered
    assign(u"w1"_s, u"r1"_s);
    WAIT_FOR(toldOf(u"w1"_s) == QStringList{u"running"_s});
    m_node->kill();
    QVERIFY(m_node->startAndWait());
    QVERIFY(m_sandbox->waitForEvent(u"workload_status_repeated"_s));
    QVERIFY(m_sandbox->fail({u"workload_status=hang:1"_s})); // neither
    const qsizetype faults = m_sandbox->events(u"fault"_s).size();
    m_node->addFile(u"go"_s, "6");
    WAIT_FOR(m_sandbox->events(u"fault"_s).size() > faults);
    m_node->kill();
    QVERIFY(m_node->startAndWait());
    WAIT_FOR(toldOf(u"w1"_s) == QStringList({u"running"_s, u"completed"_s}));
    QCOMPARE(lastOf(u"w1"_s).value("exit_code"_L1), 6);
}

void TestWorkloadStatus::endsWhatNobodyWantsAnyMore_data()
{
    QTest::addColumn<QJsonObject>("meanwhile"); // the cloud's word about it; none: it is lost there
    QTest::addColumn<QString>("why");
    QTest::newRow("called completed") << QJsonObject{{u"status"_s, u"completed"_s}} << u"completed"_s;
    QTest::newRow("called failed") << QJsonObject{{u"status"_s, u"failed"_s}} << u"failed"_s;
    QTest::newRow("cancelled there") << QJsonObject{{u"status"_s, u"cancelled"_s}} << u"cancelled"_s;
    QTest::newRow("given to another")
        << QJsonObject{{u"instance_uuid"_s, u"another-node"_s}} << u"another-node"_s;
    QTest::newRow("forgotten there") << QJsonObject() << u"does not know it"_s;
}

void TestWorkloadStatus::endsWhatNobodyWantsAnyMore()
{
    QFETCH(QJsonObject, meanwhile);
    QFETCH(const QString, why);
    start({u"training: sleep 1000"_s});
    assignAndWait(u"w1"_s, u"r1"_s);
    m_node->kill();
    if (meanwhile.isEmpty()) {
        QVERIFY(m_sandbox->forget(u"w1"_s));
    } else {
        meanwhile[u"uuid"_s] = u"w1"_s;
        QVERIFY(m_sandbox->putWorkload(meanwhile));
    }
    QVERIFY(m_node->startAndWait());
    WAIT_FOR(!isAlive(m_pid));
    QVERIFY2(m_node->log().contains(why), qPrintable(m_node->log()));
    const QJsonObject final = finalOf(u"r1"_s);
    QCOMPARE(final.value("workload"_L1).toObject().value("status"_L1), u"cancelled"_s);
    QCOMPARE(toldOf(u"w1"_s), QStringList{u"running"_s}); // what the cloud believes is its own affair
}

void TestWorkloadStatus::leavesRunningWhatIsWanted_data()
{
    QTest::addColumn<QString>("fault");
    QTest::newRow("called running") << u"workload=none"_s;
    QTest::newRow("the backend is in trouble") << u"workload=503"_s;
    QTest::newRow("the backend answers nonsense") << u"workload=html"_s;
    QTest::newRow("the backend wants another token") << u"workload=401"_s;
}

void TestWorkloadStatus::leavesRunningWhatIsWanted()
{
    QFETCH(const QString, fault);
    start({obedient});
    assignAndWait(u"w1"_s, u"r1"_s);
    m_node->kill();
    QVERIFY(m_sandbox->fail({fault}));
    QVERIFY(m_node->startAndWait());
    const auto isAsked = [](const QJsonObject &event) {
        return event.value("event"_L1) == u"workload"_s || event.value("operation"_L1) == u"workload"_s;
    };
    WAIT_FOR(m_sandbox->hasEvent({}, isAsked));
    m_requester->send(m_node->slug(), u"status"_s, u"s1"_s);
    finalOf(u"s1"_s); // the answer has been judged by now, or soon
    QVERIFY(isAlive(m_pid));
    m_node->addFile(u"go"_s, "0");
    WAIT_FOR(toldOf(u"w1"_s) == QStringList({u"running"_s, u"completed"_s}));
}

/// Whatever is read while one is half written. Weakness W15 of the reference.
void TestWorkloadStatus::keepsCharactersWhole()
{
    start(
        {uR"(training: 'for i in 1 2 3; do printf "\xf0\x9f"; sleep 0.4; printf "\xa6\x8a\xc3"; sleep 0.4; printf "\xa4"; done')"_s});
    assign(u"w1"_s, u"r1"_s);
    finalOf(u"r1"_s);
    WAIT_FOR_EQUAL(m_sandbox->log(m_node->uuid(), u"stdout"_s).value_or(QByteArray()),
                   QByteArray("🦊ä🦊ä🦊ä"));
    QVERIFY(m_sandbox->events(u"log"_s).size() >= 2);
}

QTEST_GUILESS_MAIN(TestWorkloadStatus)
#include "tst_workloadstatus.moc"
