#include "workload/records.h"

#include <QTest>

using namespace Qt::Literals::StringLiterals;
using namespace cloudnode;
using Outcome = WorkloadEnd::Outcome;

namespace {

const QString where = u"the/file.json"_s;

QDateTime someTime()
{
    return {QDate(2026, 2, 4), QTime(21, 0, 59, 18), Qt::UTC};
}

WorkloadSpec someSpec(const QJsonValue &requestId)
{
    return {.requestId = *RequestId::parse(requestId),
            .type = WorkloadType::Training,
            .command = u"python3 train.py '{\"a\":\"π\\n\"}'"_s,
            .workingDirectory = u"/home/u/project"_s,
            .params = "{}",
            .workloadUuid = u"6c03af00-cf59-4a64-96c0-c4746bda05ba"_s,
            .receivedAt = someTime(),
            .timeout = std::chrono::seconds(7200),
            .cancelGrace = std::chrono::seconds(5),
            .limits = {.memoryMiB = 512,
                       .cpuPercent = 150,
                       .processes = 30,
                       .niceness = 5,
                       .ioClass = u"idle"_s,
                       .noNewPrivileges = true},
            .uploadResults = true,
            .resultsFolder = u"/results"_s};
}

} // namespace

class TestWorkloadRecords : public QObject {
    Q_OBJECT

private slots:
    void specComesBackAsItWas_data();
    void specComesBackAsItWas();
    void refusesADamagedSpec_data();
    void refusesADamagedSpec();
    void readsWhatTheRunnerWrites();
    void readsAStartWhoseNumberAPowerCutHasTaken();
    void refusesADamagedStart_data();
    void refusesADamagedStart();
    void endComesBackAsItWas_data();
    void endComesBackAsItWas();
    void refusesADamagedEnd_data();
    void refusesADamagedEnd();
    void progressComesBackAsItWas();
    void cancelComesBackAsItWas();
    void missingProgressIsNone();
    void refusesADamagedProgress_data();
    void refusesADamagedProgress();
};

void TestWorkloadRecords::specComesBackAsItWas_data()
{
    QTest::addColumn<QJsonValue>("requestId");
    QTest::newRow("a plain request") << QJsonValue(u"r-1"_s);
    QTest::newRow("a request with a number for a name") << QJsonValue(42);
    QTest::newRow("a request with a hostile name") << QJsonValue(u"../../etc/passwd \"🚀\""_s);
}

void TestWorkloadRecords::specComesBackAsItWas()
{
    QFETCH(QJsonValue, requestId);
    const WorkloadSpec spec = someSpec(requestId);
    const QByteArray json = records::serialise(spec);
    QVERIFY(json.endsWith('\n') && json.count('\n') == 1);
    const auto read = records::parseSpec(json, where);
    QVERIFY2(read, read ? "" : qPrintable(read.error().text()));
    QCOMPARE(read->requestId.toJson(), requestId);
    QVERIFY(read->type == spec.type);
    QCOMPARE(read->command, spec.command);
    QCOMPARE(read->workingDirectory, spec.workingDirectory);
    QCOMPARE(read->workloadUuid, spec.workloadUuid);
    QCOMPARE(read->receivedAt, spec.receivedAt);
    QCOMPARE(read->timeout, spec.timeout);
    QCOMPARE(read->cancelGrace, spec.cancelGrace);
    QVERIFY(read->limits == spec.limits);
    QVERIFY(read->uploadResults);
    QCOMPARE(read->resultsFolder, spec.resultsFolder);
    QVERIFY(read->params.isEmpty());
    QCOMPARE(records::paramsOf(json), spec.params);
}

