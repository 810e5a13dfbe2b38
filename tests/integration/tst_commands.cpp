#include "support/foldernames.h"
#include "support/nodeprocess.h"
#include "support/processes.h"
#include "support/requester.h"
#include "support/sandboxprocess.h"
#include "support/waiting.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

using namespace Qt::Literals::StringLiterals;
using namespace cloudnode;
using cloudnode::test::isAlive;
using test::SandboxProcess;

/// What a requester sees of a node: the real programs, a real broker, the stand-in backend.
class TestCommands : public QObject {
    Q_OBJECT

private slots:
    void init();
    void cleanup();

    void acknowledgesAndReportsTheOutput_data();
    void acknowledgesAndReportsTheOutput();
    void reportsFailures();
    void reportsTheSignalThatEndedIt();
    void reportsTheEndOfLongOutput();
    void paramsReachTheCommandByteForByte_data();
    void paramsReachTheCommandByteForByte();
    void largeBodiesNeedAFile();
    void tellsTheWorkloadAboutItself();
    void keepsTheTokenToItself();
    void answersStatus();
    void refusesWhenBusy();
    void runsAsManyAsConfigured();
    void answersWhatItCannotDo_data();
    void answersWhatItCannotDo();
    void answersWithoutARequestId();
    void ignoresWhatIsNoCommand();
    void cancelsTheWholeTree_data();
    void cancelsTheWholeTree();
    void forcesWhatDoesNotStop();
    void aSecondAskerForcesIt();
    void cancellingTwiceIsAnsweredTwice();
    void endsAtTheTimeLimit();
    void aKnownRequestStartsNothing();
    void takesAssignments();
    void honoursTheEnvironmentPrefix();
    void streamsLogsWhileTheWorkloadRuns();
    void hostileRequestIdsStayInsideTheFolder();

private:
    QByteArray shipped(const QString &stream)
    {
        return m_sandbox->log(m_node->uuid(), stream).value_or(QByteArray());
    }
    void run(const QStringList &lines);
    QJsonObject finalOf(const QString &requestId);
    qint64 pidFromFile(const QString &name);
    QByteArray fileText(const QString &path);

    std::unique_ptr<SandboxProcess> m_sandbox;
    std::unique_ptr<NodeProcess> m_node;
    std::unique_ptr<Requester> m_requester;
};

namespace {

QJsonObject workloadOf(const QJsonObject &response)
{
    return response.value("workload"_L1).toObject();
}

QString errorOf(const QJsonObject &response)
{
    return response.value("error"_L1).toString();
}

} // namespace

void TestCommands::init()
{
    m_sandbox = std::make_unique<SandboxProcess>(QStringList{u"--mqtt-port"_s, u"0"_s});
    QVERIFY(m_sandbox->start());
    m_node = std::make_unique<NodeProcess>(m_sandbox->apiUrl(), m_sandbox->mqttPort());
    m_requester = std::make_unique<Requester>(m_sandbox->mqttPort());
    QVERIFY(m_requester->start());
}

void TestCommands::cleanup()
{
    m_node.reset();
    m_requester.reset();
    const auto stopped = m_sandbox->stop();
    QVERIFY2(stopped, qPrintable(stopped ? QString() : stopped.error().text()));
    m_sandbox.reset();
}

void TestCommands::run(const QStringList &lines)
{
    m_node->configure(lines);
    QVERIFY2(m_node->startAndWait(), qPrintable(m_node->log()));
}

QJsonObject TestCommands::finalOf(const QString &requestId)
{
    [&] { WAIT_FOR(!m_requester->final(requestId).isEmpty()); }();
    return m_requester->final(requestId);
}

qint64 TestCommands::pidFromFile(const QString &name)
{
    const QString path = m_node->projectFile(name);
    [&] { WAIT_FOR(fileText(path).endsWith('\n')); }();
    return fileText(path).trimmed().toLongLong();
}

