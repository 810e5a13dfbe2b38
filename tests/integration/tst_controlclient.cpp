#include "control/controlclient.h"
#include "control/controlserver.h"
#include "integration/fakecontrolport.h"
#include "integration/linesocket.h"
#include "support/waiting.h"

#include <QLocalServer>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;
using cloudnode::ControlClient;
using cloudnode::ControlServer;
using cloudnode::Error;
using cloudnode::Result;

class TestControlClient : public QObject {
    Q_OBJECT

private slots:
    void init();
    void cleanup();

    void saysThatNoNodeRuns_data();
    void saysThatNoNodeRuns();
    void triesThePathsInTurn();
    void getsResultsAndReasons();
    void callsMadeBeforeTheConnectionStandsAreSent();
    void failsCallsWithoutAConnection();
    void failsCallsThatAreNotAnswered();
    void waitsAsLongAsItTakesIfAsked();
    void answersAfterTheTimeAreDropped();
    void failsCallsWhenTheNodeDies();
    void failsCallsWhenClosed();
    void dropsCallbacksOfADestroyedContext();
    void hearsEventsAndStatuses();
    void comesBackWithItsNode();
    void aSingleShotStaysDown();
    void mayBeClosedByWhatItReports();
    void tellsThatTheNodeServesTooManyAlready();
    void hangsUpOnWhatIsNoNode_data();
    void hangsUpOnWhatIsNoNode();
    void readsLargeAnswers();

private:
    QString path() const { return m_folder->filePath(u"run/node.sock"_s); }
    void serve();
    /// Connects, and waits for that.
    void reach(ControlClient &client,
               ControlClient::Persistence persistence = ControlClient::Persistence::Once);
    /// Answers of node.status and the like go here.
    ControlClient::Callback keep()
    {
        return [this](const Result<QJsonValue> &result) { m_results << result; };
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<FakeControlPort> m_port;
    std::unique_ptr<ControlServer> m_server; // needs m_port
    QList<Result<QJsonValue>> m_results;
};

void TestControlClient::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_port = std::make_unique<FakeControlPort>();
    m_results.clear();
}

void TestControlClient::cleanup()
{
    m_server.reset();
}

void TestControlClient::serve()
{
    m_server.reset();
    m_server = std::make_unique<ControlServer>(*m_port);
    QVERIFY(m_server->listen({path()}));
}

void TestControlClient::reach(ControlClient &client, ControlClient::Persistence persistence)
{
    QSignalSpy connected(&client, &ControlClient::connected);
    client.connectTo({path()}, persistence);
    QVERIFY(!client.isConnected());
    WAIT_FOR_EQUAL(connected.count(), 1);
    QVERIFY(client.isConnected());
}

void TestControlClient::saysThatNoNodeRuns_data()
{
    QTest::addColumn<bool>("deadSocket");
    QTest::newRow("no socket") << false;
    QTest::newRow("the socket of a dead node") << true;
}

void TestControlClient::saysThatNoNodeRuns()
{
    QFETCH(bool, deadSocket);
    if (deadSocket) {
        serve();
        QVERIFY(QFile::rename(path(), m_folder->filePath(u"run/kept"_s)));
        m_server.reset();
        QVERIFY(QFile::rename(m_folder->filePath(u"run/kept"_s), path()));
    }
    ControlClient client;
    QSignalSpy disconnected(&client, &ControlClient::disconnected);
    client.connectTo({path()});
    client.call(u"node.status"_s, {}, this, keep());
    QCOMPARE(disconnected.count(), 0);
    WAIT_FOR_EQUAL(m_results.size(), 1);
    QCOMPARE(disconnected.count(), 1);
    const Error reason = disconnected.first().first().value<Error>();
    QCOMPARE(reason.what, u"no node is running with this state directory"_s);
    QVERIFY(reason.remedy.contains(u"cloudnode start"_s));
    QVERIFY(m_results.first().error() == reason);
    QVERIFY(!client.isConnected());
}

