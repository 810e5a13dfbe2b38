#include "control/controlserver.h"
#include "control/controlsocketpath.h"
#include "integration/fakecontrolport.h"
#include "node/exitcodes.h"
#include "support/clirun.h"
#include "support/waiting.h"

#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QTemporaryDir>

using namespace Qt::Literals::StringLiterals;
using namespace cloudnode;
using cloudnode::test::CliRun;

namespace {

/// A node that has the workloads a test gives it.
class Port : public FakeControlPort {
public:
    QJsonArray running;

    QList<JsonText> workloads(bool all, int) const override
    {
        QList<JsonText> answer;
        for (const QJsonArray &some : {running, all ? listed : QJsonArray()}) {
            for (const QJsonValue &workload : some)
                answer << textOf(workload.toObject());
        }
        return answer;
    }
};

QJsonObject workload(const QJsonValue &requestId, const QString &status, qint64 pid)
{
    return {{u"request_id"_s, requestId},
            {u"type"_s, u"training"_s},
            {u"status"_s, status},
            {u"pid"_s, pid},
            {u"exit_code"_s, status == u"completed"_s ? QJsonValue(0) : QJsonValue()},
            {u"signal"_s, status == u"cancelled"_s ? QJsonValue(u"SIGTERM"_s) : QJsonValue()},
            {u"received_at"_s, u"2026-02-04T21:00:59.018Z"_s},
            {u"duration_seconds"_s, 3.1},
            {u"reported"_s, status != u"running"_s}};
}

const QJsonObject snapshot = {
    {u"slug"_s, u"my-gpu-node"_s},
    {u"state"_s, u"ready"_s},
    {u"paused"_s, true},
    {u"has_training"_s, true},
    {u"heartbeat"_s, QJsonObject{{u"failures"_s, 2}, {u"last_ok"_s, u"2026-02-04T21:00:59.018Z"_s}}},
    {u"broker"_s, QJsonObject{{u"host"_s, u"mqtt.example.org"_s}, {u"port"_s, 8883}, {u"tls"_s, true}}},
    {u"problem"_s, QJsonObject{{u"what"_s, u"the broker\x1b[2J is gone"_s}, {u"remedy"_s, u"Wait."_s}}},
    {u"active_workloads"_s,
     QJsonArray{
         QJsonObject{{u"request_id"_s, u"job-1"_s},
                     {u"type"_s, u"training"_s},
                     {u"pid"_s, 4711},
                     {u"running_for_seconds"_s, 125},
                     {u"memory_bytes"_s, 3.0 * 1024 * 1024},
                     {u"progress"_s, QJsonObject{{u"fraction"_s, 0.58}, {u"text"_s, u"epoch 12"_s}}}}}},
};

} // namespace

/// The real program asks a node that runs in this process.
class TestCliControl : public QObject {
    Q_OBJECT

private slots:
    void init();
    void cleanup() { m_server.reset(); }

    void saysThatNoNodeRuns_data();
    void saysThatNoNodeRuns();
    void saysWhatTheNodeIsAndDoes();
    void printsTheSnapshotAsItIs();
    void watchesTheStatus();
    void listsWorkloads_data();
    void listsWorkloads();
    void listsWorkloadsAsJson();
    void switchesTheNode_data();
    void switchesTheNode();
    void passesOnARefusal();
    void stopReturnsWhenTheNodeHasGone();
    void cancels_data();
    void cancels();
    void cancelWaitsUntilItIsGone();
    void refusesAWrongSignal();
    void tellsTheLifeOfARequest();
    void knowsNothingOfAStrangeRequest();
    void printsALog_data();
    void printsALog();
    void followsALogUntilTheWorkloadHasEnded();
    void followsALogThoughTheNodeDies();

private:
    QString path(const QString &name) const { return m_root->filePath(name); }
    void serve();
    void start(QProcess &process, const QStringList &arguments) const
    {
        CliRun::start(process, arguments + QStringList{u"--state-dir"_s, path(u"state"_s)},
                      {u"HOME="_s + m_root->path(), u"TZ=UTC"_s});
    }
    CliRun run(const QStringList &arguments) const
    {
        QProcess process;
        start(process, arguments);
        return CliRun::of(process);
    }
    void write(const QString &name, const QByteArray &text,
               QIODevice::OpenMode mode = QIODevice::Append) const
    {
        QFile file(path(name));
        QVERIFY(file.open(mode));
        QCOMPARE(file.write(text), text.size());
    }

    std::unique_ptr<QTemporaryDir> m_root;
    std::unique_ptr<Port> m_port;
    std::unique_ptr<ControlServer> m_server; // needs m_port
};

