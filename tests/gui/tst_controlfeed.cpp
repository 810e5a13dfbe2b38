#include "control/controlserver.h"
#include "integration/fakecontrolport.h"
#include "support/waiting.h"
#include "ui/feed/controlfeed.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::Literals::StringLiterals;
using namespace cloudnode;

/// The feed against a real socket, behind which a port answers.
class TestControlFeed : public QObject {
    Q_OBJECT

private slots:
    void init();
    void tellsStatusWorkloadsAndEvents();
    void recoversWhenTheNodeIsBack();
    void listsAgainWhenSomethingEnded();
    void asksUntilTheHistoryIsWhole();
    void asksTheNode();
    void handsOnWhyTheNodeRefused();

private:
    void startNode();
    static QJsonObject workload(const QString &id, const QString &status);

    std::unique_ptr<QTemporaryDir> m_folder;
    QString m_path;
    std::unique_ptr<FakeControlPort> m_port;
    std::unique_ptr<ControlServer> m_server;
    std::unique_ptr<ControlFeed> m_feed;
};

void TestControlFeed::init()
{
    m_server.reset();
    m_folder = std::make_unique<QTemporaryDir>();
    m_path = m_folder->filePath(u"node.sock"_s);
    m_port = std::make_unique<FakeControlPort>();
    m_port->snapshot.insert(u"slug"_s, u"my-node"_s);
    m_port->listed = {workload(u"r-1"_s, u"failed"_s)};
    m_port->recent = {QJsonObject{{u"text"_s, u"Started"_s}, {u"kind"_s, u"node"_s}}};
    m_feed = std::make_unique<ControlFeed>();
}

QJsonObject TestControlFeed::workload(const QString &id, const QString &status)
{
    return {{u"request_id"_s, id}, {u"key"_s, id}, {u"type"_s, u"training"_s}, {u"status"_s, status}};
}

void TestControlFeed::startNode()
{
    m_server = std::make_unique<ControlServer>(*m_port);
    QVERIFY(m_server->listen({m_path}));
}

void TestControlFeed::tellsStatusWorkloadsAndEvents()
{
    QSignalSpy status(m_feed.get(), &NodeFeed::statusArrived);
    QSignalSpy listed(m_feed.get(), &NodeFeed::workloadsArrived);
    QSignalSpy events(m_feed.get(), &NodeFeed::eventsArrived);
    QSignalSpy up(m_feed.get(), &NodeFeed::upChanged);
    startNode();
    m_feed->start({m_path});
    WAIT_FOR_EQUAL(listed.count(), 1);
    QVERIFY(m_feed->isUp());
    QCOMPARE(up.count(), 1);
    QCOMPARE(status.at(0).at(0).value<NodeSnapshot>().slug, u"my-node"_s);
    const auto workloads = listed.at(0).at(0).value<QList<WorkloadRecord>>();
    QCOMPARE(workloads.size(), 1);
    QCOMPARE(workloads.at(0).name(), u"training r-1"_s);
    QVERIFY(workloads.at(0).status == WorkloadRecord::Status::Failed);
    WAIT_FOR_EQUAL(events.count(), 1);
    QCOMPARE(events.at(0).at(0).value<QList<NodeEvent>>().at(0).text, u"Started"_s);
}

void TestControlFeed::recoversWhenTheNodeIsBack()
{
    QSignalSpy missed(m_feed.get(), &ControlFeed::missed);
    m_feed->start({m_path});
    WAIT_FOR(missed.count() > 0);
    QVERIFY(!m_feed->isUp());
    startNode();
    WAIT_FOR(m_feed->isUp());
    m_server.reset();
    WAIT_FOR(!m_feed->isUp());
    startNode();
    WAIT_FOR(m_feed->isUp());
}

void TestControlFeed::listsAgainWhenSomethingEnded()
{
    QSignalSpy listed(m_feed.get(), &NodeFeed::workloadsArrived);
    m_port->snapshot.insert(u"active_workloads"_s, QJsonArray{workload(u"r-2"_s, {})});
    startNode();
    m_feed->start({m_path});
    WAIT_FOR_EQUAL(listed.count(), 1);
    m_port->listed = {workload(u"r-2"_s, u"completed"_s), workload(u"r-1"_s, u"failed"_s)};
    m_port->snapshot.insert(u"active_workloads"_s, QJsonArray());
    m_port->changeTo(u"ready"_s);
    WAIT_FOR_EQUAL(listed.count(), 2);
    QCOMPARE(listed.at(1).at(0).value<QList<WorkloadRecord>>().size(), 2);
}

void TestControlFeed::asksUntilTheHistoryIsWhole()
{
    QSignalSpy listed(m_feed.get(), &NodeFeed::workloadsArrived);
    m_port->complete = false;
    startNode();
    m_feed->start({m_path});
    WAIT_FOR_EQUAL(listed.count(), 1);
    QCOMPARE(listed.at(0).at(0).value<QList<WorkloadRecord>>().size(), 1);
    m_port->listed = {workload(u"r-2"_s, u"completed"_s), workload(u"r-1"_s, u"failed"_s)};
    m_port->complete = true;
    WAIT_FOR(listed.constLast().at(0).value<QList<WorkloadRecord>>().size() == 2);
}

void TestControlFeed::asksTheNode()
{
    startNode();
    m_feed->start({m_path});
    WAIT_FOR(m_feed->isUp());
    int answers = 0;
    const auto count = [&](const Result<void> &answer) { answers += answer ? 1 : 0; };
    m_feed->pause(this, count);
    m_feed->resume(this, count);
    m_feed->cancel(12, u"SIGKILL"_s, this, count);
    WAIT_FOR_EQUAL(m_port->asked, (QStringList{u"pause"_s, u"resume"_s, u"cancel 12 SIGKILL"_s}));
    m_port->cancels.front()(QJsonObject());
    WAIT_FOR_EQUAL(answers, 3);
}

void TestControlFeed::handsOnWhyTheNodeRefused()
{
    startNode();
    m_feed->start({m_path});
    WAIT_FOR(m_feed->isUp());
    m_port->pausing = fail(u"the disk is full"_s, u"/state"_s, u"Make room."_s);
    std::optional<Error> refusal;
    m_feed->pause(this, [&](const Result<void> &answer) { refusal = answer.error(); });
    WAIT_FOR(refusal);
    QCOMPARE(refusal->what, u"the disk is full"_s);
    QCOMPARE(refusal->remedy, u"Make room."_s);
}

QTEST_MAIN(TestControlFeed)
#include "tst_controlfeed.moc"
