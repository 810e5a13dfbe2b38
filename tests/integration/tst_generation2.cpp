#include "sandbox/brokerprocess.h"
#include "support/clirun.h"
#include "support/mqttbackend.h"
#include "support/nodeprocess.h"
#include "support/sandboxprocess.h"
#include "support/waiting.h"

#include <QDirIterator>
#include <QFile>
#include <QJsonDocument>
#include <QSignalSpy>
#include <QTest>

using namespace Qt::Literals::StringLiterals;
using namespace cloudnode;
using sandbox::BrokerProcess;
using test::CliRun;
using test::MqttBackend;
using test::SandboxProcess;

namespace {

const QString token = u"sesame-open-wide"_s;

QJsonObject success(QJsonObject more = {})
{
    more[u"success"_s] = true;
    return more;
}

} // namespace

/// A node and a cloud of generation 2, which is spoken to over MQTT: how it is found, and what can go wrong
/// with it. Source: WIRE contract, "Failures".
class TestGeneration2 : public QObject {
    Q_OBJECT

private slots:
    void cleanup();

    void keepsItsIdentity();
    void comesToKnowATokenThatIsRejected();
    void aWrongTokenEndsIt();
    void anInstanceThatIsGoneIsReplaced();
    void anInstanceThatWasTerminatedIsRegisteredAgain();
    void makesNoStormOfInstances_data();
    void makesNoStormOfInstances();
    void otherFailuresAreCounted();
    void registersUntilItIsTaken();
    void needsAUuidAndASlug();

    void findsOutByItself();
    void leavesTheTokenOutOfTopicsWhereItCan();
    void saysThatThereIsNothingOverRest();
    void theTokenShowsNowhere();

private:
    void open(const QStringList &options = {u"--control-plane"_s, u"mqtt"_s});
    void speakMqtt(QStringList lines = {});
    CliRun cli(const QStringList &arguments) const;
    qsizetype count(const QString &operation) const { return m_sandbox->events(operation).size(); }

    std::unique_ptr<SandboxProcess> m_sandbox;
    std::unique_ptr<NodeProcess> m_node;
};

void TestGeneration2::cleanup()
{
    m_node.reset();
    if (const auto sandbox = std::move(m_sandbox)) {
        const auto stopped = sandbox->stop();
        QVERIFY2(stopped, qPrintable(stopped ? QString() : stopped.error().text()));
    }
}

void TestGeneration2::open(const QStringList &options)
{
    m_sandbox = std::make_unique<SandboxProcess>(QStringList{u"--mqtt-port"_s, u"0"_s, u"--token"_s, token} +
                                                 options);
    const auto started = m_sandbox->start();
    QVERIFY2(started, qPrintable(started ? QString() : started.error().text()));
    m_node = std::make_unique<NodeProcess>(m_sandbox->apiUrl(), m_sandbox->mqttPort());
    m_node->environment.insert(u"CYBERWAVE_API_TOKEN"_s, token);
}

/// The node need not find out.
void TestGeneration2::speakMqtt(QStringList lines)
{
    m_node->configure(lines << u"control_plane: mqtt"_s << u"heartbeat_interval: 1"_s);
}

CliRun TestGeneration2::cli(const QStringList &arguments) const
{
    QProcess process;
    process.setProcessEnvironment(m_node->environment);
    process.start(QStringLiteral(CLOUDNODE_BIN_DIR "/cloudnode"),
                  arguments + QStringList{u"--state-dir"_s, m_node->stateDir()});
    return CliRun::of(process);
}

/// Weakness W20 of the reference: a new instance with every start.
void TestGeneration2::keepsItsIdentity()
{
    open();
    speakMqtt();
    m_node->arguments << u"--slug"_s << u"my-gpu"_s;
    QVERIFY2(m_node->startAndWait(), qPrintable(m_node->log()));
    const QString uuid = m_node->uuid();
    QCOMPARE(m_node->slug(), u"my-gpu"_s);
    m_node->kill();
    QVERIFY(m_node->startAndWait());
    m_node->terminate();
    QVERIFY(m_node->waitUntilEnded());
    QCOMPARE(m_node->exitCode(), 0);
    WAIT_FOR(count(u"terminated"_s) == 1);
    QVERIFY(m_node->startAndWait());
    QCOMPARE(m_node->uuid(), uuid);
    QCOMPARE(count(u"create"_s), 1);
    QCOMPARE(count(u"register"_s), 3);
}

