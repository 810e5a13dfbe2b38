#include "fakefeed.h"
#include "samples.h"
#include "ui/feed/nodemonitor.h"

#include <QSignalSpy>
#include <QTest>

using namespace Qt::Literals::StringLiterals;
using namespace cloudnode;

class TestNodeMonitor : public QObject {
    Q_OBJECT

private slots:
    void namesTheTroubleOfAStartingNode_data();
    void namesTheTroubleOfAStartingNode();
    void looksFirst();
    void goesOfflineAndRecovers();
    void asksForATokenFirst();
    void tellsWhyNoNodeStarted();
    void tellsWhyTheNodeEnded();
    void trustsTheNodesOwnWordsMost_data();
    void trustsTheNodesOwnWordsMost();
    void keepsTheReasonUntilThereIsAnotherNode_data();
    void keepsTheReasonUntilThereIsAnotherNode();
    void knowsAService();
};

namespace {

/// It tells of the problem that will end it.
NodeSnapshot failingNode()
{
    NodeSnapshot node = samples::readyNode();
    node.state = NodeState::Installing;
    node.problem =
        NodeSnapshot::Problem{u"the script failed"_s, QDateTime::currentDateTimeUtc(), u"Mend it."_s};
    return node;
}

} // namespace

void TestNodeMonitor::namesTheTroubleOfAStartingNode_data()
{
    QTest::addColumn<NodeState>("state");
    QTest::addColumn<Remedy>("remedy");
    QTest::newRow("install script") << NodeState::Installing << Remedy::ShowInstallLog;
    QTest::newRow("registration") << NodeState::Registering << Remedy::OpenSettings;
    QTest::newRow("broker") << NodeState::Connecting << Remedy::TestConnection;
    QTest::newRow("heartbeat of a ready node") << NodeState::Ready << Remedy::TestConnection;
}

void TestNodeMonitor::namesTheTroubleOfAStartingNode()
{
    QFETCH(NodeState, state);
    FakeFeed feed;
    NodeMonitor monitor(feed);
    NodeSnapshot node = samples::readyNode();
    node.state = state;
    node.problem = NodeSnapshot::Problem{u"it broke"_s, QDateTime::currentDateTimeUtc(), u"Mend it."_s};
    feed.tell(node);
    QTEST(monitor.trouble()->remedy, "remedy");
    QCOMPARE(monitor.trouble()->what, u"It broke"_s);
    QCOMPARE(monitor.trouble()->advice, u"Mend it."_s);
    QVERIFY(monitor.trouble()->since.isValid());
}

void TestNodeMonitor::looksFirst()
{
    FakeFeed feed;
    NodeMonitor monitor(feed);
    QCOMPARE(monitor.face(), Face::Starting);
    QVERIFY(!monitor.trouble());
    monitor.setSearching(false);
    QCOMPARE(monitor.face(), Face::Offline);
    QCOMPARE(monitor.trouble()->remedy, Remedy::StartNode);
}

void TestNodeMonitor::goesOfflineAndRecovers()
{
    FakeFeed feed;
    NodeMonitor monitor(feed);
    QSignalSpy changed(&monitor, &NodeMonitor::changed);
    feed.tell(samples::readyNode());
    QCOMPARE(monitor.face(), Face::Ready);
    QVERIFY(!monitor.trouble());
    feed.goDown();
    QCOMPARE(monitor.face(), Face::Offline);
    QCOMPARE(monitor.slug(), u"my-gpu-node"_s);
    QVERIFY(monitor.trouble()->urgent);
    QCOMPARE(monitor.trouble()->remedy, Remedy::StartNode);
    feed.tell(samples::readyNode());
    QCOMPARE(monitor.face(), Face::Ready);
    QVERIFY(!monitor.trouble());
    QCOMPARE(changed.count(), 3);
}