void TestCliControl::init()
{
    m_root = std::make_unique<QTemporaryDir>();
    QVERIFY(QDir(m_root->path()).mkpath(u"state"_s));
    m_port = std::make_unique<Port>();
    m_port->snapshot = snapshot;
    serve();
}

void TestCliControl::serve()
{
    const auto paths = controlSocketPaths(path(u"state"_s), {m_root->path(), {}});
    QVERIFY(paths);
    m_server = std::make_unique<ControlServer>(*m_port);
    QVERIFY(m_server->listen(*paths));
}

void TestCliControl::saysThatNoNodeRuns_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::newRow("status") << QStringList{u"status"_s};
    QTest::newRow("workloads") << QStringList{u"workloads"_s};
    QTest::newRow("logs") << QStringList{u"logs"_s, u"job-1"_s};
    QTest::newRow("cancel") << QStringList{u"cancel"_s, u"job-1"_s};
    QTest::newRow("why") << QStringList{u"why"_s, u"job-1"_s};
    QTest::newRow("pause") << QStringList{u"pause"_s};
    QTest::newRow("resume") << QStringList{u"resume"_s};
    QTest::newRow("stop") << QStringList{u"stop"_s};
}

void TestCliControl::saysThatNoNodeRuns()
{
    QFETCH(QStringList, arguments);
    m_server.reset();
    const CliRun result = run(arguments);
    QCOMPARE(result.exitCode, exitcode::unavailable);
    QVERIFY2(result.err.startsWith(u"error: "_s), qPrintable(result.err));
    QVERIFY(result.out.isEmpty());
}

void TestCliControl::saysWhatTheNodeIsAndDoes()
{
    const CliRun result = run({u"status"_s});
    QCOMPARE(result.exitCode, exitcode::ok);
    QCOMPARE(result.err, QString());
    for (const QString &words :
         {u"node       my-gpu-node\n"_s, u"ready, paused"_s, u"2 failed"_s,
          u"mqtt.example.org:8883 (TLS), not connected"_s, u"commands   training\n"_s, u"Wait."_s,
          u"job-1    training  4711  2 min 05 s  -    3.0 MiB  58 % epoch 12"_s})
        QVERIFY2(result.out.contains(words), qPrintable(words + u"\nis not in\n"_s + result.out));
    QVERIFY2(!result.out.contains(u'\x1b'), "neither colours nor what the node passes on");
}

void TestCliControl::printsTheSnapshotAsItIs()
{
    const CliRun result = run({u"status"_s, u"--json"_s});
    QCOMPARE(result.exitCode, exitcode::ok);
    QCOMPARE(QJsonDocument::fromJson(result.out.toUtf8()).object(), snapshot);
}