/// Five times in a row mean it; what happens once may be the backend's own trouble. Takes its real time.
void TestGeneration2::comesToKnowATokenThatIsRejected()
{
    open();
    speakMqtt();
    QVERIFY(m_sandbox->fail({u"heartbeat=401:1"_s}));
    QVERIFY2(m_node->startAndWait(), qPrintable(m_node->log()));
    WAIT_FOR(count(u"heartbeat"_s) > 0); // all is forgotten
    QVERIFY(m_sandbox->fail({u"heartbeat=401"_s}));
    QVERIFY(QTest::qWaitFor([&] { return !m_node->isRunning(); }, 2 * patience));
    QCOMPARE(m_node->exitCode(), 77);
    QCOMPARE(count(u"fault"_s), 1 + 5);
    QVERIFY2(m_node->log().contains(u"the API token was not accepted"_s) &&
                 m_node->log().contains(u"Check CYBERWAVE_API_TOKEN"_s),
             qPrintable(m_node->log()));
    QCOMPARE(count(u"terminated"_s), 1); // in order
}

void TestGeneration2::aWrongTokenEndsIt()
{
    open();
    speakMqtt();
    m_node->environment.insert(u"CYBERWAVE_API_TOKEN"_s, u"another-secret-token"_s);
    m_node->start();
    QVERIFY(m_node->waitUntilEnded());
    QCOMPARE(m_node->exitCode(), 77);
    QVERIFY2(m_node->log().contains(u"the API token was not accepted"_s), qPrintable(m_node->log()));
    QVERIFY(!m_node->log().contains(u"another-secret-token"_s));
    QCOMPARE(count(u"unauthorized"_s), 1);
    QCOMPARE(count(u"create"_s), 0);
}

void TestGeneration2::anInstanceThatIsGoneIsReplaced()
{
    open();
    speakMqtt();
    QVERIFY2(m_node->startAndWait(), qPrintable(m_node->log()));
    const QString uuid = m_node->uuid();
    QVERIFY(m_sandbox->forget(uuid));
    WAIT_FOR(m_node->log().count(u" ready: "_s) == 2);
    QVERIFY(m_node->uuid() != uuid);
    QCOMPARE(count(u"create"_s), 2);
    const auto isOfTheNewOne = [this](const QJsonObject &event) {
        return event.value("uuid"_L1) == m_node->uuid();
    };
    QVERIFY(m_sandbox->waitForEvent(u"heartbeat"_s, isOfTheNewOne));
}

void TestGeneration2::anInstanceThatWasTerminatedIsRegisteredAgain()
{
    open();
    speakMqtt();
    QVERIFY2(m_node->startAndWait(), qPrintable(m_node->log()));
    QVERIFY(m_sandbox->terminate(m_node->uuid()));
    WAIT_FOR(count(u"register"_s) == 2);
    const qsizetype beats = count(u"heartbeat"_s);
    WAIT_FOR(count(u"heartbeat"_s) > beats);
    QCOMPARE(count(u"create"_s), 1);
}

void TestGeneration2::makesNoStormOfInstances_data()
{
    QTest::addColumn<QStringList>("faults");
    QTest::addColumn<int>("mostInstances");
    QTest::newRow("registering helps for a moment") << QStringList{u"heartbeat=404"_s} << 1;
    QTest::newRow("nothing helps") << QStringList{u"heartbeat=404"_s, u"register=404"_s} << 5;
}

