#include "support/sandboxprocess.h"
#include "support/waiting.h"

#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>

using namespace Qt::Literals::StringLiterals;
using cloudnode::patience;
using cloudnode::test::SandboxProcess;

namespace {

const QString program = QStringLiteral(CLOUDNODE_BIN_DIR "/cloudnode-sandbox");
const QString heartbeatPath = u"/api/v1/cloud-node/u/heartbeat"_s;

struct Ended {
    int exitCode = -1;
    bool normally = false;
    QString output;
    QString errors;
};

/// Runs it to its end, with an empty standard input.
Ended run(const QStringList &options)
{
    QProcess process;
    process.setStandardInputFile(QProcess::nullDevice());
    process.start(program, options);
    if (!QTest::qWaitFor([&] { return process.state() == QProcess::NotRunning; }, patience))
        return {};
    return {process.exitCode(), process.exitStatus() == QProcess::NormalExit,
            QString::fromUtf8(process.readAllStandardOutput()),
            QString::fromUtf8(process.readAllStandardError())};
}

/// The HTTP status that a heartbeat with this body is answered with; 0: none.
int beat(const QUrl &apiUrl, const QByteArray &body)
{
    QNetworkAccessManager network;
    QNetworkRequest request(QUrl(apiUrl.toString() + heartbeatPath));
    request.setRawHeader("Authorization", "Token sandbox-token");
    request.setRawHeader("Content-Type", "application/json");
    request.setRawHeader("Accept", "application/json");
    const std::unique_ptr<QNetworkReply> reply(network.post(request, body));
    if (!QTest::qWaitFor([&] { return reply->isFinished(); }, patience))
        return 0;
    return reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
}

/// The process whose parent is `parent`; 0: none.
qint64 childOf(qint64 parent)
{
    const QString path = u"/proc/%1/task/%1/children"_s.arg(parent);
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll().trimmed().split(' ').first().toLongLong() : 0;
}

bool isGone(qint64 pid)
{
    QFile file(u"/proc/%1/stat"_s.arg(pid));
    return !file.open(QIODevice::ReadOnly) || file.readAll().contains(") Z ");
}

bool accepts(quint16 port)
{
    QTcpSocket socket;
    socket.connectToHost(QHostAddress::LocalHost, port);
    return QTest::qWaitFor([&] { return socket.state() == QAbstractSocket::ConnectedState; }, patience);
}

} // namespace

class TestSandbox : public QObject {
    Q_OBJECT

private slots:
    void explainsItself();
    void refusesWrongOptions_data();
    void refusesWrongOptions();
    void saysWhyItCannotRun_data();
    void saysWhyItCannotRun();
    void bringsABroker();
    void keepsAJournal();
    void speaksToPeople();
    void exitsWithThreeAfterABreach();
    void breachFailsTheHelperToo();
    void faultsCanBeSetAndCleared();
    void refusesFaultsThatAreNone();
    void takesItsBrokerAlong_data();
    void takesItsBrokerAlong();
};

void TestSandbox::explainsItself()
{
    const Ended help = run({u"--help"_s});
    QCOMPARE(help.exitCode, 0);
    for (const auto &option : {u"--port"_s, u"--mqtt-port"_s, u"--token"_s, u"--fail"_s, u"--legacy-paths"_s,
                               u"--no-broker"_s, u"--journal"_s, u"--human"_s, u"--until-eof"_s,
                               u"--control-plane"_s, u"--any-workload"_s, u"--use-broker"_s, u"--store"_s})
        QVERIFY2(help.output.contains(option), qPrintable(option));
    const Ended version = run({u"--version"_s});
    QCOMPARE(version.exitCode, 0);
    QVERIFY2(version.output.startsWith(u"cloudnode-sandbox "_s), qPrintable(version.output));
}

