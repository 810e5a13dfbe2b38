#include "integration/controltest.h"
#include "integration/linesocket.h"
#include "support/waiting.h"

#include <QDir>
#include <QFile>
#include <QSignalSpy>
#include <QTest>

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;
using cloudnode::ControlServer;
using cloudnode::test::ServedPort;

/// How clients of the control socket come, stay and go: subscribers, the slow, the dead and the too many.
class TestControlClients : public QObject {
    Q_OBJECT

private slots:
    void init();
    void cleanup();

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
    void subscribe(LineSocket &client);

    std::unique_ptr<ServedPort> m_served;
};

void TestControlClients::init()
{
    m_served = std::make_unique<ServedPort>();
    m_served->serve();
}

void TestControlClients::cleanup()
{
    m_served.reset();
}

void TestControlClients::subscribe(LineSocket &client)
{
    client.ask("events.subscribe");
    WAIT_FOR_EQUAL(client.messages.size(), 2);
    QVERIFY(client.messages.first().contains(u"result"_s));
    client.messages.clear();
}

void TestControlClients::subscriberStartsWithTheRecentAndTheStatus()
{
    m_served->port.recent = {QJsonObject{{u"text"_s, u"one"_s}}, QJsonObject{{u"text"_s, u"two"_s}}};
    LineSocket client(m_served->path());
    client.ask("events.subscribe");
    WAIT_FOR_EQUAL(client.messages.size(), 2);
    QCOMPARE(client.messages.at(0).value(u"result"_s).toObject(),
             (QJsonObject{{u"events"_s, m_served->port.recent}}));
    QCOMPARE(client.messages.at(1), (QJsonObject{{u"jsonrpc"_s, u"2.0"_s},
                                                 {u"method"_s, u"status"_s},
                                                 {u"params"_s, m_served->port.snapshot}}));
}