/// The reference made eight instances a second. Here the pauses are 0, 1, 2, 4 ... seconds, or half of that.
void TestGeneration2::makesNoStormOfInstances()
{
    QFETCH(const QStringList, faults);
    QFETCH(const int, mostInstances);
    open();
    speakMqtt();
    QVERIFY2(m_node->startAndWait(), qPrintable(m_node->log()));
    QVERIFY(m_sandbox->fail(faults));
    WAIT_FOR(m_node->log().contains(u"registering again in 0.0 s"_s));
    QTest::qWait(3000);
    QVERIFY(m_node->isRunning());
    QVERIFY2(count(u"create"_s) <= mostInstances, qPrintable(QString::number(count(u"create"_s))));
    const qsizetype asked = count(u"register"_s) + count(u"fault"_s);
    QVERIFY2(asked <= 16, qPrintable(QString::number(asked)));
    for (const QString &operation : {u"heartbeat=none"_s, u"register=none"_s})
        QVERIFY(m_sandbox->fail({operation}));
    const qsizetype beats = count(u"heartbeat"_s);
    WAIT_FOR(count(u"heartbeat"_s) > beats); // all is well again, by itself
}

void TestGeneration2::otherFailuresAreCounted()
{
    open();
    speakMqtt();
    QVERIFY(m_sandbox->fail({u"heartbeat=500:1"_s, u"heartbeat=badjson:1"_s, u"heartbeat=empty:1"_s,
                             u"heartbeat=html:1"_s, u"heartbeat=409:1"_s, u"heartbeat=twice:1"_s}));
    QVERIFY2(m_node->startAndWait(), qPrintable(m_node->log()));
    WAIT_FOR(count(u"heartbeat"_s) >= 2);
    QVERIFY2(m_node->log().contains(u"heartbeat failed (5 in a row)"_s), qPrintable(m_node->log()));
    QVERIFY(!m_node->log().contains(u"heartbeat failed (6"_s));
    const CliRun status = cli({u"status"_s, u"--json"_s});
    const QJsonObject beat = QJsonDocument::fromJson(status.out.toUtf8())["heartbeat"_L1].toObject();
    QCOMPARE(beat.value("failures"_L1), 0);
    QCOMPARE(beat.value("failures_total"_L1), 5);
    QCOMPARE(count(u"register"_s), 1);
}

void TestGeneration2::registersUntilItIsTaken()
{
    open();
    speakMqtt();
    QVERIFY(m_sandbox->fail({u"create=badjson:1"_s, u"register=500:1"_s}));
    QVERIFY2(m_node->startAndWait(), qPrintable(m_node->log()));
    QCOMPARE(m_node->log().count(u"not registered yet"_s), 2);
    QCOMPARE(count(u"create"_s), 1); // the failed registration leaks none
    QCOMPARE(count(u"register"_s), 1);
}

/// The reference ends over such an answer.
void TestGeneration2::needsAUuidAndASlug()
{
    BrokerProcess broker;
    QSignalSpy ready(&broker, &BrokerProcess::ready);
    broker.start();
    QVERIFY(ready.wait(patience));
    MqttBackend backend(broker.port());
    QVERIFY(backend.start());
    const QList<QJsonObject> useless = {success({{u"slug"_s, u"s"_s}}),
                                        success({{u"uuid"_s, u"a/#"_s}, {u"slug"_s, u"s"_s}})};
    backend.answerBy([&](const MqttBackend::Request &request) {
        if (!request.topic.endsWith(u"/request-instance"_s))
            return success();
        const qsizetype asked = backend.requests(u"/request-instance"_s).size();
        return asked <= useless.size() ? useless.at(asked - 1)
                                       : success({{u"uuid"_s, u"the-uuid"_s}, {u"slug"_s, u"the-slug"_s}});
    });
    m_node = std::make_unique<NodeProcess>(QUrl(u"http://127.0.0.1:1"_s), broker.port());
    speakMqtt();
    QVERIFY2(m_node->startAndWait(), qPrintable(m_node->log()));
    QCOMPARE(m_node->log().count(u"names no usable uuid and slug"_s), useless.size());
    QCOMPARE(m_node->uuid(), u"the-uuid"_s);
    QCOMPARE(m_node->slug(), u"the-slug"_s);
}