void TestWorkloadRecords::refusesADamagedSpec_data()
{
    QTest::addColumn<QByteArray>("from");
    QTest::addColumn<QByteArray>("to");
    QTest::addColumn<QString>("problem");
    QTest::newRow("empty") << records::serialise(someSpec(u"r-1"_s)) << QByteArray() << u"no JSON object"_s;
    QTest::newRow("cut off") << QByteArray("}\n") << QByteArray() << u"no JSON object"_s;
    QTest::newRow("from the future") << QByteArray("\"version\":1") << QByteArray("\"version\":2")
                                     << u"version 2"_s;
    QTest::newRow("without a version") << QByteArray("\"version\"") << QByteArray("\"v\"") << u"version:"_s;
    QTest::newRow("without a request")
        << QByteArray("\"request_id\"") << QByteArray("\"r\"") << u"request_id:"_s;
    QTest::newRow("of a type unknown")
        << QByteArray("training") << QByteArray("dancing") << u"workload_type:"_s;
    QTest::newRow("with a number for a folder")
        << QByteArray("\"/home/u/project\"") << QByteArray("7") << u"working_directory:"_s;
    QTest::newRow("without a folder")
        << QByteArray("\"working_directory\"") << QByteArray("\"w\"") << u"working_directory:"_s;
    QTest::newRow("with a local time") << QByteArray(".018Z") << QByteArray(".018") << u"received_at:"_s;
    QTest::newRow("with a negative time limit")
        << QByteArray("7200") << QByteArray("-1") << u"timeout_seconds:"_s;
    QTest::newRow("with a fraction of a second")
        << QByteArray("7200") << QByteArray("1.5") << u"timeout_seconds:"_s;
}

void TestWorkloadRecords::refusesADamagedSpec()
{
    QFETCH(QByteArray, from);
    QFETCH(QByteArray, to);
    QFETCH(QString, problem);
    QByteArray json = records::serialise(someSpec(u"r-1"_s));
    QVERIFY(json.contains(from));
    const auto read = records::parseSpec(json.replace(from, to), where);
    QVERIFY(!read);
    QCOMPARE(read.error().where, where);
    QVERIFY2(read.error().what.contains(problem), qPrintable(read.error().what));
}

namespace {

const QByteArray started = R"({"version":1,"pid":16298,"start_ticks":220849,"supervisor_pid":16297,)"
                           R"("supervisor_start_ticks":220848,"boot_id":"a9950ad9","started_at":)"
                           R"("2026-02-04T21:00:59.018Z"})"
                           "\n";

}

void TestWorkloadRecords::readsWhatTheRunnerWrites()
{
    const auto start = records::parseStart(started, where);
    QVERIFY2(start, start ? "" : qPrintable(start.error().text()));
    const StartRecord expected{{16298, 220849, u"a9950ad9"_s}, {16297, 220848, u"a9950ad9"_s}, someTime()};
    QCOMPARE(*start, expected);

    const auto end =
        records::parseEnd(R"({"version":1,"recorded_by":"runner","outcome":"exited","exit_code":3,)"
                          R"("signal":null,"timed_out":true,"ended_at":"2026-02-04T21:00:59.018Z",)"
                          R"("duration_seconds":2.718,"peak_memory_kib":3184,"cpu_seconds":0.004,)"
                          R"("survivors":1})",
                          where);
    QVERIFY2(end, end ? "" : qPrintable(end.error().text()));
    QCOMPARE(end->outcome, Outcome::Exited);
    QCOMPARE(end->exitCode, 3);
    QVERIFY(!end->signal && end->timedOut);
    QCOMPARE(end->at, someTime());
    QCOMPARE(end->duration, std::chrono::milliseconds(2718));
    QCOMPARE(end->peakMemoryKiB, 3184);
    QCOMPARE(end->cpuSeconds, 0.004);
}

void TestWorkloadRecords::readsAStartWhoseNumberAPowerCutHasTaken()
{
    const auto start = records::parseStart(QByteArray(started).replace("16298", "    0"), where);
    QVERIFY2(start, start ? "" : qPrintable(start.error().text()));
    QCOMPARE(start->workload.pid, 0);
    QVERIFY(!start->workload.isAlive());
    QCOMPARE(start->supervisor.pid, 16297);
}