void TestControlClient::triesThePathsInTurn()
{
    serve();
    ControlClient client;
    QSignalSpy connected(&client, &ControlClient::connected);
    client.connectTo({m_folder->filePath(u"nothing"_s), m_folder->filePath(u"run/other"_s), path()});
    WAIT_FOR_EQUAL(connected.count(), 1);
}

void TestControlClient::getsResultsAndReasons()
{
    serve();
    ControlClient client;
    reach(client);
    m_port->pausing = cloudnode::fail(u"cannot write"_s, u"/state"_s, u"Free some disk space."_s);
    client.call(u"node.status"_s, {}, this, keep());
    client.call(u"node.pause"_s, {}, this, keep());
    client.call(u"workload.timeline"_s, {{u"request_id"_s, u"r"_s}}, this, keep());
    QVERIFY(m_results.isEmpty());
    WAIT_FOR_EQUAL(m_results.size(), 3);
    QCOMPARE(m_results.at(0)->toObject(), m_port->snapshot);
    QVERIFY(m_results.at(1).error() == (Error{u"cannot write"_s, u"/state"_s, u"Free some disk space."_s}));
    QCOMPARE(m_results.at(2)->toObject().value(u"request_id"_s), u"r"_s);
}

void TestControlClient::callsMadeBeforeTheConnectionStandsAreSent()
{
    serve();
    ControlClient client;
    client.connectTo({path()});
    client.call(u"node.pause"_s, {}, this, keep());
    client.call(u"node.resume"_s, {}, this, keep());
    WAIT_FOR_EQUAL(m_results.size(), 2);
    QCOMPARE(m_port->asked, (QStringList{u"pause"_s, u"resume"_s}));
}

void TestControlClient::failsCallsWithoutAConnection()
{
    ControlClient client;
    client.call(u"node.status"_s, {}, this, keep());
    QVERIFY(m_results.isEmpty());
    WAIT_FOR_EQUAL(m_results.size(), 1);
    QVERIFY(!m_results.first().has_value());
}

void TestControlClient::failsCallsThatAreNotAnswered()
{
    QLocalServer silent;
    QVERIFY(QDir().mkdir(m_folder->filePath(u"run"_s)));
    QVERIFY(silent.listen(path()));
    ControlClient client;
    reach(client);
    client.call(u"node.status"_s, {}, this, keep(), 1ms);
    WAIT_FOR_EQUAL(m_results.size(), 1);
    QCOMPARE(m_results.first().error().what, u"the node does not answer"_s);
    QVERIFY(client.isConnected());
}

void TestControlClient::waitsAsLongAsItTakesIfAsked()
{
    serve();
    ControlClient client;
    reach(client);
    client.call(u"workload.cancel"_s, {{u"pid"_s, 5}, {u"wait"_s, true}}, this, keep(), 0ms);
    client.call(u"workload.cancel"_s, {{u"pid"_s, 6}, {u"wait"_s, true}}, this, keep(), 1ms);
    WAIT_FOR_EQUAL(m_results.size(), 1); // the impatient one
    WAIT_FOR_EQUAL(m_port->cancels.size(), size_t(2));
    m_port->cancels.front()(QJsonObject{{u"pid"_s, 5}});
    WAIT_FOR_EQUAL(m_results.size(), 2);
    QCOMPARE(m_results.last()->toObject().value(u"pid"_s).toInt(), 5);
}

void TestControlClient::answersAfterTheTimeAreDropped()
{
    serve();
    ControlClient client;
    reach(client);
    client.call(u"workload.cancel"_s, {{u"pid"_s, 5}}, this, keep(), 1ms);
    WAIT_FOR_EQUAL(m_results.size(), 1);
    WAIT_FOR_EQUAL(m_port->cancels.size(), size_t(1));
    m_port->cancels.front()(QJsonObject());
    client.call(u"node.status"_s, {}, this, keep());
    WAIT_FOR_EQUAL(m_results.size(), 2);
    QVERIFY(m_results.last()->toObject().contains(u"state"_s));
}