void TestNodeMonitor::asksForATokenFirst()
{
    FakeFeed feed;
    NodeMonitor monitor(feed);
    monitor.setTokenKept(false);
    QCOMPARE(monitor.trouble()->remedy, Remedy::OpenSettings);
    QVERIFY(!monitor.trouble()->urgent);
}

void TestNodeMonitor::tellsWhyNoNodeStarted()
{
    FakeFeed feed;
    NodeMonitor monitor(feed);
    monitor.setStartFailure(Error{u"inference is a number"_s, u"cyberwave.yml:3"_s, u"Put it in quotes."_s});
    QCOMPARE(monitor.face(), Face::Failed);
    QVERIFY(monitor.trouble()->what.contains(u"cyberwave.yml:3"_s));
    QCOMPARE(monitor.trouble()->advice, u"Put it in quotes."_s);
    feed.tell(samples::readyNode());
    QCOMPARE(monitor.face(), Face::Ready);
}

void TestNodeMonitor::tellsWhyTheNodeEnded()
{
    FakeFeed feed;
    NodeMonitor monitor(feed);
    feed.tell(failingNode());
    feed.goDown();
    QCOMPARE(monitor.face(), Face::Failed);
    QCOMPARE(monitor.trouble()->what, u"The node has ended: the script failed"_s);
    QCOMPARE(monitor.trouble()->remedy, Remedy::ShowInstallLog);
    monitor.setSearching(true); // another one is being started
    QCOMPARE(monitor.face(), Face::Starting);
    QVERIFY(!monitor.trouble());
}

void TestNodeMonitor::trustsTheNodesOwnWordsMost_data()
{
    QTest::addColumn<bool>("endsFirst");
    QTest::newRow("its program tells why before the link is gone") << false;
    QTest::newRow("its program tells why after that") << true;
}

void TestNodeMonitor::trustsTheNodesOwnWordsMost()
{
    QFETCH(bool, endsFirst);
    FakeFeed feed;
    NodeMonitor monitor(feed);
    feed.tell(failingNode());
    if (endsFirst)
        feed.goDown();
    monitor.setStartFailure(Error{u"it ended with exit code 5"_s, {}, {}});
    if (!endsFirst)
        feed.goDown();
    QCOMPARE(monitor.trouble()->what, u"The node has ended: the script failed"_s);
    QCOMPARE(monitor.trouble()->remedy, Remedy::ShowInstallLog);
}

void TestNodeMonitor::keepsTheReasonUntilThereIsAnotherNode_data()
{
    QTest::addColumn<NodeState>("state");
    QTest::addColumn<qint64>("pid");
    QTest::addColumn<Face>("face");
    QTest::newRow("a late word of the same node") << NodeState::Registering << qint64(7) << Face::Failed;
    QTest::newRow("another node") << NodeState::Registering << qint64(8) << Face::Offline;
    QTest::newRow("a node that is ready") << NodeState::Ready << qint64(7) << Face::Offline;
}

void TestNodeMonitor::keepsTheReasonUntilThereIsAnotherNode()
{
    QFETCH(NodeState, state);
    QFETCH(qint64, pid);
    FakeFeed feed;
    NodeMonitor monitor(feed);
    NodeSnapshot node = samples::readyNode();
    node.state = NodeState::Registering;
    node.pid = 7;
    feed.tell(node);
    monitor.setStartFailure(Error{u"the token is not accepted"_s, {}, {}});
    node.state = state;
    node.pid = pid;
    feed.tell(node);
    feed.goDown();
    QTEST(monitor.face(), "face");
}

void TestNodeMonitor::knowsAService()
{
    FakeFeed feed;
    NodeMonitor monitor(feed);
    monitor.setService(true);
    QVERIFY(!monitor.isService()); // there is none yet
    feed.tell(samples::readyNode());
    QVERIFY(monitor.isService());
    monitor.setService(false);
    QVERIFY(!monitor.isService());
}

QTEST_MAIN(TestNodeMonitor)
#include "tst_nodemonitor.moc"
