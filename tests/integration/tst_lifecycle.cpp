#include "support/nodeprocess.h"
#include "support/processes.h"
#include "support/requester.h"
#include "support/sandboxprocess.h"
#include "support/waiting.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTcpServer>
#include <QTest>

#include <csignal>

using namespace Qt::Literals::StringLiterals;
using namespace cloudnode;
using cloudnode::test::isAlive;
using test::SandboxProcess;

namespace {

QList<pid_t> childrenOf(qint64 pid)
{
    QFile file(u"/proc/%1/task/%1/children"_s.arg(pid));
    QList<pid_t> children;
    if (file.open(QIODevice::ReadOnly)) {
        const QList<QByteArray> numbers = file.readAll().simplified().split(' ');
        for (const QByteArray &number : numbers)
            children << number.toInt();
    }
    return children;
}

} // namespace

/// How a node starts, stays known and ends: the real program against the stand-in backend.
class TestLifecycle : public QObject {
    Q_OBJECT

private slots:
    void init();
    void cleanup();

    void installScriptRunsFirstAndIsLogged();
    void aFailingInstallScriptIsReported();
    void aFailingInstallScriptUsesTheKnownInstance();
    void theInstallScriptSeesNoToken();
    void waitsForABackendThatIsDown();
    void aRejectedTokenStopsIt();
    void noTokenListsTheFourWays();
    void keepsItsIdentity();
    void isCreatedAnewWhereItWasForgotten();
    void registersAgainWhenHeartbeatsAreNotKnown();
    void countsFailingHeartbeats();
    void oneNodeAStateDirectory();
    void shutsDownInOrder();
    void refusesCommandsWhileShuttingDown();
    void shutsDownThoughNobodyAnswers();
    void maybeOnlyTheBrokerIsAway();
    void needsNoGuiLibrary();

private:
    QByteArray shipped(const QString &stream)
    {
        return m_sandbox->log(m_node->uuid(), stream).value_or(QByteArray());
    }
    qsizetype count(const QString &operation) const { return m_sandbox->events(operation).size(); }

    std::unique_ptr<SandboxProcess> m_sandbox;
    std::unique_ptr<NodeProcess> m_node;
};

void TestLifecycle::init()
{
    m_sandbox = std::make_unique<SandboxProcess>(QStringList{u"--mqtt-port"_s, u"0"_s});
    QVERIFY(m_sandbox->start());
    m_node = std::make_unique<NodeProcess>(m_sandbox->apiUrl(), m_sandbox->mqttPort());
}

void TestLifecycle::cleanup()
{
    m_node.reset();
    const auto stopped = m_sandbox->stop();
    QVERIFY2(stopped, qPrintable(stopped ? QString() : stopped.error().text()));
}

void TestLifecycle::installScriptRunsFirstAndIsLogged()
{
    m_node->configure({u"install_script: 'echo installing; echo careful >&2; touch installed'"_s,
                       u"inference: cat installed"_s});
    QVERIFY(m_node->startAndWait());
    QVERIFY(QFile::exists(m_node->projectFile(u"installed"_s)));
    WAIT_FOR_EQUAL(shipped(u"stdout"_s), "installing\n");
    WAIT_FOR_EQUAL(shipped(u"stderr"_s), "careful\n");
    QFile log(m_node->stateFile(u"workload_logs/install.stdout.log"_s));
    QVERIFY(log.open(QIODevice::ReadOnly));
    QCOMPARE(log.readAll(), "installing\n");
}

void TestLifecycle::aFailingInstallScriptIsReported()
{
    m_node->configure({u"install_script: 'echo fetching; echo no such package >&2; exit 4'"_s});
    m_node->start();
    QVERIFY(m_node->waitUntilEnded());
    QCOMPARE(m_node->exitCode(), 70);
    QVERIFY2(m_node->log().contains(u"exit code 4"_s) && m_node->log().contains(u"no such package"_s),
             qPrintable(m_node->log()));
    WAIT_FOR_EQUAL(count(u"failed"_s), 1);
    const QString reason = m_sandbox->events(u"failed"_s).first().value("error"_L1).toString();
    QVERIFY2(reason.contains(u"exit code 4"_s), qPrintable(reason));
    QCOMPARE(count(u"create"_s), 1);
    QCOMPARE(count(u"terminated"_s), 0);
    WAIT_FOR_EQUAL(shipped(u"stderr"_s), "no such package\n");
}

void TestLifecycle::aFailingInstallScriptUsesTheKnownInstance()
{
    QVERIFY(m_node->startAndWait());
    m_node->kill();
    m_node->configure({u"install_script: exit 1"_s});
    m_node->start();
    QVERIFY(m_node->waitUntilEnded());
    WAIT_FOR_EQUAL(count(u"failed"_s), 1);
    QCOMPARE(count(u"create"_s), 1);
}

void TestLifecycle::theInstallScriptSeesNoToken()
{
    m_node->configure({u"install_script: '! env | grep sandbox-token'"_s});
    QVERIFY2(m_node->startAndWait(), qPrintable(m_node->log()));
}

