#include "control/controlprotocol.h"
#include "integration/controltest.h"
#include "integration/linesocket.h"
#include "support/waiting.h"

#include <QTest>

using namespace Qt::Literals::StringLiterals;
using cloudnode::test::ServedPort;

/// What clients of the control socket may ask, and what they are answered.
class TestControl : public QObject {
    Q_OBJECT

private slots:
    void init();
    void cleanup();

    void answersEachMethod_data();
    void answersEachMethod();
    void refusesWrongRequests_data();
    void refusesWrongRequests();
    void refusedRequestsReachNobody_data() { refusesWrongRequests_data(); }
    void refusedRequestsReachNobody();
    void passesTheNodesReasonOn();
    void answersInOrder();
    void ignoresEmptyLines();
    void sendsNoAnswerToANotification();
    void answersAnOversizedRequestAndCloses_data();
    void answersAnOversizedRequestAndCloses();
    void cancelIsAnsweredWhenTheNodeSaysSo();
    void cancelOutlivesItsClient();
    void cancelOutlivesItsServer();
    void boundsTheUnansweredRequestsOfAClient();

private:
    std::unique_ptr<ServedPort> m_served;
};

void TestControl::init()
{
    m_served = std::make_unique<ServedPort>();
    m_served->serve();
}

void TestControl::cleanup()
{
    m_served.reset();
}

void TestControl::answersEachMethod_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("params");
    QTest::addColumn<QByteArray>("result");
    QTest::addColumn<QStringList>("asked");
    const QStringList nothing;
    QTest::newRow("status") << "node.status"_ba
                            << "{}"_ba
                            << R"({"state":"ready"})"_ba << nothing;
    QTest::newRow("pause") << "node.pause"_ba
                           << "{}"_ba
                           << R"({"paused":true})"_ba << QStringList{u"pause"_s};
    QTest::newRow("resume") << "node.resume"_ba
                            << "{}"_ba
                            << R"({"paused":false})"_ba << QStringList{u"resume"_s};
    QTest::newRow("stop") << "node.stop"_ba
                          << "{}"_ba
                          << R"({"stopping":true})"_ba << QStringList{u"stop"_s};
    QTest::newRow("active workloads")
        << "workload.list"_ba
        << "{}"_ba
        << R"({"complete":true,"workloads":[{"key":"w"}]})"_ba << QStringList{u"list 100"_s};
    QTest::newRow("all workloads") << "workload.list"_ba
                                   << R"({"all":true,"limit":7})"_ba
                                   << R"({"complete":true,"workloads":[{"key":"w"}]})"_ba
                                   << QStringList{u"list all 7"_s};
    QTest::newRow("timeline") << "workload.timeline"_ba
                              << R"({"request_id":"r"})"_ba
                              << R"({"request_id":"r","timeline":["t"]})"_ba << nothing;
    QTest::newRow("timeline of a numbered request") << "workload.timeline"_ba
                                                    << R"({"request_id":5})"_ba
                                                    << R"({"request_id":"5","timeline":["t"]})"_ba << nothing;
    QTest::newRow("subscribe") << "events.subscribe"_ba
                               << "{}"_ba
                               << R"({"events":[{"text":"e"}]})"_ba << nothing;
    QTest::newRow("unsubscribe, though not subscribed") << "events.unsubscribe"_ba
                                                        << "{}"_ba
                                                        << "{}"_ba << nothing;
}

void TestControl::answersEachMethod()
{
    QFETCH(QByteArray, method);
    QFETCH(QByteArray, params);
    QFETCH(QByteArray, result);
    m_served->port.listed = {QJsonObject{{u"key"_s, u"w"_s}}};
    m_served->port.life = QJsonArray{u"t"_s};
    m_served->port.recent = {QJsonObject{{u"text"_s, u"e"_s}}};
    LineSocket client(m_served->path());
    client.ask(method, params);
    WAIT_FOR(!client.messages.isEmpty());
    QCOMPARE(client.messages.first().value(u"id"_s).toInt(), 1);
    QCOMPARE(client.messages.first().value(u"result"_s).toObject(), QJsonDocument::fromJson(result).object());
    const QStringList asked = m_served->port.asked + m_served->port.listings;
    QTEST(asked, "asked");
}

