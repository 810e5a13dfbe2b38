#include "control/controlclient.h"
#include "control/controlsocketpath.h"
#include "support/nodeprocess.h"
#include "support/processes.h"
#include "support/requester.h"
#include "support/sandboxprocess.h"
#include "support/waiting.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QSignalSpy>
#include <QTest>

#include <sys/stat.h>

using namespace Qt::Literals::StringLiterals;
using namespace cloudnode;
using cloudnode::test::isAlive;
using test::SandboxProcess;

/// A real node, as its owner's faces see and steer it.
class TestNodeControl : public QObject {
    Q_OBJECT

private slots:
    void init();
    void cleanup();

    void tellsItsStatus();
    void refusesWhilePausedAndAfterARestart();
    void aPauseLeavesRunningWorkloadsAlone();
    void theOwnerCancels();
    void theOwnerForcesWhatDoesNotStop();
    void cancellingNothingIsAnError();
    void finishedWorkloadsSurviveARestart();
    void tellsALifeInOrder();
    void knowsWhyARequestWasRefused();
    void eventsArriveAndSurviveARestart();
    void measuresWhatRuns();
    void stopsInOrder();

private:
    void run(const QStringList &lines);
    QStringList paths() const { return controlSocketPaths(m_node->stateDir()).value_or(QStringList()); }
    Result<QJsonValue> call(const QString &method, const QJsonObject &params = {});
    QJsonValue ask(const QString &method, const QJsonObject &params = {});
    QJsonArray workloads() { return ask(u"workload.list"_s, {{u"all"_s, true}})["workloads"_L1].toArray(); }
    QStringList lifeOf(const QString &requestId);
    void start(const QString &requestId);
    QJsonValue finalOf(const QString &requestId);
    qint64 pidFromFile(const QString &name);

    std::unique_ptr<SandboxProcess> m_sandbox;
    std::unique_ptr<NodeProcess> m_node;
    std::unique_ptr<Requester> m_requester;
    std::unique_ptr<ControlClient> m_client;
};

void TestNodeControl::init()
{
    m_sandbox = std::make_unique<SandboxProcess>(QStringList{u"--mqtt-port"_s, u"0"_s});
    QVERIFY(m_sandbox->start());
    m_node = std::make_unique<NodeProcess>(m_sandbox->apiUrl(), m_sandbox->mqttPort());
    m_requester = std::make_unique<Requester>(m_sandbox->mqttPort());
    QVERIFY(m_requester->start());
    m_client = std::make_unique<ControlClient>();
}

void TestNodeControl::cleanup()
{
    m_client.reset();
    m_node.reset();
    m_requester.reset();
    const auto stopped = m_sandbox->stop();
    QVERIFY2(stopped, qPrintable(stopped ? QString() : stopped.error().text()));
    m_sandbox.reset();
}