void TestLifecycle::waitsForABackendThatIsDown()
{
    QVERIFY(m_sandbox->fail({u"create=503:2"_s}));
    QVERIFY(m_sandbox->fail({u"register=close:1"_s}));
    QVERIFY(m_node->startAndWait());
    QCOMPARE(m_node->log().count(u"not registered yet"_s), 3);
    WAIT_FOR(count(u"heartbeat"_s) > 0);
}

void TestLifecycle::aRejectedTokenStopsIt()
{
    m_node->environment.insert(u"CYBERWAVE_API_TOKEN"_s, u"some-other-token"_s);
    m_node->start();
    QVERIFY(m_node->waitUntilEnded());
    QCOMPARE(m_node->exitCode(), 77);
    QVERIFY2(m_node->log().contains(u"token"_s), qPrintable(m_node->log()));
    QVERIFY(!m_node->log().contains(u"some-other-token"_s));
}

void TestLifecycle::noTokenListsTheFourWays()
{
    m_node->environment.remove(u"CYBERWAVE_API_TOKEN"_s);
    m_node->start();
    QVERIFY(m_node->waitUntilEnded());
    QCOMPARE(m_node->exitCode(), 78);
    for (const QString &way :
         {u"CYBERWAVE_API_TOKEN"_s, u".env"_s, m_node->stateDir(), u"credentials.json"_s})
        QVERIFY2(m_node->log().contains(way), qPrintable(m_node->log()));
}

void TestLifecycle::keepsItsIdentity()
{
    m_node->arguments << u"--slug"_s << u"my-gpu"_s;
    QVERIFY(m_node->startAndWait());
    const QString uuid = m_node->uuid();
    QCOMPARE(m_node->slug(), u"my-gpu"_s);
    const auto mode = QFile::permissions(m_node->stateFile(u"instance_identity.json"_s));
    QVERIFY(!(mode & (QFile::ReadGroup | QFile::ReadOther)));
    m_node->kill();
    QVERIFY(m_node->startAndWait());
    QCOMPARE(m_node->uuid(), uuid);
    QCOMPARE(count(u"create"_s), 1);
    QCOMPARE(count(u"register"_s), 2);
}

void TestLifecycle::isCreatedAnewWhereItWasForgotten()
{
    QVERIFY(m_node->startAndWait());
    const QString uuid = m_node->uuid();
    m_node->kill();
    QVERIFY(m_sandbox->forget(uuid));
    QVERIFY(m_node->startAndWait());
    QVERIFY(m_node->uuid() != uuid);
    QCOMPARE(count(u"create"_s), 2);
}

void TestLifecycle::registersAgainWhenHeartbeatsAreNotKnown()
{
    m_node->configure({u"heartbeat_interval: 1"_s, u"inference: echo hello"_s});
    QVERIFY(m_node->startAndWait());
    const QString uuid = m_node->uuid();
    QVERIFY(m_sandbox->forget(uuid));
    WAIT_FOR(m_node->uuid() != uuid);
    Requester requester(m_sandbox->mqttPort());
    QVERIFY(requester.start());
    WAIT_FOR(m_node->log().count(u" ready: "_s) == 2);
    requester.send(m_node->uuid(), u"inference"_s, u"r1"_s);
    WAIT_FOR_EQUAL(requester.final(u"r1"_s).value("output"_L1), u"hello\n"_s);
}

void TestLifecycle::countsFailingHeartbeats()
{
    QVERIFY(m_sandbox->fail({u"heartbeat=500:2"_s}));
    m_node->configure({u"heartbeat_interval: 1"_s});
    QVERIFY(m_node->startAndWait());
    Requester requester(m_sandbox->mqttPort());
    QVERIFY(requester.start());
    WAIT_FOR_EQUAL(count(u"heartbeat"_s), 3);
    WAIT_FOR([&] {
        const QString id = QString::number(requester.all().size());
        requester.send(m_node->slug(), u"status"_s, id);
        if (!QTest::qWaitFor([&] { return !requester.final(id).isEmpty(); }))
            return false;
        const QJsonObject beat =
            requester.final(id).value("output"_L1).toObject().value("heartbeat"_L1).toObject();
        return beat.value("failures"_L1) == 0 && beat.value("failures_total"_L1) == 2;
    }());
}

void TestLifecycle::oneNodeAStateDirectory()
{
    QVERIFY(m_node->startAndWait());
    QProcess second;
    second.setProcessEnvironment(m_node->environment);
    second.start(QStringLiteral(CLOUDNODE_BIN_DIR "/cloudnode"),
                 {u"--headless"_s, u"--state-dir"_s, m_node->stateDir()});
    QVERIFY(second.waitForFinished());
    QCOMPARE(second.exitCode(), 1);
    const QString error = QString::fromUtf8(second.readAllStandardError());
    QVERIFY2(error.contains(QString::number(m_node->pid())) && error.contains(u"--state-dir"_s),
             qPrintable(error));
}