void TestGeneration2::findsOutByItself()
{
    open();
    const auto overRest = [](const QJsonObject &event) {
        return event.value("path"_L1).toString().contains(u"/cloud-node"_s);
    };
    QVERIFY2(m_node->startAndWait(), qPrintable(m_node->log()));
    QCOMPARE(m_sandbox->events(u"refused"_s, overRest).size(), 1); // asked there first
    QFile memory(m_node->stateFile(u"control_plane.json"_s));
    QVERIFY(memory.open(QIODevice::ReadOnly));
    QCOMPARE(QJsonDocument::fromJson(memory.readAll()).object().value(m_sandbox->apiUrl().toString()),
             u"mqtt"_s);
    QVERIFY(!(memory.permissions() & (QFile::ReadGroup | QFile::ReadOther)));
    const CliRun status = cli({u"status"_s});
    QVERIFY2(status.out.contains(m_sandbox->apiUrl().toString() + u", over MQTT"_s), qPrintable(status.out));
    const CliRun doctor = cli({u"doctor"_s});
    QVERIFY2(doctor.out.contains(u"MQTT, as the last time"_s), qPrintable(doctor.out));

    m_node->kill();
    QVERIFY2(m_node->startAndWait(), qPrintable(m_node->log()));
    QCOMPARE(m_sandbox->events(u"refused"_s, overRest).size(), 1); // and never again
    QCOMPARE(count(u"create"_s), 1);
}

/// A broker of generation 1 is no place for a token.
void TestGeneration2::leavesTheTokenOutOfTopicsWhereItCan()
{
    open({u"--control-plane"_s, u"rest"_s});
    MqttBackend watcher(m_sandbox->mqttPort());
    QVERIFY(watcher.start());
    m_node->configure({u"heartbeat_interval: 1"_s});
    QVERIFY(m_sandbox->fail({u"create=503:1"_s, u"create=html:1"_s}));
    QVERIFY2(m_node->startAndWait(), qPrintable(m_node->log()));
    QVERIFY(m_sandbox->forget(m_node->uuid()));
    WAIT_FOR(m_node->log().count(u" ready: "_s) == 2);
    m_node->terminate();
    QVERIFY(m_node->waitUntilEnded());
    QVERIFY(!watcher.topics().contains(token));
    QCOMPARE(watcher.requests().size(), 0); // nothing at all was asked over MQTT
    QCOMPARE(watcher.topics().filter(u"cloud-node-token"_s), QStringList());
}

void TestGeneration2::saysThatThereIsNothingOverRest()
{
    open();
    m_node->configure({u"control_plane: rest"_s});
    m_node->start();
    WAIT_FOR(m_node->log().contains(u"not registered yet"_s));
    QVERIFY2(m_node->log().contains(u"control_plane"_s), qPrintable(m_node->log()));
    const CliRun status = cli({u"status"_s});
    QVERIFY2(status.out.contains(u"control_plane"_s), qPrintable(status.out)); // as the remedy
    QVERIFY(m_node->isRunning());
    m_node->terminate();
    QVERIFY(m_node->waitUntilEnded());
    QCOMPARE(count(u"create"_s), 0);
}

void TestGeneration2::theTokenShowsNowhere()
{
    open();
    speakMqtt({u"inference: echo hello"_s});
    m_node->arguments << u"-v"_s;
    QVERIFY(m_sandbox->fail(
        {u"create=400:1"_s, u"register=503:1"_s, u"heartbeat=500:1"_s, u"heartbeat=401:1"_s}));
    QVERIFY2(m_node->startAndWait(), qPrintable(m_node->log()));
    WAIT_FOR(count(u"heartbeat"_s) > 0);
    const CliRun status = cli({u"status"_s, u"--json"_s});
    QVERIFY(!(status.out + status.err).contains(token));
    m_node->terminate();
    QVERIFY(m_node->waitUntilEnded());
    QVERIFY2(m_node->log().contains(u"request-instance"_s), qPrintable(m_node->log())); // it was spoken of
    QVERIFY(!m_node->log().contains(token));
    QDirIterator files(m_node->stateDir(), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        QFile file(files.next());
        QVERIFY(file.open(QIODevice::ReadOnly));
        QVERIFY2(!file.readAll().contains(token.toUtf8()), qPrintable(file.fileName()));
    }
}

QTEST_GUILESS_MAIN(TestGeneration2)
#include "tst_generation2.moc"
