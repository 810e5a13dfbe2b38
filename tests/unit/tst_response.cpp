#include "base/isotime.h"
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

QTEST_GUILESS_MAIN(TestResponse)
#include "tst_response.moc"
