#include "base/isotime.h"
#include "wire/nodestatus.h"
#include "wire/response.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>
#include <QTimeZone>

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;
using namespace cloudnode;

class TestResponse : public QObject {
    Q_OBJECT

private slots:
    void alwaysNamesTheNode();
    void answersTheRequestIdAsItCame();
    void describesWorkloads_data();
    void describesWorkloads();
    void clockJumpsBackMakeNoNegativeDuration();
    void prefersTheMeasuredDuration();
    void statusHasTheSpecifiedKeys();
    void statusTellsWhatIsKnown();
};

namespace {

const Instance ourselves{u"4d91"_s, u"host"_s};

RequestId id(const QJsonValue &value = u"r"_s)
{
    return *RequestId::parse(value);
}

QJsonObject parsed(const JsonText &text)
{
    return QJsonDocument::fromJson(text.object()).object();
}

QJsonObject decoded(const Response &response)
{
    return QJsonDocument::fromJson(response.toJson(ourselves)).object();
}

const QDateTime noon(QDate(2026, 2, 4), QTime(12, 0), QTimeZone::utc());

} // namespace

void TestResponse::alwaysNamesTheNode()
{
    QCOMPARE(decoded(Response::success(id(), u"hello"_s)), (QJsonObject{{u"status"_s, u"ok"_s},
                                                                        {u"request_id"_s, u"r"_s},
                                                                        {u"slug"_s, u"host"_s},
                                                                        {u"instance_uuid"_s, u"4d91"_s},
                                                                        {u"output"_s, u"hello"_s}}));
    QCOMPARE(decoded(Response::failure(id(), u"no"_s)), (QJsonObject{{u"status"_s, u"error"_s},
                                                                     {u"request_id"_s, u"r"_s},
                                                                     {u"slug"_s, u"host"_s},
                                                                     {u"instance_uuid"_s, u"4d91"_s},
                                                                     {u"error"_s, u"no"_s}}));
}

void TestResponse::answersTheRequestIdAsItCame()
{
    QCOMPARE(decoded(Response::success(id(7), u""_s)).value("request_id"_L1), QJsonValue(7));
}

void TestResponse::describesWorkloads_data()
{
    QTest::addColumn<WorkloadReport>("report");
    QTest::addColumn<QByteArray>("json");
    QTest::newRow("running") << WorkloadReport{.pid = 12,
                                               .status = WorkloadReport::Status::Running,
                                               .startedAt = noon}
                             << QByteArray(R"({"pid":12,"type":"inference","status":"running","success":null,
        "exit_code":null,"signal":null,"started_at":"2026-02-04T12:00:00.000Z","ended_at":null,
        "duration_seconds":null,"output_truncated":false})");
    QTest::newRow("completed") << WorkloadReport{.pid = 12,
                                                 .type = WorkloadType::Training,
                                                 .status = WorkloadReport::Status::Completed,
                                                 .exitCode = 0,
                                                 .startedAt = noon,
                                                 .endedAt = noon.addMSecs(1500)}
                               << QByteArray(
                                      R"({"pid":12,"type":"training","status":"completed","success":true,
        "exit_code":0,"signal":null,"started_at":"2026-02-04T12:00:00.000Z",
        "ended_at":"2026-02-04T12:00:01.500Z","duration_seconds":1.5,"output_truncated":false})");
    QTest::newRow("killed") << WorkloadReport{.pid = 12,
                                              .status = WorkloadReport::Status::Failed,
                                              .exitCode = -9,
                                              .signalName = u"SIGKILL"_s,
                                              .startedAt = noon,
                                              .endedAt = noon,
                                              .outputTruncated = true}
                            << QByteArray(R"({"pid":12,"type":"inference","status":"failed","success":false,
        "exit_code":-9,"signal":"SIGKILL","started_at":"2026-02-04T12:00:00.000Z",
        "ended_at":"2026-02-04T12:00:00.000Z","duration_seconds":0,"output_truncated":true})");
    QTest::newRow("lost") << WorkloadReport{.status = WorkloadReport::Status::Lost, .startedAt = noon}
                          << QByteArray(R"({"pid":null,"type":"inference","status":"lost","success":false,
        "exit_code":null,"signal":null,"started_at":"2026-02-04T12:00:00.000Z","ended_at":null,
        "duration_seconds":null,"output_truncated":false})");
}

void TestResponse::describesWorkloads()
{
    QFETCH(WorkloadReport, report);
    QFETCH(QByteArray, json);
    Response response = Response::success(id(), u""_s);
    response.workload = report;
    QCOMPARE(decoded(response).value("workload"_L1).toObject(), QJsonDocument::fromJson(json).object());
}