void TestSandbox::refusesWrongOptions_data()
{
    QTest::addColumn<QStringList>("options");
    QTest::addColumn<QString>("words");
    QTest::newRow("unknown") << QStringList{u"--dance"_s} << u"dance"_s;
    QTest::newRow("a word too many") << QStringList{u"now"_s} << u"\"now\" is too much"_s;
    QTest::newRow("a port that is none") << QStringList{u"--port"_s, u"70000"_s} << u"--port: \"70000\""_s;
    QTest::newRow("a broker port that is none")
        << QStringList{u"--mqtt-port"_s, u"x"_s} << u"--mqtt-port: \"x\""_s;
    QTest::newRow("a fault that is none") << QStringList{u"--fail"_s, u"register=200"_s} << u"register=200"_s;
    QTest::newRow("a control plane that is none")
        << QStringList{u"--control-plane"_s, u"ctrl"_s} << u"--control-plane: \"ctrl\""_s;
    QTest::newRow("requests over MQTT without a broker")
        << QStringList{u"--control-plane"_s, u"mqtt"_s, u"--no-broker"_s} << u"need a broker"_s;
    QTest::newRow("a broker elsewhere that is no port")
        << QStringList{u"--use-broker"_s, u"host:1883"_s} << u"--use-broker: \"host:1883\""_s;
    QTest::newRow("a store that is no folder")
        << QStringList{u"--store"_s, u"/no/such/folder"_s} << u"/no/such/folder"_s;
    QTest::newRow("an empty token") << QStringList{u"--token"_s, QString()} << u"token is empty"_s;
}

void TestSandbox::refusesWrongOptions()
{
    QFETCH(QStringList, options);
    QFETCH(QString, words);
    const Ended ended = run(options);
    QVERIFY(ended.normally);
    QCOMPARE(ended.exitCode, 2);
    QVERIFY2(ended.errors.contains(words), qPrintable(ended.errors));
    QVERIFY(ended.output.isEmpty());
}

void TestSandbox::saysWhyItCannotRun_data()
{
    QTest::addColumn<QStringList>("options");
    QTest::addColumn<QString>("value"); // empty: a port that is taken
    QTest::newRow("the port of the REST API is taken")
        << QStringList{u"--no-broker"_s, u"--port"_s} << QString();
    QTest::newRow("the port of the broker is taken") << QStringList{u"--mqtt-port"_s} << QString();
    QTest::newRow("the journal's folder is missing")
        << QStringList{u"--no-broker"_s, u"--journal"_s} << u"/no/such/folder/journal"_s;
}

void TestSandbox::saysWhyItCannotRun()
{
    QFETCH(QStringList, options);
    QFETCH(QString, value);
    QTcpServer taken;
    QVERIFY(taken.listen(QHostAddress::LocalHost));
    if (value.isEmpty())
        value = QString::number(taken.serverPort());
    const Ended ended = run(options << value);
    QVERIFY(ended.normally);
    QCOMPARE(ended.exitCode, 1);
    QVERIFY2(ended.errors.contains(value), qPrintable(ended.errors));
    QVERIFY2(!ended.output.contains(u"\"ready\""_s), qPrintable(ended.output));
}

void TestSandbox::bringsABroker()
{
    SandboxProcess sandbox({u"--mqtt-port"_s, u"0"_s});
    const auto started = sandbox.start();
    QVERIFY2(started, started ? "" : qPrintable(started.error().text()));
    QVERIFY(sandbox.mqttPort() != 0);
    QVERIFY(accepts(sandbox.mqttPort()));
    QCOMPARE(sandbox.token(), u"sandbox-token"_s);
    QCOMPARE(sandbox.events().first()[u"event"_s].toString(), u"ready"_s);
    QCOMPARE(sandbox.events().first()[u"mqtt_host"_s].toString(), u"127.0.0.1"_s);
    QVERIFY(sandbox.stop());
    QCOMPARE(sandbox.events().last()[u"event"_s].toString(), u"stopped"_s);
}

void TestSandbox::keepsAJournal()
{
    QTemporaryDir folder;
    const QString path = folder.filePath(u"journal"_s);
    SandboxProcess sandbox({u"--journal"_s, path});
    QVERIFY(sandbox.start());
    QCOMPARE(beat(sandbox.apiUrl(), "{}"), 404);
    QVERIFY(sandbox.stop());
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QList<QJsonObject> written;
    while (!file.atEnd())
        written << QJsonDocument::fromJson(file.readLine()).object();
    QCOMPARE(written, sandbox.events());
    QCOMPARE(written.size(), 3); // ready, refused, stopped
}

void TestSandbox::speaksToPeople()
{
    const Ended ended = run({u"--no-broker"_s, u"--human"_s, u"--until-eof"_s, u"--token"_s, u"hush"_s});
    QCOMPARE(ended.exitCode, 0);
    QVERIFY2(ended.output.contains(u"  stopped "_s) && !ended.output.contains(u'{'),
             qPrintable(ended.output));
}