void TestControlClient::failsCallsWhenTheNodeDies()
{
    serve();
    ControlClient client;
    reach(client);
    QSignalSpy disconnected(&client, &ControlClient::disconnected);
    client.call(u"workload.cancel"_s, {{u"pid"_s, 5}}, this, keep(), 0ms);
    WAIT_FOR_EQUAL(m_port->cancels.size(), size_t(1));
    m_server.reset();
    WAIT_FOR_EQUAL(m_results.size(), 1);
    QCOMPARE(m_results.first().error().what, u"the node closed the connection"_s);
    QCOMPARE(disconnected.count(), 1);
}

void TestControlClient::failsCallsWhenClosed()
{
    serve();
    ControlClient client;
    reach(client);
    QSignalSpy disconnected(&client, &ControlClient::disconnected);
    client.call(u"workload.cancel"_s, {{u"pid"_s, 5}}, this, keep(), 0ms);
    client.close();
    QVERIFY(m_results.isEmpty());
    WAIT_FOR_EQUAL(m_results.size(), 1);
    QVERIFY(!m_results.first().has_value());
    WAIT_FOR_EQUAL(m_server->clientCount(), 0);
    QCOMPARE(disconnected.count(), 0);
}

void TestControlClient::dropsCallbacksOfADestroyedContext()
{
    serve();
    ControlClient client;
    reach(client);
    auto context = std::make_unique<QObject>();
    client.call(u"node.pause"_s, {}, context.get(), keep());
    context.reset();
    client.call(u"node.status"_s, {}, this, keep());
    WAIT_FOR_EQUAL(m_results.size(), 1);
    QVERIFY(m_results.first()->toObject().contains(u"state"_s));
    QCOMPARE(m_port->asked, QStringList{u"pause"_s});
}

void TestControlClient::hearsEventsAndStatuses()
{
    serve();
    ControlClient client;
    QSignalSpy event(&client, &ControlClient::event);
    QSignalSpy status(&client, &ControlClient::statusChanged);
    reach(client);
    client.call(u"events.subscribe"_s, {}, this, keep());
    WAIT_FOR_EQUAL(status.count(), 1);
    m_port->happen(7);
    m_port->changeTo(u"busy"_s);
    WAIT_FOR_EQUAL(status.count(), 2);
    QCOMPARE(status.last().first().toJsonObject().value(u"state"_s), u"busy"_s);
    WAIT_FOR_EQUAL(event.count(), 1);
    QCOMPARE(event.first().first().toJsonObject().value(u"number"_s).toInt(), 7);
}

void TestControlClient::comesBackWithItsNode()
{
    ControlClient client;
    QSignalSpy connected(&client, &ControlClient::connected);
    QSignalSpy disconnected(&client, &ControlClient::disconnected);
    client.connectTo({path()}, ControlClient::Persistence::Reconnect);
    WAIT_FOR(disconnected.count() >= 2); // it has tried again
    client.call(u"node.status"_s, {}, this, keep());
    WAIT_FOR_EQUAL(m_results.size(), 1);
    for (int life = 1; life <= 2; ++life) {
        serve();
        WAIT_FOR_EQUAL(connected.count(), life);
        client.call(u"node.status"_s, {}, this, keep());
        WAIT_FOR_EQUAL(m_results.size(), 1 + life);
        QVERIFY(m_results.last().has_value());
        const qsizetype before = disconnected.count();
        m_server.reset();
        WAIT_FOR(disconnected.count() > before);
        QVERIFY(!client.isConnected());
    }
}

