#include "ui/feed/face.h"
#include "ui/feed/nodesnapshot.h"

#include <QJsonDocument>
#include <QTest>

using namespace Qt::Literals::StringLiterals;
using namespace cloudnode;

class TestNodeSnapshot : public QObject {
    Q_OBJECT

private slots:
    void readsTheWholeContract();
    void readsWorkloads_data();
    void readsWorkloads();
    void readsUploads();
    void survivesNonsense_data();
    void survivesNonsense();
    void mapsToAFace_data();
    void mapsToAFace();
};

namespace {

QJsonObject object(const QByteArray &json)
{
    return QJsonDocument::fromJson(json).object();
}

} // namespace

void TestNodeSnapshot::readsTheWholeContract()
{
    const NodeSnapshot node = NodeSnapshot::fromJson(object(R"({
        "slug":"s","instance_uuid":"u","workspace_slug":"w","profile_slug":"p","api_url":"https://a",
        "state":"connecting","paused":true,"is_busy":true,"version":"1","pid":7,"state_dir":"/d",
        "config_file":"/c","max_concurrent_workloads":3,"unreported_results":2,
        "heartbeat":{"last_ok":"2026-01-02T03:04:05.678Z","interval_seconds":30,"failures":1,"failures_total":9,
            "round_trip_seconds":0.023,"next_due":null,
            "history":[{"at":"2026-01-02T03:04:05.678Z","ok":true,"round_trip_seconds":0.02},
                       {"at":"2026-01-02T03:04:35.678Z","ok":false,"round_trip_seconds":null}]},
        "broker":{"host":"h","port":8883,"tls":true,"connected":false,"since":null},
        "problem":{"what":"x","since":"2026-01-02T03:04:05.000Z","remedy":"y"},
        "active_workloads":[]})"));
    QCOMPARE(node.slug, u"s"_s);
    QVERIFY(node.state == NodeState::Connecting);
    QVERIFY(node.paused && node.isBusy);
    QCOMPARE(node.maxConcurrentWorkloads, 3);
    QCOMPARE(node.unreportedResults, 2);
    QCOMPARE(node.heartbeat.lastOk.toMSecsSinceEpoch() % 1000, 678);
    QCOMPARE(node.heartbeat.lastOk.timeSpec(), Qt::UTC);
    QVERIFY(!node.heartbeat.nextDue.isValid());
    QCOMPARE(node.heartbeat.history.size(), 2);
    QVERIFY(!node.heartbeat.history.at(1).ok && !node.heartbeat.history.at(1).roundTripSeconds);
    QVERIFY(node.broker.tls && !node.broker.connected);
    QCOMPARE(node.broker.port, 8883);
    QCOMPARE(node.problem->remedy, u"y"_s);
}

void TestNodeSnapshot::readsWorkloads_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<QString>("name");
    QTest::addColumn<double>("fraction");
    QTest::newRow("whole")
        << QByteArray(R"({"request_id":"r","key":"k","type":"training","progress":{"fraction":0.5}})")
        << u"training r"_s << 0.5;
    QTest::newRow("numeric id") << QByteArray(
                                       R"({"request_id":12,"key":"12","type":"inference","progress":null})")
                                << u"inference 12"_s << -1.0;
    QTest::newRow("progress beyond the end")
        << QByteArray(R"({"request_id":"r","type":"training","progress":{"fraction":1.7}})")
        << u"training r"_s << 1.0;
}

void TestNodeSnapshot::readsWorkloads()
{
    QFETCH(QByteArray, json);
    const WorkloadRecord workload = WorkloadRecord::fromActive(object(json));
    QTEST(workload.name(), "name");
    QTEST(workload.progress ? workload.progress->fraction.value_or(-1) : -1.0, "fraction");
    QVERIFY(!workload.key.isEmpty());
    QVERIFY(workload.isActive());
}

void TestNodeSnapshot::readsUploads()
{
    const NodeSnapshot node = NodeSnapshot::fromJson(object(
        R"({"uploads":[{"key":"r","files":12,"files_done":3,"bytes":5368709120,"bytes_done":7,"problem":null}]})"));
    QCOMPARE(node.uploads, (QList<WorkloadUpload>{{u"r"_s, 12, 3, 5LL << 30, 7, {}}}));
}

void TestNodeSnapshot::survivesNonsense_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::newRow("nothing") << QByteArray("{}");
    QTest::newRow("wrong types") << QByteArray(
        R"({"slug":1,"heartbeat":[],"broker":"x","active_workloads":{},"uploads":3,"problem":3})");
    QTest::newRow("unknown state") << QByteArray(R"({"state":"dancing"})");
}

void TestNodeSnapshot::survivesNonsense()
{
    QFETCH(QByteArray, json);
    QCOMPARE(NodeSnapshot::fromJson(object(json)), NodeSnapshot());
}

void TestNodeSnapshot::mapsToAFace_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<Face>("face");
    const QByteArray on = R"("broker":{"connected":true})";
    QTest::newRow("ready") << QByteArray(R"({"state":"ready",)" + on + "}") << Face::Ready;
    QTest::newRow("something runs")
        << QByteArray(R"({"state":"ready","active_workloads":[{"request_id":"r"}],)" + on + "}")
        << Face::Busy;
    QTest::newRow("paused while something runs")
        << QByteArray(R"({"state":"ready","paused":true,"active_workloads":[{"request_id":"r"}],)" + on + "}")
        << Face::Paused;
    QTest::newRow("lost its broker") << QByteArray(R"({"state":"ready","broker":{"connected":false}})")
                                     << Face::Offline;
    QTest::newRow("on its way") << QByteArray(R"({"state":"registering"})") << Face::Starting;
    QTest::newRow("refused") << QByteArray(R"({"state":"registering","problem":{"what":"x"}})")
                             << Face::Failed;
    QTest::newRow("broker unreachable")
        << QByteArray(R"({"state":"connecting","problem":{"what":"x"}})") << Face::Offline;
    QTest::newRow("install failed") << QByteArray(R"({"state":"installing","problem":{"what":"x"}})")
                                    << Face::Failed;
    QTest::newRow("leaving") << QByteArray(R"({"state":"stopping",)" + on + "}") << Face::Offline;
}

void TestNodeSnapshot::mapsToAFace()
{
    QFETCH(QByteArray, json);
    QTEST(faceOf(NodeSnapshot::fromJson(object(json))), "face");
    QCOMPARE(faceOf(std::nullopt), Face::Offline);
}

QTEST_MAIN(TestNodeSnapshot)
#include "tst_nodesnapshot.moc"