void TestCliControl::watchesTheStatus()
{
    QProcess process;
    start(process, {u"status"_s, u"--watch"_s, u"--json"_s});
    const auto nextState = [&process] {
        if (!QTest::qWaitFor([&process] { return process.canReadLine(); }, 30'000))
            return QString();
        return QJsonDocument::fromJson(process.readLine())[u"state"_s].toString();
    };
    QCOMPARE(nextState(), u"ready"_s);
    m_port->changeTo(u"stopping"_s);
    QCOMPARE(nextState(), u"stopping"_s);
    m_server.reset();
    m_port->snapshot[u"state"_s] = u"starting"_s;
    serve(); // a new node: the watch finds it by itself
    QCOMPARE(nextState(), u"starting"_s);
    process.terminate();
    WAIT_FOR_EQUAL(process.state(), QProcess::NotRunning);
}

void TestCliControl::listsWorkloads_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QStringList>("lines"); // pieces of them, in order
    QTest::newRow("those that run") << QStringList{}
                                    << QStringList{u"REQUEST"_s,
                                                   u"job-1    training  running  4711  -     2026-02-04"_s};
    QTest::newRow("all") << QStringList{u"--all"_s}
                         << QStringList{
                                u"REQUEST"_s, u"job-1"_s,
                                u"job-0    training  completed  4710  0        2026-02-04 21:00:59"_s,
                                u"17       training  cancelled  4709  SIGTERM  2026-02-04 21:00:59"_s};
}

void TestCliControl::listsWorkloads()
{
    QFETCH(QStringList, arguments);
    QFETCH(QStringList, lines);
    m_port->running = {workload(u"job-1"_s, u"running"_s, 4711)};
    m_port->listed = {workload(u"job-0"_s, u"completed"_s, 4710), workload(17, u"cancelled"_s, 4709)};
    const CliRun result = run(QStringList{u"workloads"_s} + arguments);
    QCOMPARE(result.exitCode, exitcode::ok);
    const QStringList printed = result.out.trimmed().split(u'\n');
    QCOMPARE(printed.size(), lines.size());
    for (qsizetype i = 0; i < lines.size(); ++i)
        QVERIFY2(printed[i].startsWith(lines[i]), qPrintable(result.out));
}

void TestCliControl::listsWorkloadsAsJson()
{
    m_port->running = {workload(u"job-1"_s, u"running"_s, 4711)};
    const CliRun result = run({u"workloads"_s, u"--json"_s});
    QCOMPARE(result.exitCode, exitcode::ok);
    QCOMPARE(QJsonDocument::fromJson(result.out.toUtf8()).array(), m_port->running);
}

void TestCliControl::switchesTheNode_data()
{
    QTest::addColumn<QString>("command");
    QTest::newRow("pause") << u"pause"_s;
    QTest::newRow("resume") << u"resume"_s;
}

void TestCliControl::switchesTheNode()
{
    QFETCH(QString, command);
    const CliRun result = run({command});
    QCOMPARE(result.exitCode, exitcode::ok);
    QVERIFY(result.out.startsWith(command));
    QCOMPARE(m_port->asked, QStringList{command});
}

void TestCliControl::passesOnARefusal()
{
    m_port->pausing = fail(u"cannot be written"_s, u"/state/paused"_s);
    const CliRun result = run({u"pause"_s});
    QCOMPARE(result.exitCode, exitcode::refused);
    QCOMPARE(result.err, u"error: /state/paused: cannot be written\n"_s);
}

void TestCliControl::stopReturnsWhenTheNodeHasGone()
{
    QProcess process;
    start(process, {u"stop"_s});
    WAIT_FOR_EQUAL(m_port->asked, QStringList{u"stop"_s});
    QCOMPARE(process.state(), QProcess::Running);
    // The answer is on its way; only then does a node go.
    WAIT_FOR_EQUAL(m_server->clientCount(), 1);
    QMetaObject::invokeMethod(
        m_server.get(), [this] { m_server->close(); }, Qt::QueuedConnection);
    const CliRun result = CliRun::of(process);
    QCOMPARE(result.err, QString());
    QCOMPARE(result.exitCode, exitcode::ok);
}

void TestCliControl::cancels_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QString>("asked");
    QTest::newRow("by request") << QStringList{u"job-1"_s} << u"cancel job-1 SIGTERM"_s;
    QTest::newRow("by pid") << QStringList{u"4711"_s} << u"cancel 4711 SIGTERM"_s;
    QTest::newRow("a request that is a number")
        << QStringList{u"17"_s, u"--signal"_s, u"SIGKILL"_s} << u"cancel 17 SIGKILL"_s;
}

void TestCliControl::cancels()
{
    QFETCH(QStringList, arguments);
    QFETCH(QString, asked);
    m_port->running = {workload(u"job-1"_s, u"running"_s, 4711), workload(17, u"running"_s, 4712)};
    QProcess process;
    start(process, QStringList{u"cancel"_s} + arguments);
    WAIT_FOR_EQUAL(m_port->cancels.size(), size_t(1));
    QCOMPARE(m_port->asked, QStringList{asked});
    m_port->cancels.front()(QJsonObject{{u"accepted"_s, true}});
    const CliRun result = CliRun::of(process);
    QCOMPARE(result.exitCode, exitcode::ok);
    QVERIFY(result.out.contains(arguments.first()));
}

void TestCliControl::cancelWaitsUntilItIsGone()
{
    QProcess process;
    start(process, {u"cancel"_s, u"--wait"_s, u"job-1"_s});
    WAIT_FOR_EQUAL(m_port->cancels.size(), size_t(1));
    QCOMPARE(m_port->asked, QStringList{u"cancel job-1 SIGTERM wait"_s});
    QCOMPARE(process.state(), QProcess::Running);
    m_port->cancels.front()(fail(u"job-1 is not active"_s));
    const CliRun result = CliRun::of(process);
    QCOMPARE(result.exitCode, exitcode::refused);
    QCOMPARE(result.err, u"error: job-1 is not active\n"_s);
}

void TestCliControl::refusesAWrongSignal()
{
    QCOMPARE(run({u"cancel"_s, u"job-1"_s, u"--signal"_s, u"SIGTREM"_s}).exitCode, exitcode::usage);
    QVERIFY(m_port->asked.isEmpty());
}