void TestWorkloadRecords::refusesADamagedStart_data()
{
    QTest::addColumn<QByteArray>("from");
    QTest::addColumn<QByteArray>("to");
    QTest::addColumn<QString>("problem");
    QTest::newRow("without a process") << QByteArray("\"pid\"") << QByteArray("\"p\"") << u"pid:"_s;
    QTest::newRow("with init for a process") << QByteArray("16298") << QByteArray("1") << u"pid:"_s;
    QTest::newRow("with everybody for a process")
        << QByteArray("16297") << QByteArray("-1") << u"supervisor_pid:"_s;
    QTest::newRow("with nobody for its supervisor")
        << QByteArray("16297") << QByteArray("0") << u"supervisor_pid:"_s;
    QTest::newRow("with a process beyond all")
        << QByteArray("16298") << QByteArray("4294967298") << u"pid:"_s;
    QTest::newRow("with a text for a number")
        << QByteArray("220849") << QByteArray("\"x\"") << u"start_ticks:"_s;
    QTest::newRow("with a wrong time") << QByteArray("2026-02") << QByteArray("2026-13") << u"started_at:"_s;
}

void TestWorkloadRecords::refusesADamagedStart()
{
    QFETCH(QByteArray, from);
    QFETCH(QByteArray, to);
    QFETCH(QString, problem);
    const auto read = records::parseStart(QByteArray(started).replace(from, to), where);
    QVERIFY(!read);
    QVERIFY2(read.error().what.contains(problem), qPrintable(read.error().what));
}

void TestWorkloadRecords::endComesBackAsItWas_data()
{
    QTest::addColumn<Outcome>("outcome");
    QTest::addColumn<std::optional<int>>("exitCode");
    QTest::addColumn<std::optional<int>>("signal");
    QTest::addColumn<QString>("reason");
    QTest::addColumn<bool>("isTimeKnown");
    const std::optional<int> none;
    QTest::newRow("exited") << Outcome::Exited << std::optional(255) << none << QString() << true;
    QTest::newRow("signaled") << Outcome::Signaled << none << std::optional(9) << QString() << true;
    QTest::newRow("not started") << Outcome::NotStarted << none << none << u"no disk"_s << true;
    QTest::newRow("unknown") << Outcome::Unknown << none << none << u"a reboot"_s << false;
}

void TestWorkloadRecords::endComesBackAsItWas()
{
    QFETCH(Outcome, outcome);
    QFETCH(std::optional<int>, exitCode);
    QFETCH(std::optional<int>, signal);
    QFETCH(QString, reason);
    QFETCH(bool, isTimeKnown);
    WorkloadEnd end = WorkloadEnd::because(outcome, reason);
    end.exitCode = exitCode;
    end.signal = signal;
    end.foundAt = std::nullopt;
    if (isTimeKnown)
        end.at = someTime();
    else
        end.foundAt = someTime();
    if (isTimeKnown)
        end.duration = std::chrono::milliseconds(12'345);
    end.peakMemoryKiB = 77;
    end.cpuSeconds = 1.5;
    const auto read = records::parseEnd(records::serialise(end), where);
    QVERIFY2(read, read ? "" : qPrintable(read.error().text()));
    QCOMPARE(read->outcome, outcome);
    QCOMPARE(read->exitCode, exitCode);
    QCOMPARE(read->signal, signal);
    QCOMPARE(read->reason, reason);
    QCOMPARE(read->at, end.at);
    QCOMPARE(read->foundAt, end.foundAt);
    QCOMPARE(read->duration, end.duration);
    QCOMPARE(read->peakMemoryKiB, 77);
    QCOMPARE(read->cpuSeconds, 1.5);
}

void TestWorkloadRecords::refusesADamagedEnd_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<QString>("problem");
    QTest::newRow("without an outcome") << QByteArray(R"({"version":1})") << u"outcome:"_s;
    QTest::newRow("with an outcome nobody knows")
        << QByteArray(R"({"version":1,"outcome":"fine"})") << u"outcome:"_s;
    QTest::newRow("exited without a code")
        << QByteArray(R"({"version":1,"outcome":"exited"})") << u"exit_code:"_s;
    QTest::newRow("unknown with a code")
        << QByteArray(R"({"version":1,"outcome":"unknown","exit_code":0})") << u"exit_code:"_s;
    QTest::newRow("signaled without a signal")
        << QByteArray(R"({"version":1,"outcome":"signaled"})") << u"signal:"_s;
    QTest::newRow("a code no process can have")
        << QByteArray(R"({"version":1,"outcome":"exited","exit_code":256})") << u"exit_code:"_s;
    QTest::newRow("a list") << QByteArray("[]") << u"no JSON object"_s;
}