void TestControl::refusesWrongRequests_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<int>("code");
    const auto call = [](const QByteArray &method, const QByteArray &params) {
        return "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"" + method + "\",\"params\":" + params + '}';
    };
    QTest::newRow("malformed JSON") << R"({"jsonrpc":"2.0",)"_ba << -32700;
    QTest::newRow("a batch") << "[" + call("node.stop", "{}") + "]" << -32600;
    QTest::newRow("a request of another version") << R"({"id":1,"method":"node.stop"})"_ba << -32600;
    QTest::newRow("a method of an object without a name") << call("", "{}") << -32600;
    QTest::newRow("an unknown method") << call("node.explode", "{}") << -32601;
    QTest::newRow("a method in another case") << call("Node.Stop", "{}") << -32601;
    QTest::newRow("params by position") << call("workload.cancel", R"(["r"])") << -32602;
    QTest::newRow("stop with a parameter") << call("node.stop", R"({"force":true})") << -32602;
    QTest::newRow("pause with a parameter") << call("node.pause", R"({"for":60})") << -32602;
    QTest::newRow("resume with a parameter") << call("node.resume", R"({"x":1})") << -32602;
    QTest::newRow("status with a parameter") << call("node.status", R"({"x":1})") << -32602;
    QTest::newRow("subscribe with a parameter") << call("events.subscribe", R"({"x":1})") << -32602;
    QTest::newRow("unsubscribe with a parameter") << call("events.unsubscribe", R"({"x":1})") << -32602;
    QTest::newRow("list with all as text") << call("workload.list", R"({"all":"yes"})") << -32602;
    QTest::newRow("list with limit 0") << call("workload.list", R"({"limit":0})") << -32602;
    QTest::newRow("list with a limit beyond bounds") << call("workload.list", R"({"limit":2001})") << -32602;
    QTest::newRow("list with half a limit") << call("workload.list", R"({"limit":1.5})") << -32602;
    QTest::newRow("list with limit null") << call("workload.list", R"({"limit":null})") << -32602;
    QTest::newRow("timeline of nothing") << call("workload.timeline", "{}") << -32602;
    QTest::newRow("timeline of an empty id") << call("workload.timeline", R"({"request_id":""})") << -32602;
    QTest::newRow("cancel of nothing") << call("workload.cancel", "{}") << -32602;
    QTest::newRow("cancel by both names")
        << call("workload.cancel", R"({"request_id":"r","pid":5})") << -32602;
    QTest::newRow("cancel of everybody") << call("workload.cancel", R"({"pid":-1})") << -32602;
    QTest::newRow("cancel of pid 0") << call("workload.cancel", R"({"pid":0})") << -32602;
    QTest::newRow("cancel with a pid as text") << call("workload.cancel", R"({"pid":"5"})") << -32602;
    QTest::newRow("cancel with another signal")
        << call("workload.cancel", R"({"request_id":"r","signal":"SIGSTOP"})") << -32602;
    QTest::newRow("cancel with a misspelt name")
        << call("workload.cancel", R"({"request_id":"r","sinal":"SIGKILL"})") << -32602;
    QTest::newRow("cancel with wait as text")
        << call("workload.cancel", R"({"pid":5,"wait":"yes"})") << -32602;
    QTest::newRow("timeline of a request nobody knows")
        << call("workload.timeline", R"({"request_id":"unknown"})") << 1;
}

void TestControl::refusesWrongRequests()
{
    QFETCH(QByteArray, line);
    LineSocket client(m_served->path());
    client.send(line);
    WAIT_FOR_EQUAL(client.messages.size(), 1);
    QTEST(client.code(0), "code");
    client.messages.clear();
    client.ask("node.status"); // and the connection goes on
    WAIT_FOR_EQUAL(client.messages.size(), 1);
    QVERIFY(client.messages.first().contains(u"result"_s));
}

void TestControl::refusedRequestsReachNobody()
{
    QFETCH(QByteArray, line);
    LineSocket client(m_served->path());
    client.send(line);
    WAIT_FOR_EQUAL(client.messages.size(), 1);
    QCOMPARE(m_served->port.asked, QStringList());
}

void TestControl::passesTheNodesReasonOn()
{
    m_served->port.pausing = cloudnode::fail(u"cannot write"_s, u"/state"_s, u"Free some disk space."_s);
    LineSocket client(m_served->path());
    client.ask("node.pause");
    WAIT_FOR_EQUAL(client.messages.size(), 1);
    const QJsonObject expected{
        {u"code"_s, 1},
        {u"message"_s, u"cannot write"_s},
        {u"data"_s, QJsonObject{{u"where"_s, u"/state"_s}, {u"remedy"_s, u"Free some disk space."_s}}}};
    QCOMPARE(client.messages.first().value(u"error"_s).toObject(), expected);
}

void TestControl::answersInOrder()
{
    LineSocket client(m_served->path());
    QByteArray all;
    for (int i = 0; i < 1000; ++i)
        all += "{\"jsonrpc\":\"2.0\",\"method\":\"node.status\",\"id\":" + QByteArray::number(i) + "}\n";
    client.socket.write(all);
    WAIT_FOR_EQUAL(client.messages.size(), 1000);
    for (int i = 0; i < 1000; ++i)
        QCOMPARE(client.messages.at(i).value(u"id"_s).toInt(), i);
}

void TestControl::ignoresEmptyLines()
{
    LineSocket client(m_served->path());
    client.send("");
    client.send("\r");
    client.ask("node.status", "{}", "9");
    WAIT_FOR_EQUAL(client.messages.size(), 1);
    QCOMPARE(client.messages.first().value(u"id"_s).toInt(), 9);
}