/// Also again, after the node has been killed.
void TestNodeControl::run(const QStringList &lines)
{
    m_node->configure(lines);
    QVERIFY2(m_node->startAndWait(), qPrintable(m_node->log()));
    QSignalSpy connected(m_client.get(), &ControlClient::connected);
    m_client->connectTo(paths());
    QVERIFY(connected.size() > 0 || connected.wait(30'000));
}

Result<QJsonValue> TestNodeControl::call(const QString &method, const QJsonObject &params)
{
    std::optional<Result<QJsonValue>> answer;
    m_client->call(
        method, params, this, [&](const Result<QJsonValue> &got) { answer = got; }, std::chrono::seconds(60));
    if (!QTest::qWaitFor([&] { return answer.has_value(); }, 60'000))
        return fail(u"no answer"_s);
    return *answer;
}

QJsonValue TestNodeControl::ask(const QString &method, const QJsonObject &params)
{
    const auto answer = call(method, params);
    if (!answer)
        qWarning().noquote() << method << answer.error().text();
    return answer.value_or(QJsonValue());
}

QStringList TestNodeControl::lifeOf(const QString &requestId)
{
    QStringList words;
    const QJsonValue answer = ask(u"workload.timeline"_s, {{u"request_id"_s, requestId}});
    for (const QJsonValue &entry : answer["timeline"_L1].toArray())
        words << entry["what"_L1].toString();
    return words;
}

void TestNodeControl::start(const QString &requestId)
{
    m_requester->send(m_node->slug(), u"training"_s, requestId);
    WAIT_FOR(!m_requester->acknowledgement(requestId).isEmpty());
}

QJsonValue TestNodeControl::finalOf(const QString &requestId)
{
    [&] { WAIT_FOR(!m_requester->final(requestId).isEmpty()); }();
    return m_requester->final(requestId);
}

qint64 TestNodeControl::pidFromFile(const QString &name)
{
    QByteArray text;
    const auto isThere = [&] {
        QFile file(m_node->projectFile(name));
        text = file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
        return text.endsWith('\n');
    };
    [&] { WAIT_FOR(isThere()); }();
    return text.trimmed().toLongLong();
}

void TestNodeControl::tellsItsStatus()
{
    run({u"training: echo done"_s});
    const QJsonObject status = ask(u"node.status"_s).toObject();
    for (const QString &key :
         {u"slug"_s, u"instance_uuid"_s, u"workspace_slug"_s, u"profile_slug"_s, u"api_url"_s, u"paused"_s,
          u"is_busy"_s, u"version"_s, u"uptime_seconds"_s, u"unreported_results"_s, u"problem"_s,
          u"active_workloads"_s, u"has_inference"_s, u"has_training"_s, u"has_simulate"_s})
        QVERIFY2(status.contains(key), qPrintable(key));
    QCOMPARE(status["state"_L1], u"ready"_s);
    QCOMPARE(status["slug"_L1], m_node->slug());
    QCOMPARE(status["pid"_L1].toInteger(), m_node->pid());
    QCOMPARE(status["state_dir"_L1], m_node->stateDir());
    QCOMPARE(status["config_file"_L1], m_node->projectFile(u"cyberwave.yml"_s));
    QCOMPARE(status["api_url"_L1], m_sandbox->apiUrl().toString());
    QCOMPARE(status["paused"_L1], false);
    QCOMPARE(status["broker"_L1]["host"_L1], u"127.0.0.1"_s);
    QCOMPARE(status["broker"_L1]["port"_L1].toInt(), m_sandbox->mqttPort());
    QCOMPARE(status["broker"_L1]["tls"_L1], false);
    QCOMPARE(status["broker"_L1]["connected"_L1], true);
    QVERIFY(status["broker"_L1]["since"_L1].isString());
    WAIT_FOR(!ask(u"node.status"_s)["heartbeat"_L1]["history"_L1].toArray().isEmpty());
    const QJsonValue heartbeat = ask(u"node.status"_s)["heartbeat"_L1];
    QCOMPARE(heartbeat["history"_L1][0]["ok"_L1], true);
    QVERIFY(heartbeat["next_due"_L1].isString());
    QVERIFY(!QString::fromUtf8(QJsonDocument(status).toJson()).contains(m_sandbox->token()));
}

void TestNodeControl::refusesWhilePausedAndAfterARestart()
{
    run({u"training: echo done"_s});
    QCOMPARE(ask(u"node.pause"_s)["paused"_L1], true);
    QCOMPARE(ask(u"node.status"_s)["paused"_L1], true);
    QCOMPARE(ask(u"node.status"_s)["is_busy"_L1], false);
    m_requester->send(m_node->slug(), u"training"_s, u"first"_s);
    QVERIFY(finalOf(u"first"_s)["error"_L1].toString().contains(u"paused by its owner"_s));
    m_node->kill();
    run({u"training: echo done"_s});
    QCOMPARE(ask(u"node.status"_s)["paused"_L1], true);
    m_requester->send(m_node->slug(), u"training"_s, u"second"_s);
    QVERIFY(finalOf(u"second"_s)["error"_L1].toString().contains(u"paused by its owner"_s));
    QCOMPARE(ask(u"node.resume"_s)["paused"_L1], false);
    m_requester->send(m_node->slug(), u"training"_s, u"third"_s);
    QCOMPARE(finalOf(u"third"_s)["output"_L1], u"done\n"_s);
}

void TestNodeControl::aPauseLeavesRunningWorkloadsAlone()
{
    run({u"training: while [ ! -e go ]; do sleep 0.05; done; echo done"_s});
    start(u"r"_s);
    QCOMPARE(ask(u"node.pause"_s)["paused"_L1], true);
    m_node->addFile(u"go"_s, "");
    QCOMPARE(finalOf(u"r"_s)["output"_L1], u"done\n"_s);
}

void TestNodeControl::theOwnerCancels()
{
    run({u"training: 'setsid sleep 1000 & echo $! > child; echo $$ > parent; wait'"_s});
    start(u"r"_s);
    const qint64 child = pidFromFile(u"child"_s);
    const qint64 parent = pidFromFile(u"parent"_s);
    const QJsonValue gone = ask(u"workload.cancel"_s, {{u"request_id"_s, u"r"_s}, {u"wait"_s, true}});
    QCOMPARE(gone["accepted"_L1], true);
    QCOMPARE(gone["status"_L1], u"cancelled"_s);
    QVERIFY(!isAlive(child));
    QVERIFY(!isAlive(parent));
    QCOMPARE(finalOf(u"r"_s)["workload"_L1]["status"_L1], u"cancelled"_s);
    // Nobody asked for a cancel over the broker, so nobody is answered: not now, and not by the next node.
    m_node->kill();
    run({u"training: 'true'"_s});
    m_requester->send(m_node->slug(), u"status"_s, u"s"_s);
    finalOf(u"s"_s);
    for (const QJsonObject &response : m_requester->all()) {
        const QString id = response.value("request_id"_L1).toString();
        QVERIFY2(id.isEmpty() || id == u"r" || id == u"s", qPrintable(id));
    }
}

void TestNodeControl::theOwnerForcesWhatDoesNotStop()
{
    run({u"training: 'trap \"\" TERM; echo $$ > parent; while :; do sleep 0.1; done'"_s,
         u"cancel_grace_seconds: 600"_s});
    start(u"r"_s);
    const qint64 pid = pidFromFile(u"parent"_s);
    QCOMPARE(ask(u"workload.cancel"_s, {{u"pid"_s, pid}})["accepted"_L1], true);
    const QJsonValue cancel = ask(u"node.status"_s)["active_workloads"_L1][0]["cancel"_L1];
    QCOMPARE(cancel["signal"_L1], u"SIGTERM"_s);
    const auto at = QDateTime::fromString(cancel["at"_L1].toString(), Qt::ISODateWithMs);
    QCOMPARE(QDateTime::fromString(cancel["force_at"_L1].toString(), Qt::ISODateWithMs), at.addSecs(600));
    QCOMPARE(ask(u"workload.cancel"_s,
                 {{u"request_id"_s, u"r"_s}, {u"signal"_s, u"SIGKILL"_s}, {u"wait"_s, true}})["status"_L1],
             u"cancelled"_s);
    QVERIFY(!isAlive(pid));
}

void TestNodeControl::cancellingNothingIsAnError()
{
    run({u"training: echo done"_s});
    const auto answer = call(u"workload.cancel"_s, {{u"request_id"_s, u"nobody"_s}});
    QVERIFY(!answer);
    QVERIFY2(answer.error().text().contains(u"No active workload"_s), qPrintable(answer.error().text()));
}

void TestNodeControl::finishedWorkloadsSurviveARestart()
{
    run({u"training: exit 3"_s});
    start(u"a"_s);
    finalOf(u"a"_s);
    start(u"b"_s);
    finalOf(u"b"_s);
    WAIT_FOR(workloads().at(0)["reported"_L1].toBool());
    const QJsonArray before = workloads();
    QCOMPARE(before.size(), 2);
    QCOMPARE(before.at(0)["request_id"_L1], u"b"_s);
    QCOMPARE(before.at(0)["status"_L1], u"failed"_s);
    QCOMPARE(before.at(0)["exit_code"_L1], 3);
    QVERIFY(ask(u"workload.list"_s)["workloads"_L1].toArray().isEmpty());
    m_node->kill();
    run({u"training: exit 3"_s});
    QCOMPARE(workloads(), before);
}

void TestNodeControl::tellsALifeInOrder()
{
    run({u"training: 'trap \"exit 4\" TERM; echo $$ > parent; while :; do sleep 0.05; done'"_s});
    start(u"r"_s);
    pidFromFile(u"parent"_s);
    ask(u"workload.cancel"_s, {{u"request_id"_s, u"r"_s}, {u"wait"_s, true}});
    finalOf(u"r"_s);
    WAIT_FOR(lifeOf(u"r"_s).contains(u"report_delivered"_s));
    WAIT_FOR(lifeOf(u"r"_s).contains(u"logs_shipped"_s));
    QStringList words = lifeOf(u"r"_s);
    words.removeAll(u"logs_shipped"_s); // that one may come before or after the report
    QCOMPARE(words, (QStringList{u"received"_s, u"recorded"_s, u"started"_s, u"acknowledgement_sent"_s,
                                 u"acknowledgement_delivered"_s, u"signal"_s, u"ended"_s, u"report_sent"_s,
                                 u"report_delivered"_s}));
    const QJsonValue answer = ask(u"workload.timeline"_s, {{u"request_id"_s, u"r"_s}});
    for (const QJsonValue &entry : answer["timeline"_L1].toArray()) {
        if (entry["what"_L1] == u"signal"_s)
            QVERIFY(entry["text"_L1].toString().contains(u"owner"_s));
    }
    QVERIFY(!call(u"workload.timeline"_s, {{u"request_id"_s, u"unknown"_s}}));
}

void TestNodeControl::knowsWhyARequestWasRefused()
{
    run({u"training: echo done"_s});
    m_requester->send(m_node->slug(), u"inference"_s, u"r"_s);
    finalOf(u"r"_s);
    QCOMPARE(lifeOf(u"r"_s), QStringList{u"refused"_s});
}

void TestNodeControl::eventsArriveAndSurviveARestart()
{
    run({u"training: echo done"_s});
    QSignalSpy happened(m_client.get(), &ControlClient::event);
    QSignalSpy statuses(m_client.get(), &ControlClient::statusChanged);
    const auto tells = [&](const QString &words) {
        return std::any_of(happened.cbegin(), happened.cend(), [&](const QList<QVariant> &one) {
            return one.first().toJsonObject().value("text"_L1).toString().contains(words);
        });
    };
    QVERIFY(!ask(u"events.subscribe"_s)["events"_L1].toArray().isEmpty());
    start(u"r"_s);
    for (const QString &words : {u"accepted"_s, u"runs, pid"_s, u"has ended: completed"_s, u"delivered"_s})
        WAIT_FOR(tells(words));
    ask(u"node.pause"_s);
    WAIT_FOR(tells(u"paused by its owner"_s));
    WAIT_FOR(statuses.last().first().toJsonObject().value("paused"_L1).toBool());
    m_node->kill();
    run({u"training: echo done"_s});
    QStringList texts;
    for (const QJsonValue &event : ask(u"events.subscribe"_s)["events"_L1].toArray())
        texts << event["text"_L1].toString();
    QVERIFY(!texts.filter(u"has ended: completed"_s).isEmpty());
}

void TestNodeControl::measuresWhatRuns()
{
    run({u"training: 'echo CYBERWAVE_PROGRESS 0.42 epoch 5; while [ ! -e go ]; do :; done'"_s});
    QSignalSpy statuses(m_client.get(), &ControlClient::statusChanged);
    ask(u"events.subscribe"_s);
    start(u"r"_s);
    const auto active = [&] {
        return statuses.isEmpty() ? QJsonValue()
                                  : statuses.last().first().toJsonObject().value("active_workloads"_L1)[0];
    };
    WAIT_FOR(active()["cpu_percent"_L1].toDouble() > 0);
    WAIT_FOR(active()["memory_bytes"_L1].toInteger() > 0);
    WAIT_FOR(active()["progress"_L1]["fraction"_L1].toDouble() == 0.42);
    QCOMPARE(active()["progress"_L1]["text"_L1], u"epoch 5"_s);
    m_node->addFile(u"go"_s, "");
    finalOf(u"r"_s);
    WAIT_FOR(active().isUndefined());
}

void TestNodeControl::stopsInOrder()
{
    run({u"training: echo done"_s});
    QString socket;
    for (const QString &path : paths()) {
        if (QFile::exists(path))
            socket = path;
    }
    QVERIFY(!socket.isEmpty());
    struct stat info = {};
    QCOMPARE(::stat(QFile::encodeName(socket).constData(), &info), 0);
    QCOMPARE(info.st_mode & 07777U, 0600U);
    QCOMPARE(ask(u"node.stop"_s)["stopping"_L1], true);
    QVERIFY(m_node->waitUntilEnded());
    QCOMPARE(m_node->exitCode(), 0);
    QVERIFY(!QFile::exists(socket));
    QVERIFY(m_sandbox->waitForEvent(u"terminated"_s));
}

QTEST_GUILESS_MAIN(TestNodeControl)
#include "tst_nodecontrol.moc"