void TestCliControl::tellsTheLifeOfARequest()
{
    m_port->life = QJsonArray{
        QJsonObject{{u"at"_s, u"2026-02-04T21:00:59.018Z"_s}, {u"text"_s, u"received"_s}},
        QJsonObject{{u"at"_s, u"2026-02-04T21:01:02.118Z"_s}, {u"text"_s, u"exited with 3"_s}},
    };
    const CliRun result = run({u"why"_s, u"job-1"_s});
    QCOMPARE(result.exitCode, exitcode::ok);
    QCOMPARE(result.out, u"2026-02-04 21:00:59  received\n2026-02-04 21:01:02  exited with 3\n"_s);
}

void TestCliControl::knowsNothingOfAStrangeRequest()
{
    const CliRun result = run({u"why"_s, u"unknown"_s});
    QCOMPARE(result.exitCode, exitcode::refused);
    QCOMPARE(result.err, u"error: no such request\n"_s);
}

void TestCliControl::printsALog_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QString>("printed");
    QTest::newRow("standard output") << QStringList{} << u"one\ntwo"_s;
    QTest::newRow("standard error") << QStringList{u"--stderr"_s} << u"alas\n"_s;
    QTest::newRow("to the end of one that has ended") << QStringList{u"-f"_s} << u"one\ntwo"_s;
}

void TestCliControl::printsALog()
{
    QFETCH(QStringList, arguments);
    QFETCH(QString, printed);
    write(u"out"_s, "one\ntwo");
    write(u"err"_s, "alas\n");
    QJsonObject ended = workload(u"job-0"_s, u"completed"_s, 4710);
    ended[u"stdout_path"_s] = path(u"out"_s);
    ended[u"stderr_path"_s] = path(u"err"_s);
    m_port->listed = {ended};
    const CliRun result = run(QStringList{u"logs"_s, u"job-0"_s} + arguments);
    QCOMPARE(result.exitCode, exitcode::ok);
    QCOMPARE(result.out, printed);
}

void TestCliControl::followsALogUntilTheWorkloadHasEnded()
{
    write(u"out"_s, "one\n");
    QJsonObject job = workload(u"job-1"_s, u"running"_s, 4711);
    job[u"stdout_path"_s] = path(u"out"_s);
    m_port->running = {job};
    QProcess process;
    start(process, {u"logs"_s, u"-f"_s, u"job-1"_s});
    QByteArray seen;
    WAIT_FOR_EQUAL(seen += process.readAllStandardOutput(), "one\n"_ba);
    write(u"out"_s, "two\n");
    WAIT_FOR_EQUAL(seen += process.readAllStandardOutput(), "one\ntwo\n"_ba);
    QCOMPARE(process.state(), QProcess::Running);
    write(u"out"_s, "three");
    job[u"status"_s] = u"completed"_s;
    m_port->running = {};
    m_port->listed = {job};
    const CliRun result = CliRun::of(process);
    QCOMPARE(result.exitCode, exitcode::ok);
    QCOMPARE(seen + result.out.toUtf8(), "one\ntwo\nthree"_ba);
}

/// The workload goes on, and its directory tells when it has ended.
void TestCliControl::followsALogThoughTheNodeDies()
{
    QVERIFY(QDir(m_root->path()).mkpath(u"state/workloads/job-1"_s));
    QVERIFY(QDir(m_root->path()).mkpath(u"state/workload_logs"_s));
    write(
        u"state/workloads/job-1/spec.json"_s,
        R"({"version":1,"request_id":"job-1","workload_type":"training","command":"x","working_directory":"/",)"
        R"("received_at":"2026-02-04T21:00:59.018Z","timeout_seconds":0,"cancel_grace_seconds":10})");
    const QString log = u"state/workload_logs/training_job-1.stdout.log"_s;
    write(log, "one\n");
    QJsonObject job = workload(u"job-1"_s, u"running"_s, 4711);
    job[u"stdout_path"_s] = path(log);
    m_port->running = {job};
    QProcess process;
    start(process, {u"logs"_s, u"-f"_s, u"job-1"_s});
    QByteArray seen;
    WAIT_FOR_EQUAL(seen += process.readAllStandardOutput(), "one\n"_ba);
    m_server.reset();
    write(log, "two\n");
    WAIT_FOR_EQUAL(seen += process.readAllStandardOutput(), "one\ntwo\n"_ba);
    QCOMPARE(process.state(), QProcess::Running);
    write(u"state/workloads/job-1/exit.json"_s,
          R"({"version":1,"outcome":"exited","exit_code":0,"ended_at":"2026-02-04T21:01:02.118Z"})");
    const CliRun result = CliRun::of(process);
    QCOMPARE(result.exitCode, exitcode::ok);
}

QTEST_GUILESS_MAIN(TestCliControl)
#include "tst_cli_control.moc"
