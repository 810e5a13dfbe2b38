#include "control/controlmethods.h"
#include "control/controlserver.h"
#include "integration/fakecontrolport.h"
#include "integration/linesocket.h"
#include "support/waiting.h"

#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;
using cloudnode::ControlServer;
using cloudnode::ControlServerSettings;

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
    void subscriberStartsWithTheRecentAndTheStatus();
    void subscriberGetsEventsInOrder();
    void statusIsSentOnceForManyChanges();
    void statusIsNotSentTwice();
    void unsubscribedGetsNothingMore();
    void deadClientsDoNotSlowTheNode();
    void dropsASlowReader();
    void slowReaderMissesStatusesNotEvents();
    void waitsForAClientThatDoesNotFetchItsAnswers();
    void talkativeClientLeavesOthersTheirTurn();
    void turnsAwayOneTooMany();
    void explainsItselfToFewAtATime();
    void listensAnewWhenItsFileIsSweptAway();
    void closingDisconnectsEverybody();

private:
    void serve(const ControlServerSettings &settings = {});
    void subscribe(LineSocket &client);

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<FakeControlPort> m_port;
    std::unique_ptr<ControlServer> m_server; // needs m_port
};

void TestControl::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_port = std::make_unique<FakeControlPort>();
    serve();
}

void TestControl::cleanup()
{
    m_server.reset();
}

void TestControl::serve(const ControlServerSettings &settings)
{
    m_server = std::make_unique<ControlServer>(*m_port, settings);
    QVERIFY(m_server->listen({m_folder->filePath(u"run/node.sock"_s)}));
}

void TestControl::subscribe(LineSocket &client)
{
    client.ask("events.subscribe");
    WAIT_FOR_EQUAL(client.messages.size(), 2);
    QVERIFY(client.messages.first().contains(u"result"_s));
    client.messages.clear();
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
    m_port->listed = {QJsonObject{{u"key"_s, u"w"_s}}};
    m_port->life = QJsonArray{u"t"_s};
    m_port->recent = {QJsonObject{{u"text"_s, u"e"_s}}};
    LineSocket client(m_server->path());
    client.ask(method, params);
    WAIT_FOR(!client.messages.isEmpty());
    QCOMPARE(client.messages.first().value(u"id"_s).toInt(), 1);
    QCOMPARE(client.messages.first().value(u"result"_s).toObject(), QJsonDocument::fromJson(result).object());
    const QStringList asked = m_port->asked + m_port->listings;
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
    LineSocket client(m_server->path());
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
    LineSocket client(m_server->path());
    client.send(line);
    WAIT_FOR_EQUAL(client.messages.size(), 1);
    QCOMPARE(m_port->asked, QStringList());
}

void TestControl::passesTheNodesReasonOn()
{
    m_port->pausing = cloudnode::fail(u"cannot write"_s, u"/state"_s, u"Free some disk space."_s);
    LineSocket client(m_server->path());
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
    LineSocket client(m_server->path());
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
    LineSocket client(m_server->path());
    client.send("");
    client.send("\r");
    client.ask("node.status", "{}", "9");
    WAIT_FOR_EQUAL(client.messages.size(), 1);
    QCOMPARE(client.messages.first().value(u"id"_s).toInt(), 9);
}

void TestControl::sendsNoAnswerToANotification()
{
    LineSocket client(m_server->path());
    client.send(R"({"jsonrpc":"2.0","method":"node.pause"})");
    client.send(R"({"jsonrpc":"2.0","method":"no.such"})");
    client.ask("node.status", "{}", "9");
    WAIT_FOR_EQUAL(client.messages.size(), 1);
    QCOMPARE(client.messages.first().value(u"id"_s).toInt(), 9);
    QCOMPARE(m_port->asked, QStringList{u"pause"_s});
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
    LineSocket client(m_server->path());
    client.socket.write(QByteArray(size, ' ') + (ended ? "\n" : ""));
    client.ask("node.stop");
    WAIT_FOR_EQUAL(client.messages.size(), 1);
    QCOMPARE(client.code(0), -32001);
    WAIT_FOR(client.isClosed());
    WAIT_FOR_EQUAL(m_server->clientCount(), 0);
    QCOMPARE(m_port->asked, QStringList());
}