QByteArray TestCommands::fileText(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

void TestCommands::acknowledgesAndReportsTheOutput_data()
{
    QTest::addColumn<QString>("command");
    QTest::addColumn<bool>("bySlug");
    QTest::newRow("inference, to the slug") << u"inference"_s << true;
    QTest::newRow("inference, to the uuid") << u"inference"_s << false;
    QTest::newRow("training, to the slug") << u"training"_s << true;
    QTest::newRow("simulate, to the uuid") << u"simulate"_s << false;
}

void TestCommands::acknowledgesAndReportsTheOutput()
{
    QFETCH(QString, command);
    QFETCH(bool, bySlug);
    run({command + u": 'echo hello {body}; echo aside >&2'"_s});
    m_requester->send(bySlug ? m_node->slug() : m_node->uuid(), command, u"r1"_s, QJsonObject{{u"a"_s, 1}});
    const QJsonObject result = finalOf(u"r1"_s);
    const QJsonObject ack = m_requester->acknowledgement(u"r1"_s);

    QCOMPARE(m_requester->to(u"r1"_s), (QList<QJsonObject>{ack, result}));
    for (const QJsonObject &response : {ack, result}) {
        QCOMPARE(response.value("status"_L1), u"ok"_s);
        QCOMPARE(response.value("slug"_L1), m_node->slug());
        QCOMPARE(response.value("instance_uuid"_L1), m_node->uuid());
        QVERIFY(!response.contains("error"_L1));
    }
    const QJsonObject about = ack.value("output"_L1).toObject();
    QCOMPARE(about.value("message"_L1), command + u" started in background"_s);
    QCOMPARE(about.value("status"_L1), u"running"_s);
    QCOMPARE(about.value("workload_type"_L1), command);
    QVERIFY(about.value("pid"_L1).toInteger() > 1);
    QCOMPARE(workloadOf(ack).value("pid"_L1), about.value("pid"_L1));

    QCOMPARE(result.value("output"_L1), u"hello {\"a\":1}\n"_s);
    const QJsonObject workload = workloadOf(result);
    QCOMPARE(workload.value("pid"_L1), about.value("pid"_L1));
    QCOMPARE(workload.value("type"_L1), command);
    QCOMPARE(workload.value("status"_L1), u"completed"_s);
    QCOMPARE(workload.value("success"_L1), true);
    QCOMPARE(workload.value("exit_code"_L1), 0);
    QVERIFY(workload.value("signal"_L1).isNull());
    QVERIFY(workload.value("duration_seconds"_L1).isDouble());
    QCOMPARE(workload.value("output_truncated"_L1), false);
    QCOMPARE(fileText(m_node->stateFile(u"workload_logs/%1_r1.stdout.log"_s.arg(command))),
             "hello {\"a\":1}\n");
    QCOMPARE(fileText(m_node->stateFile(u"workload_logs/%1_r1.stderr.log"_s.arg(command))), "aside\n");
}

void TestCommands::reportsFailures()
{
    run({u"inference: 'echo partly; echo it broke >&2; exit 3'"_s});
    m_requester->send(m_node->slug(), u"inference"_s, u"r1"_s);
    const QJsonObject result = finalOf(u"r1"_s);
    QCOMPARE(result.value("status"_L1), u"error"_s);
    QVERIFY2(errorOf(result).contains(u"exit code 3"_s), qPrintable(errorOf(result)));
    QVERIFY2(errorOf(result).endsWith(u"it broke\n"_s), qPrintable(errorOf(result)));
    QCOMPARE(result.value("output"_L1), u"partly\n"_s);
    QCOMPARE(workloadOf(result).value("status"_L1), u"failed"_s);
    QCOMPARE(workloadOf(result).value("success"_L1), false);
    QCOMPARE(workloadOf(result).value("exit_code"_L1), 3);
}

void TestCommands::reportsTheSignalThatEndedIt()
{
    run({u"inference: 'kill -SEGV $$'"_s});
    m_requester->send(m_node->slug(), u"inference"_s, u"r1"_s);
    const QJsonObject workload = workloadOf(finalOf(u"r1"_s));
    QCOMPARE(workload.value("status"_L1), u"failed"_s);
    QCOMPARE(workload.value("signal"_L1), u"SIGSEGV"_s);
    QCOMPARE(workload.value("exit_code"_L1), -11);
}

void TestCommands::reportsTheEndOfLongOutput()
{
    run({u"inference: 'seq 1 100000'"_s});
    m_requester->send(m_node->slug(), u"inference"_s, u"r1"_s);
    const QJsonObject result = finalOf(u"r1"_s);
    const QString output = result.value("output"_L1).toString();
    QVERIFY(output.size() <= 64 * 1024);
    QVERIFY(output.size() > 60 * 1024);
    QVERIFY(output.endsWith(u"99999\n100000\n"_s));
    QCOMPARE(workloadOf(result).value("output_truncated"_L1), true);
}

void TestCommands::paramsReachTheCommandByteForByte_data()
{
    QTest::addColumn<QString>("text");
    QTest::newRow("a command substitution") << u"$(touch pwned)"_s;
    QTest::newRow("backquotes") << u"`touch pwned`"_s;
    QTest::newRow("an end of the quotes") << u"'; touch pwned; '"_s;
    QTest::newRow("double quotes") << u"\"; touch pwned; \""_s;
    QTest::newRow("a line break") << u"\ntouch pwned\n"_s;
    QTest::newRow("a placeholder") << u"{request_id} {body} {body_file}"_s;
    QTest::newRow("a backslash at the end") << u"\\"_s;
    QTest::newRow("characters of everywhere") << u"äλ漢🚀"_s;
    QTest::newRow("variables") << u"$HOME ${PATH} !!"_s;
}

void TestCommands::paramsReachTheCommandByteForByte()
{
    QFETCH(QString, text);
    run({u"inference: printf %s {body}"_s});
    const QJsonObject params{{u"x"_s, text}};
    m_requester->send(m_node->slug(), u"inference"_s, u"r1"_s, params);
    const QString output = finalOf(u"r1"_s).value("output"_L1).toString();
    QCOMPARE(QJsonDocument::fromJson(output.toUtf8()).object(), params);
    QVERIFY(!QFile::exists(m_node->projectFile(u"pwned"_s)));
}

void TestCommands::largeBodiesNeedAFile()
{
    const QJsonObject large{{u"x"_s, QString(300'000, u'x')}};
    run({u"inference: 'wc -c < {body_file}'"_s, u"training: echo {body}"_s});
    m_requester->send(m_node->slug(), u"training"_s, u"inline"_s, large);
    const QString error = errorOf(finalOf(u"inline"_s));
    QVERIFY2(error.contains(u"{body_file}"_s) && error.contains(u"body_mode: file"_s), qPrintable(error));
    m_requester->send(m_node->slug(), u"inference"_s, u"file"_s, large);
    QCOMPARE(finalOf(u"file"_s).value("output"_L1).toString().trimmed(), u"300008"_s);

    m_node->kill();
    run({u"training: 'wc -c < {body}'"_s, u"body_mode: file"_s});
    m_requester->send(m_node->slug(), u"training"_s, u"mode"_s, large);
    QCOMPARE(finalOf(u"mode"_s).value("output"_L1).toString().trimmed(), u"300008"_s);
}

void TestCommands::tellsTheWorkloadAboutItself()
{
    run({u"training: 'echo $CYBERWAVE_REQUEST_ID $CYBERWAVE_WORKLOAD_TYPE {request_id}; cat $CYBERWAVE_PARAMS_FILE; pwd'"_s});
    m_requester->send(m_node->slug(), u"training"_s, u"r1"_s, QJsonObject{{u"a"_s, 1}});
    const QStringList lines = finalOf(u"r1"_s).value("output"_L1).toString().split(u'\n');
    QCOMPARE(lines.value(0), u"r1 training r1"_s);
    QCOMPARE(lines.value(1), u"{\"a\":1}"_s + QFileInfo(m_node->projectFile(u"."_s)).canonicalFilePath());
}

void TestCommands::keepsTheTokenToItself()
{
    run({u"inference: env"_s, u"mqtt_password: another-secret-value"_s, u"mqtt_username: me"_s});
    m_requester->send(m_node->slug(), u"inference"_s, u"r1"_s);
    const QString output = finalOf(u"r1"_s).value("output"_L1).toString();
    QVERIFY(output.contains(u"CYBERWAVE_REQUEST_ID=r1"_s));
    QVERIFY2(!output.contains(u"TOKEN"_s) && !output.contains(u"sandbox-token"_s), qPrintable(output));

    m_node->kill();
    run({u"inference: test $CYBERWAVE_API_TOKEN = sandbox-token"_s, u"expose_api_token: true"_s});
    m_requester->send(m_node->slug(), u"inference"_s, u"r2"_s);
    QCOMPARE(workloadOf(finalOf(u"r2"_s)).value("exit_code"_L1), 0);

    m_requester->send(m_node->slug(), u"inference"_s, u"r3"_s);
    QFile cmdline(u"/proc/%1/cmdline"_s.arg(m_node->pid()));
    QVERIFY(cmdline.open(QIODevice::ReadOnly));
    QVERIFY(!cmdline.readAll().contains("sandbox-token"));
    QVERIFY(!m_node->log().contains(u"sandbox-token"_s));
}

void TestCommands::answersStatus()
{
    run({u"inference: sleep 100"_s});
    m_requester->send(m_node->slug(), u"inference"_s, u"r1"_s);
    WAIT_FOR(!m_requester->acknowledgement(u"r1"_s).isEmpty());
    m_requester->send(m_node->slug(), u"status"_s, u"s1"_s);
    const QJsonObject response = finalOf(u"s1"_s);
    QCOMPARE(response.value("status"_L1), u"ok"_s);
    const QJsonObject status = response.value("output"_L1).toObject();
    QCOMPARE(status.value("slug"_L1), m_node->slug());
    QCOMPARE(status.value("instance_uuid"_L1), m_node->uuid());
    QCOMPARE(status.value("profile_slug"_L1), u"default"_s);
    QCOMPARE(status.value("has_inference"_L1), true);
    QCOMPARE(status.value("has_training"_L1), false);
    QCOMPARE(status.value("is_busy"_L1), true);
    const QJsonObject active = status.value("active_workloads"_L1).toArray().first().toObject();
    QCOMPARE(active.value("request_id"_L1), u"r1"_s);
    QCOMPARE(active.value("type"_L1), u"inference"_s);
    QCOMPARE(active.value("pid"_L1), workloadOf(m_requester->acknowledgement(u"r1"_s)).value("pid"_L1));
    QVERIFY(active.value("running_for_seconds"_L1).toDouble(-1) >= 0);
    QCOMPARE(status.value("heartbeat"_L1).toObject().value("failures"_L1), 0);
}

void TestCommands::refusesWhenBusy()
{
    run({u"inference: sleep 100"_s});
    m_requester->send(m_node->slug(), u"inference"_s, u"r1"_s);
    m_requester->send(m_node->slug(), u"inference"_s, u"r2"_s);
    const QJsonObject refusal = finalOf(u"r2"_s);
    QCOMPARE(refusal.value("status"_L1), u"error"_s);
    QVERIFY2(errorOf(refusal).contains(u"busy with 1 active workload"_s), qPrintable(errorOf(refusal)));
    QVERIFY(m_requester->final(u"r1"_s).isEmpty());
}

void TestCommands::runsAsManyAsConfigured()
{
    run({u"inference: sleep 100"_s, u"max_concurrent_workloads: 2"_s});
    for (const QString &id : {u"r1"_s, u"r2"_s, u"r3"_s})
        m_requester->send(m_node->slug(), u"inference"_s, id);
    QVERIFY(errorOf(finalOf(u"r3"_s)).contains(u"busy with 2"_s));
    WAIT_FOR(!m_requester->acknowledgement(u"r1"_s).isEmpty());
    WAIT_FOR(!m_requester->acknowledgement(u"r2"_s).isEmpty());
}

void TestCommands::answersWhatItCannotDo_data()
{
    QTest::addColumn<QString>("command");
    QTest::addColumn<QJsonValue>("params");
    QTest::addColumn<QString>("keyWords");
    QTest::newRow("an unknown command")
        << u"dance"_s << QJsonValue(QJsonObject()) << u"Unknown command 'dance'"_s;
    QTest::newRow("no template") << u"training"_s << QJsonValue(QJsonObject())
                                 << u"training command is not configured in cyberwave.yml"_s;
    QTest::newRow("params a list") << u"inference"_s << QJsonValue(QJsonArray{1})
                                   << u"params is not a JSON object"_s;
    QTest::newRow("cancel with another signal")
        << u"cancel"_s << QJsonValue(QJsonObject{{u"pid"_s, 1}, {u"signal"_s, u"SIGHUP"_s}})
        << u"Invalid signal 'SIGHUP', allowed are SIGTERM, SIGINT, SIGKILL"_s;
    QTest::newRow("cancel a stranger's process")
        << u"cancel"_s << QJsonValue(QJsonObject{{u"pid"_s, 1}}) << u"No active workload found with PID 1"_s;
    QTest::newRow("cancel a request nobody knows")
        << u"cancel"_s << QJsonValue(QJsonObject{{u"workload_request_id"_s, u"x"_s}})
        << u"No active workload found with request_id x"_s;
}

void TestCommands::answersWhatItCannotDo()
{
    QFETCH(QString, command);
    QFETCH(QJsonValue, params);
    QFETCH(QString, keyWords);
    run({u"inference: echo"_s});
    m_requester->send(m_node->slug(), command, u"r1"_s, params);
    const QJsonObject refusal = finalOf(u"r1"_s);
    QCOMPARE(refusal.value("status"_L1), u"error"_s);
    QVERIFY2(errorOf(refusal).contains(keyWords), qPrintable(errorOf(refusal)));
}

void TestCommands::answersWithoutARequestId()
{
    run({u"inference: echo hello"_s});
    m_requester->sendRaw(m_node->slug(), R"({"command":"inference"})");
    WAIT_FOR_EQUAL(m_requester->all().size(), 2);
    const QString id = m_requester->all().first().value("request_id"_L1).toString();
    QCOMPARE(id.size(), 36);
    QCOMPARE(m_requester->final(id).value("output"_L1), u"hello\n"_s);
}

void TestCommands::ignoresWhatIsNoCommand()
{
    run({u"inference: echo hello"_s});
    m_requester->sendRaw(m_node->slug(), "not JSON");
    m_requester->sendRaw(m_node->slug(), "[1,2]");
    m_requester->sendRaw(m_node->slug(), R"({"status":"ok","request_id":"echo"})");
    m_requester->send(m_node->slug(), u"inference"_s, u"r1"_s);
    QCOMPARE(finalOf(u"r1"_s).value("output"_L1), u"hello\n"_s);
    QCOMPARE(m_requester->all().size(), 2);
    QCOMPARE(m_node->log().count(u"ignored a message"_s), 3);
}

void TestCommands::cancelsTheWholeTree_data()
{
    QTest::addColumn<bool>("byPid");
    QTest::addColumn<QString>("signalName");
    QTest::newRow("by pid") << true << u"SIGTERM"_s;
    QTest::newRow("by request") << false << u"SIGTERM"_s;
    QTest::newRow("with SIGINT") << false << u"SIGINT"_s;
    QTest::newRow("with SIGKILL") << false << u"SIGKILL"_s;
}

void TestCommands::cancelsTheWholeTree()
{
    QFETCH(bool, byPid);
    QFETCH(QString, signalName);
    m_node->addFile(u"tree.sh"_s, "sleep 1000 &\necho $! > child\n"
                                  "setsid sh -c 'echo $$ > escaped; exec sleep 1000' &\nwait\nwait\n");
    run({u"training: exec bash tree.sh"_s, u"cancel_grace_seconds: 1"_s});
    m_requester->send(m_node->slug(), u"training"_s, u"r1"_s);
    const qint64 child = pidFromFile(u"child"_s);
    const qint64 escaped = pidFromFile(u"escaped"_s);
    WAIT_FOR(!m_requester->acknowledgement(u"r1"_s).isEmpty());
    const QJsonValue pid = workloadOf(m_requester->acknowledgement(u"r1"_s)).value("pid"_L1);
    QVERIFY(isAlive(child) && isAlive(escaped) && isAlive(pid.toInteger()));

    QJsonObject params =
        byPid ? QJsonObject{{u"pid"_s, pid}} : QJsonObject{{u"workload_request_id"_s, u"r1"_s}};
    params.insert(u"signal"_s, signalName);
    m_requester->send(m_node->slug(), u"cancel"_s, u"c1"_s, params);

    const QJsonObject answer = finalOf(u"c1"_s);
    QVERIFY(!isAlive(child));
    QVERIFY(!isAlive(escaped));
    QVERIFY(!isAlive(pid.toInteger()));
    QCOMPARE(answer.value("status"_L1), u"ok"_s);
    QCOMPARE(answer.value("output"_L1).toObject(),
             (QJsonObject{{u"message"_s, u"Workload cancelled with "_s + signalName},
                          {u"pid"_s, pid},
                          {u"workload_type"_s, u"training"_s},
                          {u"workload_request_id"_s, u"r1"_s},
                          {u"signal"_s, signalName}}));
    const QJsonObject result = finalOf(u"r1"_s);
    QCOMPARE(result.value("status"_L1), u"error"_s);
    QVERIFY(errorOf(result).contains(u"cancelled by "_s + signalName));
    QCOMPARE(result.value("output"_L1).toObject(),
             (QJsonObject{{u"status"_s, u"cancelled"_s}, {u"signal"_s, signalName}, {u"pid"_s, pid}}));
    QCOMPARE(workloadOf(result).value("status"_L1), u"cancelled"_s);
    QCOMPARE(workloadOf(result).value("success"_L1), false);

    m_requester->send(m_node->slug(), u"cancel"_s, u"c2"_s, QJsonObject{{u"workload_request_id"_s, u"r1"_s}});
    const QJsonObject late = finalOf(u"c2"_s);
    QCOMPARE(late.value("status"_L1), u"ok"_s);
    QVERIFY(
        late.value("output"_L1).toObject().value("message"_L1).toString().contains(u"already terminated"_s));
    QCOMPARE(m_requester->finals(u"r1"_s).size(), 1);
}

void TestCommands::forcesWhatDoesNotStop()
{
    run({u"training: \"trap '' TERM; echo deaf; while true; do sleep 0.1; done\""_s,
         u"cancel_grace_seconds: 1"_s});
    m_requester->send(m_node->slug(), u"training"_s, u"r1"_s);
    const QString log = m_node->stateFile(u"workload_logs/training_r1.stdout.log"_s);
    WAIT_FOR_EQUAL(fileText(log), "deaf\n");
    m_requester->send(m_node->slug(), u"cancel"_s, u"c1"_s, QJsonObject{{u"workload_request_id"_s, u"r1"_s}});
    QCOMPARE(finalOf(u"c1"_s).value("status"_L1), u"ok"_s);
    const QJsonObject workload = workloadOf(finalOf(u"r1"_s));
    QCOMPARE(workload.value("status"_L1), u"cancelled"_s);
    QCOMPARE(workload.value("signal"_L1), u"SIGKILL"_s);
}

void TestCommands::aSecondAskerForcesIt()
{
    run({u"training: \"trap '' TERM; echo deaf; while true; do sleep 0.1; done\""_s,
         u"cancel_grace_seconds: 600"_s});
    m_requester->send(m_node->slug(), u"training"_s, u"r1"_s);
    WAIT_FOR_EQUAL(fileText(m_node->stateFile(u"workload_logs/training_r1.stdout.log"_s)), "deaf\n");
    const QJsonObject target{{u"workload_request_id"_s, u"r1"_s}};
    QJsonObject force = target;
    force.insert(u"signal"_s, u"SIGKILL"_s);
    m_requester->send(m_node->slug(), u"cancel"_s, u"c1"_s, target);
    m_requester->send(m_node->slug(), u"cancel"_s, u"c2"_s, force);
    QCOMPARE(finalOf(u"c2"_s).value("status"_L1), u"ok"_s);
    QCOMPARE(finalOf(u"c1"_s).value("status"_L1), u"ok"_s);
    QCOMPARE(workloadOf(finalOf(u"r1"_s)).value("signal"_L1), u"SIGKILL"_s);
}

void TestCommands::cancellingTwiceIsAnsweredTwice()
{
    run({u"training: sleep 1000"_s});
    m_requester->send(m_node->slug(), u"training"_s, u"r1"_s);
    m_requester->send(m_node->slug(), u"cancel"_s, u"c1"_s, QJsonObject{{u"workload_request_id"_s, u"r1"_s}});
    m_requester->send(m_node->slug(), u"cancel"_s, u"c2"_s, QJsonObject{{u"workload_request_id"_s, u"r1"_s}});
    QCOMPARE(finalOf(u"c1"_s).value("status"_L1), u"ok"_s);
    QCOMPARE(finalOf(u"c2"_s).value("status"_L1), u"ok"_s);
    QCOMPARE(workloadOf(finalOf(u"r1"_s)).value("status"_L1), u"cancelled"_s);
}

void TestCommands::endsAtTheTimeLimit()
{
    run({u"training: sleep 1000"_s, u"workload_timeout_seconds: 1"_s});
    m_requester->send(m_node->slug(), u"training"_s, u"r1"_s);
    const QJsonObject result = finalOf(u"r1"_s);
    QVERIFY2(errorOf(result).contains(u"time limit of 1 s"_s), qPrintable(errorOf(result)));
    QCOMPARE(workloadOf(result).value("status"_L1), u"failed"_s);
}

void TestCommands::aKnownRequestStartsNothing()
{
    run({u"inference: 'echo once >> starts; until test -e go; do sleep 0.05; done; echo done'"_s});
    m_requester->send(m_node->slug(), u"inference"_s, u"r1"_s);
    WAIT_FOR_EQUAL(m_requester->to(u"r1"_s).size(), 1);
    m_requester->send(m_node->slug(), u"inference"_s, u"r1"_s);
    WAIT_FOR_EQUAL(m_requester->to(u"r1"_s).size(), 2);
    QCOMPARE(m_requester->to(u"r1"_s).at(1), m_requester->to(u"r1"_s).at(0)); // its state again, not "busy"
    m_node->addFile(u"go"_s, {});
    const QJsonObject result = finalOf(u"r1"_s);
    m_requester->send(m_node->slug(), u"inference"_s, u"r1"_s);
    WAIT_FOR_EQUAL(m_requester->finals(u"r1"_s).size(), 2);
    QCOMPARE(m_requester->finals(u"r1"_s).at(1), result);
    QCOMPARE(fileText(m_node->projectFile(u"starts"_s)), "once\n");
}

void TestCommands::takesAssignments()
{
    run({u"inference: echo {body}"_s});
    m_requester->send(m_node->uuid(), u"workload_received"_s, u"r1"_s,
                      QJsonObject{{u"workload_uuid"_s, u"w"_s},
                                  {u"profile_slug"_s, u"default"_s},
                                  {u"status"_s, u"assigned"_s},
                                  {u"command_type"_s, u"inference"_s},
                                  {u"command_params"_s, QJsonObject{{u"a"_s, 1}}}});
    QCOMPARE(finalOf(u"r1"_s).value("output"_L1), u"{\"a\":1,\"workload_uuid\":\"w\"}\n"_s);
    m_requester->send(m_node->uuid(), u"workload_received"_s, u"r2"_s,
                      QJsonObject{{u"workload_uuid"_s, u"w"_s}});
    const QJsonObject plain = finalOf(u"r2"_s);
    QCOMPARE(plain.value("status"_L1), u"ok"_s);
    QVERIFY(plain.value("output"_L1).toString().contains(u"acknowledged"_s));
}

void TestCommands::honoursTheEnvironmentPrefix()
{
    Requester local(m_sandbox->mqttPort(), u"local"_s);
    QVERIFY(local.start());
    m_node->environment.insert(u"CYBERWAVE_ENVIRONMENT"_s, u"local"_s);
    run({u"inference: echo hello"_s});
    local.send(m_node->slug(), u"inference"_s, u"r1"_s);
    WAIT_FOR_EQUAL(local.final(u"r1"_s).value("output"_L1), u"hello\n"_s);
    QVERIFY(m_requester->all().isEmpty());
}

void TestCommands::streamsLogsWhileTheWorkloadRuns()
{
    run({u"training: 'echo first; echo trouble >&2; until test -e go; do sleep 0.05; done; echo last'"_s});
    m_requester->send(m_node->slug(), u"training"_s, u"r1"_s);
    WAIT_FOR_EQUAL(shipped(u"stdout"_s), "first\n");
    WAIT_FOR_EQUAL(shipped(u"stderr"_s), "trouble\n");
    QVERIFY(m_requester->final(u"r1"_s).isEmpty());
    m_node->addFile(u"go"_s, {});
    WAIT_FOR_EQUAL(shipped(u"stdout"_s), "first\nlast\n");
}

void TestCommands::hostileRequestIdsStayInsideTheFolder()
{
    run({u"inference: echo hello"_s, u"max_concurrent_workloads: 10"_s});
    const QStringList ids = {u"../../escaped"_s, u"/tmp/x"_s,        u".."_s,
                             u"-rf"_s,           QString(400, u'x'), u"a b;c$(d)"_s};
    for (const QString &id : ids) {
        m_requester->send(m_node->slug(), u"inference"_s, id);
        QCOMPARE(finalOf(id).value("output"_L1), u"hello\n"_s);
    }
    QCOMPARE(cloudnode::test::workloadNamesIn(m_node->stateFile(u"workloads"_s)).size(), ids.size());
}

QTEST_GUILESS_MAIN(TestCommands)
#include "tst_commands.moc"