void TestResponse::clockJumpsBackMakeNoNegativeDuration()
{
    const WorkloadReport report{.pid = 1,
                                .status = WorkloadReport::Status::Completed,
                                .exitCode = 0,
                                .startedAt = noon,
                                .endedAt = noon.addSecs(-5)};
    QCOMPARE(parsed(report.toJson())["duration_seconds"_L1].toDouble(-1), 0.0);
}

void TestResponse::prefersTheMeasuredDuration()
{
    const WorkloadReport report{.status = WorkloadReport::Status::Completed,
                                .startedAt = noon,
                                .endedAt = noon.addDays(1),
                                .duration = std::chrono::milliseconds(1250)};
    QCOMPARE(parsed(report.toJson())["duration_seconds"_L1].toDouble(-1), 1.25);
}

void TestResponse::statusHasTheSpecifiedKeys()
{
    NodeStatus status;
    status.instance = ourselves;
    status.activeWorkloads = {{12, WorkloadType::Training, id(), 2500ms}};
    const QJsonObject json = parsed(status.toJson());
    QCOMPARE(json.value("slug"_L1), u"host"_s);
    QCOMPARE(json.value("instance_uuid"_L1), u"4d91"_s);
    QCOMPARE(json.value("is_busy"_L1), true);
    const QJsonObject workload = json.value("active_workloads"_L1).toArray().at(0).toObject();
    QCOMPARE(workload.value("pid"_L1), 12);
    QCOMPARE(workload.value("type"_L1), u"training"_s);
    QCOMPARE(workload.value("request_id"_L1), u"r"_s);
    QCOMPARE(workload.value("running_for_seconds"_L1), 2.5);
    for (const QString &key :
         {u"started_at"_s, u"cpu_percent"_s, u"memory_bytes"_s, u"progress"_s, u"cancel"_s})
        QVERIFY2(workload.value(key).isNull(), qPrintable(key));
    status.maxConcurrentWorkloads = 2;
    QCOMPARE(parsed(status.toJson())["is_busy"_L1], false);
}

void TestResponse::statusTellsWhatIsKnown()
{
    NodeStatus status;
    NodeStatus::Active workload{12, WorkloadType::Training, id(), 2500ms};
    workload.startedAt = noon;
    workload.cpuPercent = 740.5;
    workload.memoryBytes = qint64(8) << 30;
    workload.progress = {0.58, u"epoch 12"_s};
    workload.cancel = {u"SIGTERM"_s, noon, noon.addSecs(10)};
    status.activeWorkloads = {workload};
    status.heartbeat.nextDue = noon;
    status.heartbeat.history = {{noon, true, 20ms}, {noon.addSecs(30), false, {}}};
    status.broker = {u"b"_s, 8883, true, true, noon};
    status.problem = {u"the broker is away"_s, noon, u"Wait."_s};
    status.paused = true;
    const QJsonObject json = parsed(status.toJson());
    const QByteArray active =
        R"({"pid":12,"type":"training","request_id":"r","key":"","running_for_seconds":2.5,
        "started_at":"%1","cpu_percent":740.5,"memory_bytes":8589934592,"stdout_path":"","stderr_path":"",
        "progress":{"fraction":0.58,"text":"epoch 12"},
        "cancel":{"signal":"SIGTERM","at":"%1","force_at":"%2"}})";
    const QString expected = QString::fromLatin1(active).arg(isoTime(noon), isoTime(noon.addSecs(10)));
    QCOMPARE(json.value("active_workloads"_L1).toArray().at(0).toObject(),
             QJsonDocument::fromJson(expected.toUtf8()).object());
    const QJsonObject heartbeat = json.value("heartbeat"_L1).toObject();
    QCOMPARE(heartbeat.value("next_due"_L1), isoTime(noon));
    const QJsonArray history = heartbeat.value("history"_L1).toArray();
    QCOMPARE(history.at(0).toObject().value("round_trip_seconds"_L1), 0.02);
    QCOMPARE(history.at(1).toObject().value("ok"_L1), false);
    QVERIFY(history.at(1).toObject().value("round_trip_seconds"_L1).isNull());
    QCOMPARE(json.value("broker"_L1).toObject().value("tls"_L1), true);
    QCOMPARE(json.value("broker"_L1).toObject().value("since"_L1), isoTime(noon));
    QCOMPARE(json.value("problem"_L1).toObject().value("what"_L1), u"the broker is away"_s);
    QCOMPARE(json.value("paused"_L1), true);
}

QTEST_GUILESS_MAIN(TestResponse)
#include "tst_response.moc"
