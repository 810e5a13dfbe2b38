#include "node/timeline.h"
#include "node/troubles.h"
#include "node/workloadlisting.h"
#include "support/waiting.h"

#include <QDir>
#include <QFileInfo>
#include <QJsonDocument>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;
using namespace cloudnode;

/// How a workload is told of: its life, its line in the list; and what is wrong with a node.
class TestTimeline : public QObject {
    Q_OBJECT

private slots:
    void init();

    void isInOrder();
    void datesAnEndThatNobodySaw();
    void survivesARestart();
    void isBounded();
    void warnsIfItCannotBeWritten();
    void listsAWorkload();
    void forceComesAfterTheGrace();
    void theGravestTroubleIsShown();

private:
    WorkloadPoolSettings settings() const
    {
        return {.workloadsFolder = m_folder->path(), .logsFolder = m_folder->path()};
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

namespace {

const QDateTime start = QDateTime::fromString(u"2020-02-04T12:00:00.000Z"_s, Qt::ISODateWithMs);

Workload workload()
{
    Workload made{.key = u"k"_s,
                  .spec = {.requestId = *RequestId::parse(u"k"_s), .type = WorkloadType::Training}};
    made.spec.receivedAt = start;
    made.start = WorkloadStart{4711, start.addSecs(1)};
    return made;
}

WorkloadEnd ended(int code)
{
    WorkloadEnd end;
    end.outcome = WorkloadEnd::Outcome::Exited;
    end.exitCode = code;
    end.at = start.addSecs(5);
    return end;
}

QStringList wordsOf(const QJsonArray &life)
{
    QStringList words;
    for (const QJsonValue &entry : life)
        words << entry["what"_L1].toString();
    return words;
}

QJsonObject parsed(const JsonText &text)
{
    return QJsonDocument::fromJson(text.object()).object();
}

} // namespace

void TestTimeline::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    QVERIFY(QDir(m_folder->path()).mkdir(u"k"_s));
}

void TestTimeline::isInOrder()
{
    const WorkloadPool pool(settings());
    Timeline timeline(pool);
    Workload one = workload();
    QCOMPARE(wordsOf(timeline.of(one)), (QStringList{u"received"_s, u"started"_s}));
    one.end = ended(3);
    timeline.add(u"k"_s, u"report_sent"_s, u"Sent"_s);
    const QJsonArray life = timeline.of(one);
    QCOMPARE(wordsOf(life), (QStringList{u"received"_s, u"started"_s, u"ended"_s, u"report_sent"_s}));
    QVERIFY(life.at(1)["text"_L1].toString().contains(u"4711"_s));
    QVERIFY(life.at(2)["text"_L1].toString().contains(u"exit code 3"_s));
    QCOMPARE(life.at(2)["at"_L1], u"2020-02-04T12:00:05.000Z"_s);
}

void TestTimeline::datesAnEndThatNobodySaw()
{
    const WorkloadPool pool(settings());
    Timeline timeline(pool);
    Workload one = workload();
    one.end = WorkloadEnd::because(WorkloadEnd::Outcome::Unknown, u"a reboot"_s);
    QVERIFY(one.end->foundAt && !one.end->at);
    one.end->foundAt = start.addSecs(9);
    timeline.add(u"k"_s, u"report_sent"_s, u"Sent"_s);
    const QJsonArray life = timeline.of(one);
    QCOMPARE(wordsOf(life), (QStringList{u"received"_s, u"started"_s, u"ended"_s, u"report_sent"_s}));
    QCOMPARE(life.at(2)["at"_L1], u"2020-02-04T12:00:09.000Z"_s);
    QCOMPARE(life.at(2)["text"_L1], u"Found to have ended: lost; a reboot"_s);
}

void TestTimeline::survivesARestart()
{
    const WorkloadPool pool(settings());
    Timeline(pool).add(u"k"_s, u"signal"_s, u"SIGTERM"_s);
    QCOMPARE(wordsOf(Timeline(pool).of(workload())).last(), u"signal"_s);
}

void TestTimeline::isBounded()
{
    const WorkloadPool pool(settings());
    Timeline timeline(pool);
    const QString text(10'000, u'x');
    for (int i = 0; i < 100; ++i)
        timeline.add(u"k"_s, u"report_sent"_s, text);
    QVERIFY(QFileInfo(m_folder->filePath(u"k/timeline.jsonl"_s)).size() < Timeline::fileBytes + 20'000);
}

void TestTimeline::warnsIfItCannotBeWritten()
{
    const WorkloadPool pool(settings());
    Timeline timeline(pool);
    QSignalSpy warning(&timeline, &Timeline::warning);
    timeline.add(u"removed"_s, u"signal"_s, u"SIGTERM"_s); // its workload is gone: nobody misses it
    QVERIFY(QDir(m_folder->path()).mkpath(u"k/timeline.jsonl"_s));
    timeline.add(u"k"_s, u"signal"_s, u"SIGTERM"_s);
    WAIT_FOR(!warning.isEmpty());
    QCOMPARE(warning.size(), 1);
    QVERIFY(warning.first().first().value<Error>().where.endsWith(u"k/timeline.jsonl"_s));
}

void TestTimeline::listsAWorkload()
{
    Workload one = workload();
    QJsonObject listed = parsed(workloadlisting::toJson(one));
    QCOMPARE(listed.value("status"_L1), u"running"_s);
    QVERIFY(listed.value("exit_code"_L1).isNull());
    QVERIFY(listed.value("ended_at"_L1).isNull());
    one.end = ended(0);
    one.progress.reported = true;
    listed = parsed(workloadlisting::toJson(one));
    QCOMPARE(listed.value("request_id"_L1), u"k"_s);
    QCOMPARE(listed.value("key"_L1), u"k"_s);
    QCOMPARE(listed.value("type"_L1), u"training"_s);
    QCOMPARE(listed.value("status"_L1), u"completed"_s);
    QCOMPARE(listed.value("pid"_L1), 4711);
    QCOMPARE(listed.value("exit_code"_L1), 0);
    QCOMPARE(listed.value("duration_seconds"_L1), 4);
    QCOMPARE(listed.value("received_at"_L1), u"2020-02-04T12:00:00.000Z"_s);
    QCOMPARE(listed.value("reported"_L1), true);
}

void TestTimeline::forceComesAfterTheGrace()
{
    Workload one = workload();
    one.spec.cancelGrace = 7s;
    const WorkloadCancel gentle{one.spec.requestId, u"SIGTERM"_s, start};
    const WorkloadCancel force{one.spec.requestId, u"SIGKILL"_s, start};
    QCOMPARE(workloadlisting::forceAt(one, gentle), start.addSecs(7));
    QCOMPARE(workloadlisting::forceAt(one, force), start);
}

void TestTimeline::theGravestTroubleIsShown()
{
    Troubles troubles;
    QVERIFY(!troubles.gravest());
    troubles.raise(Troubles::Kind::Heartbeat, {u"no heartbeat"_s, {}, {}});
    troubles.raise(Troubles::Kind::Broker, {u"no broker"_s, u"b:1"_s, u"Wait."_s});
    QCOMPARE(troubles.gravest()->what, u"b:1: no broker"_s);
    QCOMPARE(troubles.gravest()->remedy, u"Wait."_s);
    const QDateTime since = troubles.gravest()->since;
    troubles.raise(Troubles::Kind::Broker, {u"still none"_s, {}, {}});
    QCOMPARE(troubles.gravest()->since, since);
    QCOMPARE(troubles.gravest()->what, u"still none"_s);
    QVERIFY(troubles.clear(Troubles::Kind::Broker));
    QVERIFY(!troubles.clear(Troubles::Kind::Broker));
    QCOMPARE(troubles.gravest()->what, u"no heartbeat"_s);
}

QTEST_GUILESS_MAIN(TestTimeline)
#include "tst_timeline.moc"