void TestControlClients::subscriberGetsEventsInOrder()
{
    LineSocket first(m_served->path());
    LineSocket second(m_served->path());
    LineSocket uninterested(m_served->path());
    subscribe(first);
    subscribe(second);
    for (int i = 0; i < 500; ++i)
        m_served->port.happen(i);
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

void TestControlClients::statusIsSentOnceForManyChanges()
{
    m_served->serve({.statusInterval = 1h});
    LineSocket client(m_served->path());
    subscribe(client);
    for (int i = 0; i < 1000; ++i)
        m_served->port.changeTo(QString::number(i));
    WAIT_FOR_EQUAL(client.messages.size(), 1);
    QCOMPARE(client.messages.at(0).value(u"params"_s).toObject().value(u"state"_s), u"999"_s);
    m_served->port.changeTo(u"within the hour"_s);
    client.ask("node.status");
    WAIT_FOR_EQUAL(client.messages.size(), 2);
    client.ask("node.status");
    WAIT_FOR_EQUAL(client.messages.size(), 3);
    QVERIFY(!client.messages.at(1).contains(u"method"_s));
    QVERIFY(!client.messages.at(2).contains(u"method"_s));
}

void TestControlClients::statusIsNotSentTwice()
{
    m_served->serve({.statusInterval = 1ms});
    LineSocket client(m_served->path());
    subscribe(client);
    m_served->port.changeTo(u"ready"_s); // as it was
    LineSocket later(m_served->path());
    subscribe(later);
    m_served->port.changeTo(u"busy"_s);
    WAIT_FOR_EQUAL(client.messages.size(), 1);
    QCOMPARE(client.messages.at(0).value(u"params"_s).toObject().value(u"state"_s), u"busy"_s);
}

void TestControlClients::unsubscribedGetsNothingMore()
{
    LineSocket client(m_served->path());
    subscribe(client);
    client.ask("events.unsubscribe");
    WAIT_FOR_EQUAL(client.messages.size(), 1);
    m_served->port.happen(1);
    m_served->port.changeTo(u"busy"_s);
    client.ask("node.status");
    WAIT_FOR_EQUAL(client.messages.size(), 2);
    QVERIFY(client.messages.at(1).contains(u"result"_s));
    client.messages.clear();
    m_served->port.changeTo(u"ready"_s);
    subscribe(client); // starts anew, though the status is the one it was told last
    m_served->port.happen(2);
    WAIT_FOR_EQUAL(client.messages.size(), 1);
}

void TestControlClients::deadClientsDoNotSlowTheNode()
{
    std::vector<std::unique_ptr<DeadSocket>> dead;
    for (int i = 0; i < 10; ++i) {
        dead.push_back(std::make_unique<DeadSocket>(m_served->path()));
        QVERIFY(dead.back()->send("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"events.subscribe\"}\n"));
    }
    WAIT_FOR_EQUAL(m_served->server->clientCount(), 10);
    LineSocket client(m_served->path());
    subscribe(client);
    QCOMPARE(m_served->server->clientCount(), 11);

    const int batch = 500;
    for (int sent = 0; m_served->server->clientCount() > 1; sent += batch) {
        QVERIFY2(sent < 100'000, "the dead ones are still served");
        for (int i = 0; i < batch; ++i)
            m_served->port.happen(sent + i);
        WAIT_FOR_EQUAL(client.messages.size(), sent + batch);
    }
    for (int i = 0; i < client.messages.size(); ++i)
        QCOMPARE(client.messages.at(i).value(u"params"_s).toObject().value(u"number"_s).toInt(), i);
    client.messages.clear();
    client.ask("node.status");
    WAIT_FOR_EQUAL(client.messages.size(), 1);
}

void TestControlClients::dropsASlowReader()
{
    m_served->serve({.unsentBytes = 10'000});
    LineSocket client(m_served->path());
    subscribe(client);
    // All in one go: the client has no chance to read, whatever the system's buffers hold.
    for (int i = 0; i < 100'000; ++i)
        m_served->port.happen(i);
    WAIT_FOR_EQUAL(m_served->server->clientCount(), 0);
    WAIT_FOR(client.isClosed());
    QVERIFY(client.messages.size() < 100'000);
}

void TestControlClients::slowReaderMissesStatusesNotEvents()
{
    m_served->serve({.statusInterval = 0ms});
    LineSocket slow(m_served->path());
    subscribe(slow);
    slow.socket.setReadBufferSize(1);
    slow.socket.blockSignals(true);
    LineSocket quick(m_served->path());
    subscribe(quick);
    const int changes = 40;
    const QString large(50'000, u'x'); // together more than the system holds for one client
    for (int i = 0; i < changes; ++i) {
        m_served->port.happen(i);
        m_served->port.changeTo(large + QString::number(i));
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

void TestControlClients::waitsForAClientThatDoesNotFetchItsAnswers()
{
    m_served->port.snapshot.insert(u"large"_s, QString(30'000, u'x'));
    LineSocket client(m_served->path());
    client.socket.blockSignals(true);
    client.socket.setReadBufferSize(1);
    const int requests = 100;
    client.ask("node.pause");
    for (int i = 0; i < requests; ++i)
        client.ask("node.status", "{}", QByteArray::number(i));
    client.ask("node.stop");
    WAIT_FOR_EQUAL(m_served->port.asked.size(), 1);
    // 3 MB of answers come before its last request. Time enough to write them, if they were written.
    LineSocket other(m_served->path());
    for (int turn = 1; turn <= 50; ++turn) {
        other.ask("workload.list");
        WAIT_FOR_EQUAL(other.messages.size(), turn);
    }
    QVERIFY(!m_served->port.asked.contains(u"stop"_s));
    client.socket.blockSignals(false);
    client.socket.setReadBufferSize(0);
    QMetaObject::invokeMethod(&client.socket, &QLocalSocket::readyRead);
    WAIT_FOR_EQUAL(client.messages.size(), requests + 2);
    QCOMPARE(m_served->port.asked.last(), u"stop"_s);
}

void TestControlClients::talkativeClientLeavesOthersTheirTurn()
{
    DeadSocket talkative(m_served->path());
    WAIT_FOR_EQUAL(m_served->server->clientCount(), 1);
    // Fits into the system's buffers, and would be some 1500 requests in one turn of the event loop.
    QVERIFY(talkative.send(QByteArray(R"({"jsonrpc":"2.0","method":"node.pause"})"
                                      "\n")
                               .repeated(1500)));
    LineSocket other(m_served->path());
    other.ask("node.stop");
    WAIT_FOR(m_served->port.asked.contains(u"stop"_s));
    QVERIFY(m_served->port.asked.indexOf(u"stop"_s) < 1000);
    WAIT_FOR_EQUAL(m_served->port.asked.size(), 1501);
}

void TestControlClients::turnsAwayOneTooMany()
{
    m_served->serve({.clients = 2});
    auto first = std::make_unique<LineSocket>(m_served->path());
    LineSocket second(m_served->path());
    WAIT_FOR_EQUAL(m_served->server->clientCount(), 2);
    std::vector<std::unique_ptr<LineSocket>> more;
    for (int i = 0; i < 40; ++i) {
        more.push_back(std::make_unique<LineSocket>(m_served->path()));
        more.back()->ask("node.stop");
    }
    WAIT_FOR_EQUAL(more.front()->messages.size(), 1);
    QCOMPARE(more.front()->code(0), -32002);
    for (const auto &client : more)
        WAIT_FOR(client->isClosed());
    QCOMPARE(m_served->server->clientCount(), 2);
    QCOMPARE(m_served->port.asked, QStringList());

    first.reset();
    WAIT_FOR_EQUAL(m_served->server->clientCount(), 1);
    LineSocket next(m_served->path());
    next.ask("node.status");
    WAIT_FOR_EQUAL(next.messages.size(), 1);
}

void TestControlClients::explainsItselfToFewAtATime()
{
    m_served->serve({.clients = 0});
    std::vector<std::unique_ptr<DeadSocket>> dead;
    for (int i = 0; i < 40; ++i)
        dead.push_back(std::make_unique<DeadSocket>(m_served->path()));
    WAIT_FOR(dead.back()->arrived().has_value());
    QVERIFY(*dead.front()->arrived() > 0);
    QCOMPARE(*dead.back()->arrived(), 0);
}

void TestControlClients::listensAnewWhenItsFileIsSweptAway()
{
    m_served->serve({.lookInterval = 5ms});
    const QString path = m_served->path();
    LineSocket before(path);
    subscribe(before);
    QSignalSpy listening(m_served->server.get(), &ControlServer::listening);
    QVERIFY(QDir(m_served->folder.filePath(u"run"_s)).removeRecursively());
    QVERIFY(listening.wait());
    QCOMPARE(m_served->path(), path);
    LineSocket after(path);
    after.ask("node.status");
    WAIT_FOR_EQUAL(after.messages.size(), 1);
    m_served->port.happen(1); // who was there stays
    WAIT_FOR_EQUAL(before.messages.size(), 1);
}

void TestControlClients::closingDisconnectsEverybody()
{
    LineSocket client(m_served->path());
    subscribe(client);
    const QString path = m_served->path();
    m_served->port.happen(1);
    m_served->server->close();
    QVERIFY(!QFile::exists(path));
    WAIT_FOR(client.isClosed());
    QCOMPARE(client.messages.size(), 1);
    QCOMPARE(m_served->server->clientCount(), 0);
}

QTEST_GUILESS_MAIN(TestControlClients)
#include "tst_controlclients.moc"