void TestControlClient::aSingleShotStaysDown()
{
    serve();
    ControlClient once;
    ControlClient persistent;
    reach(once);
    reach(persistent, ControlClient::Persistence::Reconnect);
    QSignalSpy disconnected(&once, &ControlClient::disconnected);
    QSignalSpy connected(&persistent, &ControlClient::connected);
    m_server.reset();
    WAIT_FOR_EQUAL(disconnected.count(), 1);
    serve();
    WAIT_FOR_EQUAL(connected.count(), 1);
    QVERIFY(!once.isConnected());
    QCOMPARE(m_server->clientCount(), 1);
    reach(once); // but may be told to try again
}

void TestControlClient::mayBeClosedByWhatItReports()
{
    serve();
    ControlClient client;
    reach(client);
    client.call(u"node.status"_s, {}, this, [&](const Result<QJsonValue> &result) {
        m_results << result;
        client.close();
    });
    client.call(u"node.status"_s, {}, this, keep());
    WAIT_FOR_EQUAL(m_results.size(), 2);
    QVERIFY(m_results.first().has_value());
    QVERIFY(!m_results.last().has_value());

    connect(&client, &ControlClient::statusChanged, this, [&] { client.connectTo({path()}); });
    reach(client);
    QSignalSpy connected(&client, &ControlClient::connected);
    client.call(u"events.subscribe"_s, {}, this, keep());
    WAIT_FOR_EQUAL(connected.count(), 1);
    WAIT_FOR_EQUAL(m_server->clientCount(), 1);
}

void TestControlClient::tellsThatTheNodeServesTooManyAlready()
{
    cloudnode::ControlServerSettings settings;
    settings.clients = 1;
    m_server = std::make_unique<ControlServer>(*m_port, settings);
    QVERIFY(m_server->listen({path()}));
    ControlClient first;
    reach(first);
    first.call(u"node.status"_s, {}, this, keep());
    WAIT_FOR_EQUAL(m_results.size(), 1);
    ControlClient second;
    QSignalSpy disconnected(&second, &ControlClient::disconnected);
    second.connectTo({path()});
    second.call(u"node.status"_s, {}, this, keep());
    WAIT_FOR_EQUAL(m_results.size(), 2);
    QVERIFY2(m_results.last().error().what.contains(u"serves 1 clients"_s),
             qPrintable(m_results.last().error().text()));
    QCOMPARE(disconnected.count(), 1);
}

void TestControlClient::hangsUpOnWhatIsNoNode_data()
{
    QTest::addColumn<QByteArray>("greeting");
    QTest::newRow("another protocol") << "220 mail ready\r\n"_ba;
    QTest::newRow("a line without an end") << QByteArray(cloudnode::controlprotocol::maxReplyBytes + 1, 'x');
}

void TestControlClient::hangsUpOnWhatIsNoNode()
{
    QFETCH(QByteArray, greeting);
    QVERIFY(QDir().mkdir(m_folder->filePath(u"run"_s)));
    QLocalServer server;
    QVERIFY(server.listen(path()));
    connect(&server, &QLocalServer::newConnection, this,
            [&] { server.nextPendingConnection()->write(greeting); });
    ControlClient client;
    QSignalSpy disconnected(&client, &ControlClient::disconnected);
    client.connectTo({path()});
    WAIT_FOR_EQUAL(disconnected.count(), 1);
    QVERIFY(disconnected.first().first().value<Error>().what.contains(u"message"_s));
}

void TestControlClient::readsLargeAnswers()
{
    serve();
    for (int i = 0; i < 2000; ++i)
        m_port->listed.append(QJsonObject{{u"key"_s, QString(1500, u'w')}});
    ControlClient client;
    reach(client);
    client.call(u"workload.list"_s, {{u"all"_s, true}, {u"limit"_s, 2000}}, this, keep());
    WAIT_FOR_EQUAL(m_results.size(), 1);
    QCOMPARE(m_results.first()->toObject().value(u"workloads"_s).toArray().size(), 2000);
}

QTEST_GUILESS_MAIN(TestControlClient)
#include "tst_controlclient.moc"