void TestControl::cancelIsAnsweredWhenTheNodeSaysSo()
{
    LineSocket client(m_server->path());
    client.ask("workload.cancel", R"({"request_id":"r"})", "1");
    client.ask("workload.cancel", R"({"pid":5,"signal":"SIGKILL","wait":true})", "2");
    client.ask("workload.cancel", R"({"request_id":6,"signal":null,"wait":false})", "3");
    client.ask("node.status", "{}", "4");
    WAIT_FOR_EQUAL(client.messages.size(), 1);
    QCOMPARE(client.messages.first().value(u"id"_s).toInt(), 4); // nobody waits for a cancel
    QCOMPARE(m_port->asked,
             (QStringList{u"cancel r SIGTERM"_s, u"cancel 5 SIGKILL wait"_s, u"cancel 6 SIGTERM"_s}));
    m_port->cancels.at(1)(QJsonObject{{u"pid"_s, 5}});
    m_port->cancels.at(0)(cloudnode::fail(u"No active workload"_s));
    WAIT_FOR_EQUAL(client.messages.size(), 3);
    QCOMPARE(client.messages.at(1).value(u"id"_s).toInt(), 2);
    QCOMPARE(client.messages.at(1).value(u"result"_s).toObject(), (QJsonObject{{u"pid"_s, 5}}));
    QCOMPARE(client.messages.at(2).value(u"id"_s).toInt(), 1);
    QCOMPARE(client.code(2), 1);
}

void TestControl::cancelOutlivesItsClient()
{
    {
        LineSocket client(m_server->path());
        client.ask("workload.cancel", R"({"request_id":"r"})");
        WAIT_FOR_EQUAL(m_port->cancels.size(), size_t(1));
    }
    WAIT_FOR_EQUAL(m_server->clientCount(), 0);
    m_port->cancels.front()(QJsonObject());
    LineSocket other(m_server->path());
    other.ask("node.status");
    WAIT_FOR_EQUAL(other.messages.size(), 1);
}

void TestControl::cancelOutlivesItsServer()
{
    LineSocket client(m_server->path());
    client.ask("workload.cancel", R"({"request_id":"r"})");
    WAIT_FOR_EQUAL(m_port->cancels.size(), size_t(1));
    m_server.reset();
    m_port->cancels.front()(QJsonObject());
    WAIT_FOR(client.isClosed());
    QVERIFY(client.messages.isEmpty());
}

void TestControl::boundsTheUnansweredRequestsOfAClient()
{
    ControlServerSettings settings;
    settings.unanswered = 2;
    m_server.reset();
    serve(settings);
    LineSocket client(m_server->path());
    for (int i = 0; i < 3; ++i)
        client.ask("workload.cancel", R"({"request_id":"r"})", QByteArray::number(i));
    WAIT_FOR_EQUAL(client.messages.size(), 1);
    QCOMPARE(client.messages.first().value(u"id"_s).toInt(), 2);
    QCOMPARE(client.code(0), -32003);
    QCOMPARE(m_port->asked.size(), 2);
    m_port->cancels.front()(QJsonObject());
    client.ask("node.status");
    WAIT_FOR_EQUAL(client.messages.size(), 3);
    QVERIFY(client.messages.at(2).contains(u"result"_s));
}

