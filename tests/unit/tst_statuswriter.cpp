#include "base/isotime.h"
#include "wire/statuswriter.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>
#include <QTimeZone>

#include <functional>

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;
using namespace cloudnode;

class TestStatusWriter : public QObject {
    Q_OBJECT

private slots:
    void hasTheSpecifiedKeys();
    void tellsWhatIsKnown();
    void tellsWhatHasChanged_data();
    void tellsWhatHasChanged();
};

namespace {

const Instance ourselves{u"4d91"_s, u"host"_s};
const QDateTime noon(QDate(2026, 2, 4), QTime(12, 0), QTimeZone::utc());

RequestId id()
{
    return *RequestId::parse(u"r"_s);
}

QJsonObject parsed(const JsonText &text)
{
    return QJsonDocument::fromJson(text.object()).object();
}

NodeFacts facts(int mostWorkloads = 1)
{
    NodeFacts made;
    made.profileSlug = u"gpu"_s;
    made.hasTraining = true;
    made.maxConcurrentWorkloads = mostWorkloads;
    return made;
}

QJsonObject written(const NodeStatus &status, int mostWorkloads = 1)
{
    return parsed(StatusWriter(facts(mostWorkloads)).write(status));
}

} // namespace

void TestStatusWriter::hasTheSpecifiedKeys()
{
    NodeStatus status;
    status.instance = ourselves;
    status.activeWorkloads = {{12, WorkloadType::Training, id(), 2500ms}};
    const QJsonObject json = written(status);
    QCOMPARE(json.value("slug"_L1), u"host"_s);
    QCOMPARE(json.value("instance_uuid"_L1), u"4d91"_s);
    QCOMPARE(json.value("profile_slug"_L1), u"gpu"_s);
    QCOMPARE(json.value("has_training"_L1), true);
    QCOMPARE(json.value("has_inference"_L1), false);
    QCOMPARE(json.value("max_concurrent_workloads"_L1), 1);
    QCOMPARE(json.value("is_busy"_L1), true);
    const QJsonObject workload = json.value("active_workloads"_L1).toArray().at(0).toObject();
    QCOMPARE(workload.value("pid"_L1), 12);
    QCOMPARE(workload.value("type"_L1), u"training"_s);
    QCOMPARE(workload.value("request_id"_L1), u"r"_s);
    QCOMPARE(workload.value("running_for_seconds"_L1), 2.5);
    for (const QString &key :
         {u"started_at"_s, u"cpu_percent"_s, u"memory_bytes"_s, u"progress"_s, u"cancel"_s})
        QVERIFY2(workload.value(key).isNull(), qPrintable(key));
    QCOMPARE(written(status, 2)["is_busy"_L1], false);
}

void TestStatusWriter::tellsWhatIsKnown()
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
    const QJsonObject json = written(status);
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

void TestStatusWriter::tellsWhatHasChanged_data()
{
    using Change = std::function<void(NodeStatus &)>;
    QTest::addColumn<Change>("change");
    QTest::addRow("instance") << Change([](NodeStatus &s) { s.instance.slug = u"other"_s; });
    QTest::addRow("state") << Change([](NodeStatus &s) { s.state = NodeState::Stopping; });
    QTest::addRow("beat") << Change([](NodeStatus &s) { s.heartbeat.history.last().ok = false; });
    QTest::addRow("more beats") << Change(
        [](NodeStatus &s) { s.heartbeat.history << s.heartbeat.history[0]; });
    QTest::addRow("next beat") << Change([](NodeStatus &s) { s.heartbeat.nextDue.reset(); });
    QTest::addRow("failures") << Change([](NodeStatus &s) { ++s.heartbeat.failuresTotal; });
    QTest::addRow("broker") << Change([](NodeStatus &s) { s.broker.connected = false; });
    QTest::addRow("since") << Change([](NodeStatus &s) { s.broker.since = noon.addSecs(1); });
    QTest::addRow("uptime") << Change([](NodeStatus &s) { s.uptime += 1s; });
}

void TestStatusWriter::tellsWhatHasChanged()
{
    QFETCH(std::function<void(NodeStatus &)>, change);
    NodeStatus status;
    status.instance = ourselves;
    status.heartbeat.nextDue = noon;
    status.heartbeat.history = {{noon, true, 20ms}};
    status.broker = {u"b"_s, 8883, true, true, noon};
    StatusWriter writer(facts());
    const QJsonObject before = parsed(writer.write(status));
    QCOMPARE(parsed(writer.write(status)), before);
    NodeStatus next = status;
    change(next);
    QCOMPARE(parsed(writer.write(next)), written(next));
    QVERIFY(written(next) != before);
    QCOMPARE(parsed(writer.write(status)), before);
}

QTEST_GUILESS_MAIN(TestStatusWriter)
#include "tst_statuswriter.moc"