void TestSandbox::exitsWithThreeAfterABreach()
{
    QProcess process;
    process.start(program, {u"--no-broker"_s});
    QVERIFY(QTest::qWaitFor([&] { return process.canReadLine(); }, patience));
    const QJsonObject ready = QJsonDocument::fromJson(process.readLine()).object();
    QCOMPARE(beat(QUrl(ready[u"api_url"_s].toString()), R"({"extra":1})"), 400);
    QVERIFY(QTest::qWaitFor([&] { return process.canReadLine(); }, patience));
    const QJsonObject breach = QJsonDocument::fromJson(process.readLine()).object();
    QCOMPARE(breach[u"event"_s].toString(), u"breach"_s);
    QCOMPARE(breach[u"path"_s].toString(), heartbeatPath);
    QVERIFY(breach[u"reason"_s].toString().contains(u"\"extra\""_s));
    process.terminate();
    QVERIFY(QTest::qWaitFor([&] { return process.state() == QProcess::NotRunning; }, patience));
    QCOMPARE(process.exitStatus(), QProcess::NormalExit);
    QCOMPARE(process.exitCode(), 3);
}

void TestSandbox::breachFailsTheHelperToo()
{
    SandboxProcess sandbox;
    QVERIFY(sandbox.start());
    QCOMPARE(beat(sandbox.apiUrl(), "nonsense"), 400);
    const auto stopped = sandbox.stop();
    QVERIFY(!stopped);
    QVERIFY2(stopped.error().text().contains(u"not JSON"_s), qPrintable(stopped.error().text()));
}

void TestSandbox::faultsCanBeSetAndCleared()
{
    SandboxProcess sandbox({u"--fail"_s, u"heartbeat=503"_s});
    QVERIFY(sandbox.start());
    QCOMPARE(beat(sandbox.apiUrl(), "{}"), 503);
    QVERIFY(sandbox.fail({u"heartbeat=500:1"_s, u"heartbeat=429:1"_s}));
    QCOMPARE(beat(sandbox.apiUrl(), "{}"), 500);
    QCOMPARE(beat(sandbox.apiUrl(), "{}"), 429);
    QCOMPARE(beat(sandbox.apiUrl(), "{}"), 404);
    QVERIFY(sandbox.fail({u"heartbeat=503"_s}));
    QVERIFY(sandbox.fail({u"heartbeat=none"_s}));
    QCOMPARE(beat(sandbox.apiUrl(), "{}"), 404);
    QVERIFY(sandbox.fail({u"heartbeat=slow=1:1"_s})); // late, but the same answer
    QCOMPARE(beat(sandbox.apiUrl(), "{}"), 404);
    QVERIFY(sandbox.stop());
    QCOMPARE(sandbox.events(u"fault"_s).size(), 4);
}

void TestSandbox::refusesFaultsThatAreNone()
{
    SandboxProcess sandbox;
    QVERIFY(sandbox.start());
    for (const QStringList &faults :
         {QStringList{}, {u"dance=503"_s}, {u"dance=none"_s}, {u"log=503"_s, u"log"_s}})
        QVERIFY(!sandbox.fail(faults));
    QVERIFY(!sandbox.forget(u"nobody"_s));
    QVERIFY(!sandbox.log(u"nobody"_s, u"stdout"_s));
    QVERIFY(sandbox.stop()); // none of this is a breach of the node's contract
}

void TestSandbox::takesItsBrokerAlong_data()
{
    QTest::addColumn<int>("signalNumber"); // 0: the end of its input
    QTest::newRow("on SIGTERM") << SIGTERM;
    QTest::newRow("on SIGINT") << SIGINT;
    QTest::newRow("on SIGKILL") << SIGKILL;
    QTest::newRow("at the end of its input") << 0;
}

void TestSandbox::takesItsBrokerAlong()
{
    QFETCH(int, signalNumber);
    QProcess process;
    process.start(program, {u"--until-eof"_s});
    QVERIFY(QTest::qWaitFor([&] { return process.canReadLine(); }, patience));
    const qint64 broker = childOf(process.processId());
    QVERIFY(broker > 0);
    QVERIFY(!isGone(broker));
    if (signalNumber == 0)
        process.closeWriteChannel();
    else
        QCOMPARE(::kill(static_cast<pid_t>(process.processId()), signalNumber), 0);
    QVERIFY(QTest::qWaitFor([&] { return process.state() == QProcess::NotRunning; }, patience));
    if (signalNumber != SIGKILL) {
        QCOMPARE(process.exitStatus(), QProcess::NormalExit);
        QCOMPARE(process.exitCode(), 0);
    }
    WAIT_FOR(isGone(broker));
}

QTEST_GUILESS_MAIN(TestSandbox)
#include "tst_sandbox.moc"