void TestControl::subscriberStartsWithTheRecentAndTheStatus()
{
    m_port->recent = {QJsonObject{{u"text"_s, u"one"_s}}, QJsonObject{{u"text"_s, u"two"_s}}};
    LineSocket client(m_server->path());
    client.ask("events.subscribe");
    WAIT_FOR_EQUAL(client.messages.size(), 2);
    QCOMPARE(client.messages.at(0).value(u"result"_s).toObject(),
             (QJsonObject{{u"events"_s, m_port->recent}}));
    QCOMPARE(
        client.messages.at(1),
        (QJsonObject{{u"jsonrpc"_s, u"2.0"_s}, {u"method"_s, u"status"_s}, {u"params"_s, m_port->snapshot}}));
}

void TestControl::subscriberGetsEventsInOrder()
{
    LineSocket first(m_server->path());
    LineSocket second(m_server->path());
    LineSocket uninterested(m_server->path());
    subscribe(first);
    subscribe(second);
    for (int i = 0; i < 500; ++i)
        m_port->happen(i);
    uninterested.ask("node.status");
    for (LineSocket *client : {&first, &second}) {
        WAIT_FOR_EQUAL(client->messages.size(), 500);
        for (int i = 0; i < 500; ++i) {
            QCOMPARE(client->messages.at(i).value(u"method"_s), u"event"_s);
            QCOMPARE(client->messages.at(i).value(u"params"_s).toObject().value(u"number"_s).toInt(), i);
        }
    }
    WAIT_FOR_EQUAL(uninterested.messages.size(), 1);
}

void TestControl::statusIsSentOnceForManyChanges()
{
    ControlServerSettings settings;
    settings.statusInterval = 1h;
    m_server.reset();
    serve(settings);
    LineSocket client(m_server->path());
    subscribe(client);
    for (int i = 0; i < 1000; ++i)
        m_port->changeTo(QString::number(i));
    WAIT_FOR_EQUAL(client.messages.size(), 1);
    QCOMPARE(client.messages.at(0).value(u"params"_s).toObject().value(u"state"_s), u"999"_s);
    m_port->changeTo(u"within the hour"_s);
    client.ask("node.status");
    WAIT_FOR_EQUAL(client.messages.size(), 2);
    client.ask("node.status");
    WAIT_FOR_EQUAL(client.messages.size(), 3);
    QVERIFY(!client.messages.at(1).contains(u"method"_s));
    QVERIFY(!client.messages.at(2).contains(u"method"_s));
}

void TestControl::statusIsNotSentTwice()
{
    ControlServerSettings settings;
    settings.statusInterval = 1ms;
    m_server.reset();
    serve(settings);
    LineSocket client(m_server->path());
    subscribe(client);
    m_port->changeTo(u"ready"_s); // as it was
    LineSocket later(m_server->path());
    subscribe(later);
    m_port->changeTo(u"busy"_s);
    WAIT_FOR_EQUAL(client.messages.size(), 1);
    QCOMPARE(client.messages.at(0).value(u"params"_s).toObject().value(u"state"_s), u"busy"_s);
}

void TestControl::unsubscribedGetsNothingMore()
{
    LineSocket client(m_server->path());
    subscribe(client);
    client.ask("events.unsubscribe");
    WAIT_FOR_EQUAL(client.messages.size(), 1);
    m_port->happen(1);
    m_port->changeTo(u"busy"_s);
    client.ask("node.status");
    WAIT_FOR_EQUAL(client.messages.size(), 2);
    QVERIFY(client.messages.at(1).contains(u"result"_s));
    client.messages.clear();
    m_port->changeTo(u"ready"_s);
    subscribe(client); // starts anew, though the status is the one it was told last
    m_port->happen(2);
    WAIT_FOR_EQUAL(client.messages.size(), 1);
}