void TestLifecycle::shutsDownInOrder()
{
    m_node->configure({u"training: 'echo working; echo $$ > pid; exec sleep 1000'"_s});
    QVERIFY(m_node->startAndWait());
    Requester requester(m_sandbox->mqttPort());
    QVERIFY(requester.start());
    requester.send(m_node->slug(), u"training"_s, u"r1"_s);
    WAIT_FOR(!requester.acknowledgement(u"r1"_s).isEmpty());
    const qint64 pid =
        requester.acknowledgement(u"r1"_s).value("workload"_L1).toObject().value("pid"_L1).toInteger();
    WAIT_FOR(QFile::exists(m_node->projectFile(u"pid"_s)));
    m_node->terminate();
    QVERIFY(m_node->waitUntilEnded());
    QCOMPARE(m_node->exitCode(), 0);
    QVERIFY(isAlive(pid));
    QVERIFY2(m_node->log().contains(u"pid %1"_s.arg(pid)) &&
                 m_node->log().contains(u"training_r1.stdout.log"_s),
             qPrintable(m_node->log()));
    QCOMPARE(shipped(u"stdout"_s), "working\n");
    WAIT_FOR_EQUAL(count(u"terminated"_s), 1);
    QCOMPARE(count(u"failed"_s), 0);
    QVERIFY(requester.final(u"r1"_s).isEmpty()); // neither a result nor a will
    QCOMPARE(requester.all().size(), 1);
}

void TestLifecycle::refusesCommandsWhileShuttingDown()
{
    m_node->configure({u"inference: echo hello"_s});
    QVERIFY(m_node->startAndWait());
    Requester requester(m_sandbox->mqttPort());
    QVERIFY(requester.start());
    QVERIFY(m_sandbox->fail({u"terminated=hang"_s}));
    m_node->terminate();
    WAIT_FOR(m_node->log().contains(u" stopping"_s));
    requester.send(m_node->slug(), u"inference"_s, u"r1"_s);
    WAIT_FOR(!requester.final(u"r1"_s).isEmpty());
    QVERIFY(requester.final(u"r1"_s).value("error"_L1).toString().contains(u"shutting down"_s));
    QVERIFY(m_node->waitUntilEnded());
    QCOMPARE(m_node->exitCode(), 0);
}

void TestLifecycle::shutsDownThoughNobodyAnswers()
{
    m_node->configure({u"training: 'echo $$ > pid; exec sleep 1000'"_s});
    QVERIFY(m_node->startAndWait());
    Requester requester(m_sandbox->mqttPort());
    QVERIFY(requester.start());
    requester.send(m_node->slug(), u"training"_s, u"r1"_s);
    WAIT_FOR(QFile::exists(m_node->projectFile(u"pid"_s)));
    QList<pid_t> hung = childrenOf(m_sandbox->processId()); // its broker
    QCOMPARE(hung.size(), 1);
    hung << static_cast<pid_t>(m_sandbox->processId());
    for (const pid_t pid : hung)
        ::kill(pid, SIGSTOP);
    m_node->terminate();
    const bool ended = m_node->waitUntilEnded(); // a backend call alone may take 30 s, a hung broker for ever
    for (const pid_t pid : hung)
        ::kill(pid, SIGCONT);
    QVERIFY(ended);
    QCOMPARE(m_node->exitCode(), 0);
}

void TestLifecycle::maybeOnlyTheBrokerIsAway()
{
    QTcpServer silent;
    QVERIFY(silent.listen(QHostAddress::LocalHost));
    m_node->arguments = {u"--mqtt-host"_s, u"127.0.0.1"_s, u"--mqtt-port"_s,
                         QString::number(silent.serverPort())};
    m_node->start();
    const bool overRest = m_sandbox->controlPlane() == u"rest"_s; // else the backend is behind that broker
    if (overRest)
        WAIT_FOR(count(u"heartbeat"_s) > 0);
    else
        WAIT_FOR(silent.hasPendingConnections());
    m_node->terminate();
    QVERIFY(m_node->waitUntilEnded());
    QCOMPARE(m_node->exitCode(), 0);
    WAIT_FOR_EQUAL(count(u"terminated"_s), overRest ? 1 : 0);
}

void TestLifecycle::needsNoGuiLibrary()
{
    QVERIFY(m_node->startAndWait());
    QFile maps(u"/proc/%1/maps"_s.arg(m_node->pid()));
    QVERIFY(maps.open(QIODevice::ReadOnly));
    const QByteArray mapped = maps.readAll();
    QVERIFY(mapped.contains("libQt6Core"));
    for (const char *library : {"libQt6Gui", "libQt6Widgets", "libX11", "libxcb", "libGL"})
        QVERIFY2(!mapped.contains(library), library);
}

QTEST_GUILESS_MAIN(TestLifecycle)
#include "tst_lifecycle.moc"