void TestControl::sendsNoAnswerToANotification()
{
    LineSocket client(m_served->path());
    client.send(R"({"jsonrpc":"2.0","method":"node.pause"})");
    client.send(R"({"jsonrpc":"2.0","method":"no.such"})");
    client.ask("node.status", "{}", "9");
    WAIT_FOR_EQUAL(client.messages.size(), 1);
    QCOMPARE(client.messages.first().value(u"id"_s).toInt(), 9);
    QCOMPARE(m_served->port.asked, QStringList{u"pause"_s});
}

void TestControl::answersAnOversizedRequestAndCloses_data()
{
    QTest::addColumn<qsizetype>("size");
    QTest::addColumn<bool>("ended");
    const qsizetype most = cloudnode::controlprotocol::maxRequestBytes;
    QTest::newRow("one byte too long") << most + 1 << true;
    QTest::newRow("without an end") << most + 1 << false;
    QTest::newRow("more than the system's buffers hold") << (qsizetype{4} << 20) << true;
}

void TestControl::answersAnOversizedRequestAndCloses()
{
    QFETCH(qsizetype, size);
    QFETCH(bool, ended);
    LineSocket client(m_served->path());
    client.socket.write(QByteArray(size, ' ') + (ended ? "\n" : ""));
    client.ask("node.stop");
    WAIT_FOR_EQUAL(client.messages.size(), 1);
    QCOMPARE(client.code(0), -32001);
    WAIT_FOR(client.isClosed());
    WAIT_FOR_EQUAL(m_served->server->clientCount(), 0);
    QCOMPARE(m_served->port.asked, QStringList());
}

void TestControl::cancelIsAnsweredWhenTheNodeSaysSo()
{
    LineSocket client(m_served->path());
    client.ask("workload.cancel", R"({"request_id":"r"})", "1");
    client.ask("workload.cancel", R"({"pid":5,"signal":"SIGKILL","wait":true})", "2");
    client.ask("workload.cancel", R"({"request_id":6,"signal":null,"wait":false})", "3");
    client.ask("node.status", "{}", "4");
    WAIT_FOR_EQUAL(client.messages.size(), 1);
    QCOMPARE(client.messages.first().value(u"id"_s).toInt(), 4); // nobody waits for a cancel
    QCOMPARE(m_served->port.asked,
             (QStringList{u"cancel r SIGTERM"_s, u"cancel 5 SIGKILL wait"_s, u"cancel 6 SIGTERM"_s}));
    m_served->port.cancels.at(1)(QJsonObject{{u"pid"_s, 5}});
    m_served->port.cancels.at(0)(cloudnode::fail(u"No active workload"_s));
    WAIT_FOR_EQUAL(client.messages.size(), 3);
    QCOMPARE(client.messages.at(1).value(u"id"_s).toInt(), 2);
    QCOMPARE(client.messages.at(1).value(u"result"_s).toObject(), (QJsonObject{{u"pid"_s, 5}}));
    QCOMPARE(client.messages.at(2).value(u"id"_s).toInt(), 1);
    QCOMPARE(client.code(2), 1);
}

void TestControl::cancelOutlivesItsClient()
{
    {
        LineSocket client(m_served->path());
        client.ask("workload.cancel", R"({"request_id":"r"})");
        WAIT_FOR_EQUAL(m_served->port.cancels.size(), size_t(1));
    }
    WAIT_FOR_EQUAL(m_served->server->clientCount(), 0);
    m_served->port.cancels.front()(QJsonObject());
    LineSocket other(m_served->path());
    other.ask("node.status");
    WAIT_FOR_EQUAL(other.messages.size(), 1);
}

void TestControl::cancelOutlivesItsServer()
{
    LineSocket client(m_served->path());
    client.ask("workload.cancel", R"({"request_id":"r"})");
    WAIT_FOR_EQUAL(m_served->port.cancels.size(), size_t(1));
    m_served->server.reset();
    m_served->port.cancels.front()(QJsonObject());
    WAIT_FOR(client.isClosed());
    QVERIFY(client.messages.isEmpty());
}

void TestControl::boundsTheUnansweredRequestsOfAClient()
{
    m_served->serve({.unanswered = 2});
    LineSocket client(m_served->path());
    for (int i = 0; i < 3; ++i)
        client.ask("workload.cancel", R"({"request_id":"r"})", QByteArray::number(i));
    WAIT_FOR_EQUAL(client.messages.size(), 1);
    QCOMPARE(client.messages.first().value(u"id"_s).toInt(), 2);
    QCOMPARE(client.code(0), -32003);
    QCOMPARE(m_served->port.asked.size(), 2);
    m_served->port.cancels.front()(QJsonObject());
    client.ask("node.status");
    WAIT_FOR_EQUAL(client.messages.size(), 3);
    QVERIFY(client.messages.at(2).contains(u"result"_s));
}

QTEST_GUILESS_MAIN(TestControl)
#include "tst_control.moc"