void TestControl::deadClientsDoNotSlowTheNode()
{
    std::vector<std::unique_ptr<DeadSocket>> dead;
    for (int i = 0; i < 10; ++i) {
        dead.push_back(std::make_unique<DeadSocket>(m_server->path()));
        QVERIFY(dead.back()->send("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"events.subscribe\"}\n"));
    }
    WAIT_FOR_EQUAL(m_server->clientCount(), 10);
    LineSocket client(m_server->path());
    subscribe(client);
    QCOMPARE(m_server->clientCount(), 11);

    const int batch = 500;
    for (int sent = 0; m_server->clientCount() > 1; sent += batch) {
        QVERIFY2(sent < 100'000, "the dead ones are still served");
        for (int i = 0; i < batch; ++i)
            m_port->happen(sent + i);
        WAIT_FOR_EQUAL(client.messages.size(), sent + batch);
    }
    for (int i = 0; i < client.messages.size(); ++i)
        QCOMPARE(client.messages.at(i).value(u"params"_s).toObject().value(u"number"_s).toInt(), i);
    client.messages.clear();
    client.ask("node.status");
    WAIT_FOR_EQUAL(client.messages.size(), 1);
}

void TestControl::dropsASlowReader()
{
    ControlServerSettings settings;
    settings.unsentBytes = 10'000;
    m_server.reset();
    serve(settings);
    LineSocket client(m_server->path());
    subscribe(client);
    // All in one go: the client has no chance to read, whatever the system's buffers hold.
    for (int i = 0; i < 100'000; ++i)
        m_port->happen(i);
    WAIT_FOR_EQUAL(m_server->clientCount(), 0);
    WAIT_FOR(client.isClosed());
    QVERIFY(client.messages.size() < 100'000);
}

void TestControl::slowReaderMissesStatusesNotEvents()
{
    ControlServerSettings settings;
    settings.statusInterval = 0ms;
    m_server.reset();
    serve(settings);
    LineSocket slow(m_server->path());
    subscribe(slow);
    slow.socket.setReadBufferSize(1);
    slow.socket.blockSignals(true);
    LineSocket quick(m_server->path());
    subscribe(quick);
    const int changes = 40;
    const QString large(50'000, u'x'); // together more than the system holds for one client
    for (int i = 0; i < changes; ++i) {
        m_port->happen(i);
        m_port->changeTo(large + QString::number(i));
        WAIT_FOR_EQUAL(quick.messages.size(), 2 * (i + 1));
    }
    slow.socket.blockSignals(false);
    slow.socket.setReadBufferSize(0);
    QMetaObject::invokeMethod(&slow.socket, &QLocalSocket::readyRead);
    const auto lastState = [&] {
        return slow.messages.isEmpty()
                   ? QString()
                   : slow.messages.last().value(u"params"_s).toObject().value(u"state"_s).toString();
    };
    WAIT_FOR_EQUAL(lastState(), large + QString::number(changes - 1));
    QVERIFY(slow.messages.size() < 2 * changes);
    int next = 0;
    for (const QJsonObject &message : slow.messages) {
        if (message.value(u"method"_s) == u"event"_s)
            QCOMPARE(message.value(u"params"_s).toObject().value(u"number"_s).toInt(), next++);
    }
    QCOMPARE(next, changes);
}

void TestControl::waitsForAClientThatDoesNotFetchItsAnswers()
{
    m_port->snapshot.insert(u"large"_s, QString(30'000, u'x'));
    LineSocket client(m_server->path());
    client.socket.blockSignals(true);
    client.socket.setReadBufferSize(1);
    const int requests = 100;
    client.ask("node.pause");
    for (int i = 0; i < requests; ++i)
        client.ask("node.status", "{}", QByteArray::number(i));
    client.ask("node.stop");
    WAIT_FOR_EQUAL(m_port->asked.size(), 1);
    // 3 MB of answers come before its last request. Time enough to write them, if they were written.
    LineSocket other(m_server->path());
    for (int turn = 1; turn <= 50; ++turn) {
        other.ask("workload.list");
        WAIT_FOR_EQUAL(other.messages.size(), turn);
    }
    QVERIFY(!m_port->asked.contains(u"stop"_s));
    client.socket.blockSignals(false);
    client.socket.setReadBufferSize(0);
    QMetaObject::invokeMethod(&client.socket, &QLocalSocket::readyRead);
    WAIT_FOR_EQUAL(client.messages.size(), requests + 2);
    QCOMPARE(m_port->asked.last(), u"stop"_s);
}

void TestControl::talkativeClientLeavesOthersTheirTurn()
{
    DeadSocket talkative(m_server->path());
    WAIT_FOR_EQUAL(m_server->clientCount(), 1);
    // Fits into the system's buffers, and would be some 1500 requests in one turn of the event loop.
    QVERIFY(talkative.send(QByteArray(R"({"jsonrpc":"2.0","method":"node.pause"})"
                                      "\n")
                               .repeated(1500)));
    LineSocket other(m_server->path());
    other.ask("node.stop");
    WAIT_FOR(m_port->asked.contains(u"stop"_s));
    QVERIFY(m_port->asked.indexOf(u"stop"_s) < 1000);
    WAIT_FOR_EQUAL(m_port->asked.size(), 1501);
}

void TestControl::turnsAwayOneTooMany()
{
    ControlServerSettings settings;
    settings.clients = 2;
    m_server.reset();
    serve(settings);
    auto first = std::make_unique<LineSocket>(m_server->path());
    LineSocket second(m_server->path());
    WAIT_FOR_EQUAL(m_server->clientCount(), 2);
    std::vector<std::unique_ptr<LineSocket>> more;
    for (int i = 0; i < 40; ++i) {
        more.push_back(std::make_unique<LineSocket>(m_server->path()));
        more.back()->ask("node.stop");
    }
    WAIT_FOR_EQUAL(more.front()->messages.size(), 1);
    QCOMPARE(more.front()->code(0), -32002);
    for (const auto &client : more)
        WAIT_FOR(client->isClosed());
    QCOMPARE(m_server->clientCount(), 2);
    QCOMPARE(m_port->asked, QStringList());

    first.reset();
    WAIT_FOR_EQUAL(m_server->clientCount(), 1);
    LineSocket next(m_server->path());
    next.ask("node.status");
    WAIT_FOR_EQUAL(next.messages.size(), 1);
}

void TestControl::explainsItselfToFewAtATime()
{
    ControlServerSettings settings;
    settings.clients = 0;
    m_server.reset();
    serve(settings);
    std::vector<std::unique_ptr<DeadSocket>> dead;
    for (int i = 0; i < 40; ++i)
        dead.push_back(std::make_unique<DeadSocket>(m_server->path()));
    WAIT_FOR(dead.back()->arrived().has_value());
    QVERIFY(*dead.front()->arrived() > 0);
    QCOMPARE(*dead.back()->arrived(), 0);
}

void TestControl::listensAnewWhenItsFileIsSweptAway()
{
    ControlServerSettings settings;
    settings.lookInterval = 5ms;
    m_server.reset();
    serve(settings);
    const QString path = m_server->path();
    LineSocket before(path);
    subscribe(before);
    QSignalSpy listening(m_server.get(), &ControlServer::listening);
    QVERIFY(QDir(m_folder->filePath(u"run"_s)).removeRecursively());
    QVERIFY(listening.wait());
    QCOMPARE(m_server->path(), path);
    LineSocket after(path);
    after.ask("node.status");
    WAIT_FOR_EQUAL(after.messages.size(), 1);
    m_port->happen(1); // who was there stays
    WAIT_FOR_EQUAL(before.messages.size(), 1);
}

void TestControl::closingDisconnectsEverybody()
{
    LineSocket client(m_server->path());
    subscribe(client);
    const QString path = m_server->path();
    m_port->happen(1);
    m_server->close();
    QVERIFY(!QFile::exists(path));
    WAIT_FOR(client.isClosed());
    QCOMPARE(client.messages.size(), 1);
    QCOMPARE(m_server->clientCount(), 0);
}

QTEST_GUILESS_MAIN(TestControl)
#include "tst_control.moc"