void TestWorkloadRecords::refusesADamagedEnd()
{
    QFETCH(QByteArray, json);
    QFETCH(QString, problem);
    const auto read = records::parseEnd(json, where);
    QVERIFY(!read);
    QVERIFY2(read.error().what.contains(problem), qPrintable(read.error().what));
}

void TestWorkloadRecords::progressComesBackAsItWas()
{
    WorkloadProgress progress;
    progress.acked = true;
    progress.stdoutShipped = 1LL << 40;
    progress.stderrShipped = 7;
    auto read = records::parseProgress(records::serialiseProgress(progress), where);
    QVERIFY(read && read->acked && !read->reported && !read->cancel && !read->cancelAnswered);
    QVERIFY(records::parseShipped(records::serialiseShipped(progress), where, *read));
    QCOMPARE(read->stdoutShipped, progress.stdoutShipped);
    QCOMPARE(read->stderrShipped, 7);
}

void TestWorkloadRecords::cancelComesBackAsItWas()
{
    WorkloadProgress progress;
    progress.reported = true;
    progress.cancel = WorkloadCancel{*RequestId::parse(99), u"SIGINT"_s, someTime(), true};
    progress.cancelAnswered = true;
    progress.resultsDone = true;
    const auto read = records::parseProgress(records::serialiseProgress(progress), where);
    QVERIFY(read && read->reported && read->cancel && read->cancelAnswered && read->resultsDone);
    QCOMPARE(read->cancel->requestId.toJson(), QJsonValue(99));
    QCOMPARE(read->cancel->signalName, u"SIGINT"_s);
    QCOMPARE(read->cancel->at, someTime());
    QVERIFY(read->cancel->sent);
}

void TestWorkloadRecords::missingProgressIsNone()
{
    const auto read = records::parseProgress(R"({"version":1})", where);
    QVERIFY(read && !read->acked && !read->reported && !read->cancel && !read->resultsDone);
}

void TestWorkloadRecords::refusesADamagedProgress_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<QString>("problem");
    QTest::newRow("nothing, after a power cut") << QByteArray() << u"no JSON object"_s;
    QTest::newRow("a text for a truth value") << QByteArray(R"({"version":1,"acked":"yes"})") << u"acked:"_s;
    QTest::newRow("a cancellation by nobody")
        << QByteArray(R"({"version":1,"cancel":{"version":1,"signal":"SIGTERM"}})") << u"cancel:"_s;
    QTest::newRow("a cancellation that is a text")
        << QByteArray(R"({"version":1,"cancel":"x"})") << u"cancel:"_s;
}

void TestWorkloadRecords::refusesADamagedProgress()
{
    QFETCH(QByteArray, json);
    QFETCH(QString, problem);
    const auto read = records::parseProgress(json, where);
    QVERIFY(!read);
    QVERIFY2(read.error().what.contains(problem), qPrintable(read.error().what));
}

QTEST_GUILESS_MAIN(TestWorkloadRecords)
#include "tst_workloadrecords.moc"
