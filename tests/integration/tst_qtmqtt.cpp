#include "integration/tcprelay.h"
#include "integration/testcertificates.h"
#include "sandbox/brokerprocess.h"

#include <QMqttTopicFilter>
#include <QMqttTopicName>
#include <QProcess>
#include <QSignalSpy>
#include <QSslConfiguration>
#include <QStandardPaths>
#include <QTcpServer>
#include <QTest>
#include <QtMqtt/QMqttClient>
#include <QtMqtt/QMqttConnectionProperties>
#include <QtMqtt/QMqttMessage>
#include <QtMqtt/QMqttSubscription>
#include <QUuid>

using namespace Qt::Literals::StringLiterals;
using cloudnode::sandbox::BrokerProcess;
using Client = std::unique_ptr<QMqttClient>;

namespace {

constexpr int patience = 30000; // milliseconds, for what must happen, however busy the machine is

bool start(BrokerProcess &broker)
{
    QSignalSpy ready(&broker, &BrokerProcess::ready);
    broker.start();
    return ready.wait(patience);
}

Client clientOf(quint16 port, QMqttClient::ProtocolVersion version = QMqttClient::MQTT_5_0)
{
    auto client = std::make_unique<QMqttClient>();
    client->setHostname(u"127.0.0.1"_s);
    client->setPort(port);
    client->setProtocolVersion(version);
    return client;
}

bool isSoon(const QMqttClient &client, QMqttClient::ClientState state)
{
    return QTest::qWaitFor([&] { return client.state() == state; }, patience);
}

bool connectNow(QMqttClient &client)
{
    client.connectToHost();
    return isSoon(client, QMqttClient::Connected);
}

QMqttSubscription *subscribeNow(QMqttClient &client, const QString &filter, quint8 qos = 1)
{
    QMqttSubscription *subscription = client.subscribe(QMqttTopicFilter(filter), qos);
    const bool granted =
        subscription &&
        QTest::qWaitFor([=] { return subscription->state() == QMqttSubscription::Subscribed; }, patience);
    return granted ? subscription : nullptr;
}

QString uniqueTopic()
{
    return u"test/"_s + QUuid::createUuid().toString(QUuid::WithoutBraces);
}

QList<QByteArray> payloads(const QSignalSpy &messages)
{
    QList<QByteArray> list;
    for (const QVariantList &arguments : messages)
        list << arguments.first().toByteArray();
    return list;
}

void addVersions()
{
    QTest::addColumn<QMqttClient::ProtocolVersion>("version");
    QTest::newRow("MQTT 3.1.1") << QMqttClient::MQTT_3_1_1;
    QTest::newRow("MQTT 5") << QMqttClient::MQTT_5_0;
}

} // namespace

/// What cloudnode relies on in Qt MQTT. It uses the public interface only, and so holds Qt's own module and
/// the stand-in in core/qtmqtt to the same behaviour.
class TestQtMqtt : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void topicNames_data();
    void topicNames();
    void topicFilters_data();
    void topicFilters();
    void filtersMatch_data();
    void filtersMatch();
    void wildcardsCanSpareDollarTopics();
    void keepsItsSettings();

    void connectsAndDisconnects_data() { addVersions(); }
    void connectsAndDisconnects();
    void saysWhenNobodyListens();
    void saysWhenTheHostIsUnknown();
    void saysWhenNoHostIsSet();
    void refusesBadCredentials_data();
    void refusesBadCredentials();
    void tellsWhatTheBrokerAnswered();
    void isNotFooledByAnotherProtocol();
    void noticesADeadBroker();
    void noticesAGoodbye();
    void noticesItsSuccessor();
    void noticesASilentLink();
    void reconnectsFromItsOwnSignal();
    void letsGoOfASilentServer();
    void letsGoOfAServerThatDoesNotAccept();

    void carriesMessages_data();
    void carriesMessages();
    void refusesWhatCannotBeSent();
    void keepsRetainedMessages();
    void publishesTheWill();
    void keepsTheWillAfterAGoodbye();
    void restoresASession_data() { addVersions(); }
    void restoresASession();
    void forgetsACleanSession();
    void subscribesByFilter();
    void sharesASubscription();
    void givesOneSubscriptionAFilter();
    void unsubscribes();
    void carriesProperties();
    void carriesPropertiesOfTheWill();
    void keepsTheOrderOfMany();
    void answersFromItsOwnSignal();
    void disconnectsFromItsOwnSignal();

    void trustsTheRightAuthority();
    void refusesOverTls_data();
    void refusesOverTls();
    void doesNotVerifyIfToldSo();
    void carriesMuchOverTls();
    void presentsItsOwnCertificate();

private:
    Client connected(const QString &id = {});

    std::unique_ptr<BrokerProcess> m_broker;
    TestCertificates m_certificates;
};

void TestQtMqtt::initTestCase()
{
    m_broker = std::make_unique<BrokerProcess>();
    QVERIFY(start(*m_broker));
    QVERIFY(m_certificates.makeAuthority(u"ca"_s));
    QVERIFY(m_certificates.makeAuthority(u"stranger"_s));
    QVERIFY(m_certificates.makeCertificate(u"here"_s, u"ca"_s, u"DNS:localhost,IP:127.0.0.1"_s));
    QVERIFY(m_certificates.makeCertificate(u"elsewhere"_s, u"ca"_s, u"DNS:elsewhere.example"_s));
}

Client TestQtMqtt::connected(const QString &id)
{
    Client client = clientOf(m_broker->port());
    if (!id.isEmpty())
        client->setClientId(id);
    return connectNow(*client) ? std::move(client) : nullptr;
}

void TestQtMqtt::topicNames_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<bool>("valid");
    QTest::addColumn<int>("levels");
    QTest::newRow("is empty") << QString() << false << 0;
    QTest::newRow("has one level") << u"a"_s << true << 1;
    QTest::newRow("has three levels") << u"a/b/c"_s << true << 3;
    QTest::newRow("has empty levels") << u"/"_s << true << 2;
    QTest::newRow("belongs to the broker") << u"$SYS/broker"_s << true << 2;
    QTest::newRow("is not ASCII") << u"ä/日本語"_s << true << 2;
    QTest::newRow("holds +") << u"a/+"_s << false << 2;
    QTest::newRow("holds #") << u"a/#"_s << false << 2;
    QTest::newRow("holds a null character") << u"a"_s + QChar(QChar::Null) << false << 1;
    QTest::newRow("is as long as can be") << QString(65535, u'a') << true << 1;
    QTest::newRow("is too long") << QString(65536, u'a') << false << 1;
}

void TestQtMqtt::topicNames()
{
    QFETCH(QString, name);
    const QMqttTopicName topic(name);
    QCOMPARE(topic.name(), name);
    QTEST(topic.isValid(), "valid");
    QTEST(topic.levelCount(), "levels");
    QCOMPARE(topic.levels(), name.split(u'/'));
}

void TestQtMqtt::topicFilters_data()
{
    QTest::addColumn<QString>("filter");
    QTest::addColumn<bool>("valid");
    QTest::newRow("is empty") << QString() << false;
    QTest::newRow("is a topic") << u"a/b"_s << true;
    QTest::newRow("is everything") << u"#"_s << true;
    QTest::newRow("is one level") << u"+"_s << true;
    QTest::newRow("ends with #") << u"a/#"_s << true;
    QTest::newRow("has + inside") << u"a/+/c"_s << true;
    QTest::newRow("has # inside") << u"a/#/c"_s << false;
    QTest::newRow("has # beside text") << u"a#"_s << false;
    QTest::newRow("has + beside text") << u"a+/b"_s << false;
    QTest::newRow("holds a null character") << u"a"_s + QChar(QChar::Null) << false;
    QTest::newRow("is too long") << QString(65536, u'a') << false;
    QTest::newRow("is shared") << u"$share/pool/a/b"_s << true;
    QTest::newRow("is shared by nobody") << u"$share//a"_s << false;
    QTest::newRow("shares nothing") << u"$share/pool"_s << false;
}

void TestQtMqtt::topicFilters()
{
    QFETCH(QString, filter);
    QTEST(QMqttTopicFilter(filter).isValid(), "valid");
    QCOMPARE(QMqttTopicFilter(filter).filter(), filter);
}

void TestQtMqtt::filtersMatch_data()
{
    QTest::addColumn<QString>("filter");
    QTest::addColumn<QString>("topic");
    QTest::addColumn<bool>("matches");
    QTest::newRow("same") << u"a/b"_s << u"a/b"_s << true;
    QTest::newRow("other") << u"a/b"_s << u"a/c"_s << false;
    QTest::newRow("other case") << u"a/b"_s << u"a/B"_s << false;
    QTest::newRow("longer topic") << u"a"_s << u"a/b"_s << false;
    QTest::newRow("longer filter") << u"a/b"_s << u"a"_s << false;
    QTest::newRow("# takes everything") << u"#"_s << u"a/b/c"_s << true;
    QTest::newRow("# takes the rest") << u"a/#"_s << u"a/b/c"_s << true;
    QTest::newRow("# takes its parent") << u"a/#"_s << u"a"_s << true;
    QTest::newRow("# leaves other parents") << u"a/#"_s << u"ab"_s << false;
    QTest::newRow("+ takes one level") << u"a/+/c"_s << u"a/b/c"_s << true;
    QTest::newRow("+ takes an empty level") << u"a/+"_s << u"a/"_s << true;
    QTest::newRow("+ does not take two levels") << u"a/+"_s << u"a/b/c"_s << false;
    QTest::newRow("+ does not take its parent") << u"a/+"_s << u"a"_s << false;
    QTest::newRow("two + take two levels") << u"+/+"_s << u"/b"_s << true;
    QTest::newRow("topic is invalid") << u"#"_s << u"a/#"_s << false;
    QTest::newRow("filter is invalid") << u"a#"_s << u"a#"_s << false;
}

void TestQtMqtt::filtersMatch()
{
    QFETCH(QString, filter);
    QFETCH(QString, topic);
    QTEST(QMqttTopicFilter(filter).match(QMqttTopicName(topic)), "matches");
}

void TestQtMqtt::wildcardsCanSpareDollarTopics()
{
    const QMqttTopicName ofTheBroker(u"$SYS/load"_s);
    constexpr auto sparing = QMqttTopicFilter::WildcardsDontMatchDollarTopicMatchOption;
    QVERIFY(QMqttTopicFilter(u"#"_s).match(ofTheBroker));
    QVERIFY(!QMqttTopicFilter(u"#"_s).match(ofTheBroker, sparing));
    QVERIFY(!QMqttTopicFilter(u"+/load"_s).match(ofTheBroker, sparing));
    QVERIFY(QMqttTopicFilter(u"$SYS/#"_s).match(ofTheBroker, sparing));
}

void TestQtMqtt::keepsItsSettings()
{
    QMqttClient client;
    QCOMPARE(client.keepAlive(), 60);
    QCOMPARE(client.protocolVersion(), QMqttClient::MQTT_3_1_1);
    QCOMPARE(client.cleanSession(), true);
    QCOMPARE(client.autoKeepAlive(), true);
    QCOMPARE(client.state(), QMqttClient::Disconnected);
    QCOMPARE(client.error(), QMqttClient::NoError);
    QVERIFY(!client.clientId().isEmpty());
    QVERIFY(client.clientId() != QMqttClient().clientId());
    QVERIFY(!client.transport());

    QSignalSpy changed(&client, &QMqttClient::hostnameChanged);
    client.setHostname(u"broker"_s);
    client.setHostname(u"broker"_s);
    QCOMPARE(changed.count(), 1);
    QCOMPARE(client.hostname(), u"broker"_s);
}

void TestQtMqtt::connectsAndDisconnects()
{
    QFETCH(QMqttClient::ProtocolVersion, version);
    const Client client = clientOf(m_broker->port(), version);
    QSignalSpy states(client.get(), &QMqttClient::stateChanged);
    QSignalSpy connected(client.get(), &QMqttClient::connected);
    QSignalSpy disconnected(client.get(), &QMqttClient::disconnected);

    client->connectToHost();
    QCOMPARE(client->state(), QMqttClient::Connecting);
    client->setHostname(u"elsewhere"_s);
    QCOMPARE(client->hostname(), u"127.0.0.1"_s);
    QVERIFY(isSoon(*client, QMqttClient::Connected));
    QCOMPARE(connected.count(), 1);

    client->disconnectFromHost();
    QVERIFY(isSoon(*client, QMqttClient::Disconnected));
    QCOMPARE(states.count(), 3);
    QCOMPARE(disconnected.count(), 1);
    QCOMPARE(client->error(), QMqttClient::NoError);
    QVERIFY(connectNow(*client)); // and again
}

void TestQtMqtt::saysWhenNobodyListens()
{
    QTcpServer placeholder;
    QVERIFY(placeholder.listen(QHostAddress::LocalHost));
    const Client client = clientOf(placeholder.serverPort());
    placeholder.close();
    QSignalSpy disconnected(client.get(), &QMqttClient::disconnected);
    QSignalSpy failed(client.get(), &QMqttClient::errorChanged);
    client->connectToHost();
    QVERIFY(disconnected.wait(patience));
    QCOMPARE(failed.count(), 1);
    QCOMPARE(client->error(), QMqttClient::TransportInvalid);
    QVERIFY(client->transport()->errorString().contains(u"refused"_s));
}

void TestQtMqtt::saysWhenTheHostIsUnknown()
{
    const Client client = clientOf(1883);
    client->setHostname(u"no-such-host.invalid"_s);
    QSignalSpy disconnected(client.get(), &QMqttClient::disconnected);
    client->connectToHost();
    QVERIFY(disconnected.wait(patience));
    QCOMPARE(client->error(), QMqttClient::TransportInvalid);
}

void TestQtMqtt::saysWhenNoHostIsSet()
{
    QMqttClient client;
    client.connectToHost();
    QCOMPARE(client.state(), QMqttClient::Disconnected);
    QCOMPARE(client.error(), QMqttClient::TransportInvalid);
}

void TestQtMqtt::refusesBadCredentials_data()
{
    QTest::addColumn<QMqttClient::ProtocolVersion>("version");
    QTest::addColumn<QString>("username");
    QTest::addColumn<QString>("password");
    QTest::addColumn<QMqttClient::ClientError>("error");
    QTest::newRow("the right ones") << QMqttClient::MQTT_5_0 << u"node"_s << u"pässword"_s
                                    << QMqttClient::NoError;
    QTest::newRow("wrong password") << QMqttClient::MQTT_5_0 << u"node"_s << u"guess"_s
                                    << QMqttClient::NotAuthorized;
    QTest::newRow("wrong user") << QMqttClient::MQTT_5_0 << u"nobody"_s << u"pässword"_s
                                << QMqttClient::NotAuthorized;
    QTest::newRow("none") << QMqttClient::MQTT_5_0 << QString() << QString() << QMqttClient::NotAuthorized;
    QTest::newRow("wrong password, MQTT 3.1.1")
        << QMqttClient::MQTT_3_1_1 << u"node"_s << u"guess"_s << QMqttClient::NotAuthorized;
}

void TestQtMqtt::refusesBadCredentials()
{
    QFETCH(QMqttClient::ProtocolVersion, version);
    QFETCH(QString, username);
    QFETCH(QString, password);
    QFETCH(QMqttClient::ClientError, error);
    QTemporaryDir folder;
    const QString file = folder.filePath(u"passwords"_s);
    QCOMPARE(QProcess::execute(u"mosquitto_passwd"_s, {u"-b"_s, u"-c"_s, file, u"node"_s, u"pässword"_s}), 0);
    BrokerProcess broker({.port = 0, .extraLines = {u"allow_anonymous false"_s, u"password_file "_s + file}});
    QVERIFY(start(broker));

    const Client client = clientOf(broker.port(), version);
    client->setUsername(username);
    client->setPassword(password);
    QSignalSpy answered(client.get(), &QMqttClient::stateChanged);
    client->connectToHost();
    QTRY_COMPARE_WITH_TIMEOUT(answered.count(), 2, patience);
    QCOMPARE(client->error(), error);
    QCOMPARE(client->state(),
             error == QMqttClient::NoError ? QMqttClient::Connected : QMqttClient::Disconnected);
}

void TestQtMqtt::tellsWhatTheBrokerAnswered()
{
    const Client client = connected();
    QVERIFY(client);
    QVERIFY(client->serverConnectionProperties().isValid());
    QCOMPARE(client->serverConnectionProperties().reasonCode(), QMqtt::ReasonCode::Success);

    const Client nameless = clientOf(m_broker->port());
    nameless->setClientId({});
    QVERIFY(connectNow(*nameless));
    QVERIFY(nameless->serverConnectionProperties().clientIdAssigned());
    QVERIFY(!nameless->clientId().isEmpty());
}

void TestQtMqtt::isNotFooledByAnotherProtocol()
{
    QTcpServer webServer;
    QVERIFY(webServer.listen(QHostAddress::LocalHost));
    connect(&webServer, &QTcpServer::newConnection, &webServer, [&webServer] {
        webServer.nextPendingConnection()->write("HTTP/1.1 400 Bad Request\r\n" + QByteArray(500, ' '));
    });
    const Client client = clientOf(webServer.serverPort());
    client->connectToHost();
    QVERIFY(isSoon(*client, QMqttClient::Disconnected));
    QCOMPARE(client->error(), QMqttClient::ProtocolViolation);
}

void TestQtMqtt::noticesADeadBroker()
{
    BrokerProcess broker;
    QVERIFY(start(broker));
    const Client client = clientOf(broker.port());
    QVERIFY(connectNow(*client));
    QSignalSpy disconnected(client.get(), &QMqttClient::disconnected);
    broker.kill();
    QVERIFY(disconnected.wait(patience));
    QCOMPARE(client->state(), QMqttClient::Disconnected);
    QCOMPARE(client->error(), QMqttClient::TransportInvalid);
    QVERIFY(start(broker));
    QVERIFY(connectNow(*client));
    QCOMPARE(client->error(), QMqttClient::NoError);
}

void TestQtMqtt::noticesAGoodbye()
{
    QTcpServer broker; // speaks just enough MQTT 5 for this
    QVERIFY(broker.listen(QHostAddress::LocalHost));
    connect(&broker, &QTcpServer::newConnection, &broker, [&broker] {
        QTcpSocket *socket = broker.nextPendingConnection();
        const QByteArray accepted("\x20\x03\x00\x00\x00", 5);
        const QByteArray shuttingDown("\xe0\x02\x8b\x00", 4);
        connect(socket, &QTcpSocket::readyRead, socket, [=] { socket->write(accepted + shuttingDown); });
    });
    const Client client = clientOf(broker.serverPort());
    QSignalSpy connected(client.get(), &QMqttClient::connected);
    QSignalSpy disconnected(client.get(), &QMqttClient::disconnected);
    client->connectToHost();
    QVERIFY(disconnected.wait(patience));
    QCOMPARE(connected.count(), 1);
    QCOMPARE(client->error(), QMqttClient::NoError);
}

void TestQtMqtt::noticesItsSuccessor()
{
    const Client first = connected(u"same-id"_s);
    QVERIFY(first);
    QSignalSpy disconnected(first.get(), &QMqttClient::disconnected);
    const Client second = clientOf(m_broker->port());
    second->setClientId(u"same-id"_s);
    second->connectToHost();
    QVERIFY(disconnected.wait(patience));
    QVERIFY(isSoon(*second, QMqttClient::Connected));
}

void TestQtMqtt::noticesASilentLink()
{
    TcpRelay relay(m_broker->port());
    const Client client = clientOf(relay.port());
    client->setKeepAlive(1);
    QVERIFY(connectNow(*client));
    QSignalSpy disconnected(client.get(), &QMqttClient::disconnected);
    const QByteArray ping("\xc0\x00", 2);
    QTRY_VERIFY_WITH_TIMEOUT(relay.fromClients().endsWith(ping), patience);
    QCOMPARE(client->state(), QMqttClient::Connected);
    relay.freeze();
    QVERIFY(disconnected.wait(patience));
    QCOMPARE(client->error(), QMqttClient::ServerUnavailable);
}

void TestQtMqtt::reconnectsFromItsOwnSignal()
{
    TcpRelay relay(m_broker->port());
    const Client client = clientOf(relay.port());
    QVERIFY(connectNow(*client));
    connect(
        client.get(), &QMqttClient::disconnected, client.get(), [&client] { client->connectToHost(); },
        Qt::QueuedConnection);
    relay.cut();
    QTRY_COMPARE_WITH_TIMEOUT(relay.connections(), 2, patience);
    QVERIFY(isSoon(*client, QMqttClient::Connected));
    client->disconnect();
}

void TestQtMqtt::letsGoOfASilentServer()
{
    QTcpServer silent;
    QVERIFY(silent.listen(QHostAddress::LocalHost));
    QSignalSpy reached(&silent, &QTcpServer::newConnection);
    Client client = clientOf(silent.serverPort());
    client->connectToHost();
    QVERIFY(reached.wait(patience));
    client->disconnectFromHost();
    QCOMPARE(client->state(), QMqttClient::Disconnected);

    client->connectToHost();
    QTRY_COMPARE_WITH_TIMEOUT(reached.count(), 2, patience);
    client.reset(); // in the middle of it
    const QTcpSocket *first = silent.nextPendingConnection();
    const QTcpSocket *second = silent.nextPendingConnection();
    QTRY_COMPARE_WITH_TIMEOUT(first->state(), QAbstractSocket::UnconnectedState, patience);
    QTRY_COMPARE_WITH_TIMEOUT(second->state(), QAbstractSocket::UnconnectedState, patience);
}

void TestQtMqtt::letsGoOfAServerThatDoesNotAccept()
{
    QTcpServer full;
    full.setListenBacklogSize(1);
    QVERIFY(full.listen(QHostAddress::LocalHost));
    full.pauseAccepting();
    std::array<QTcpSocket, 4> crowd; // more than the queue holds, so that the rest hang in connect()
    for (QTcpSocket &socket : crowd)
        socket.connectToHost(QHostAddress::LocalHost, full.serverPort());
    QTRY_VERIFY_WITH_TIMEOUT(crowd[0].state() == QAbstractSocket::ConnectedState &&
                                 crowd[1].state() == QAbstractSocket::ConnectedState,
                             patience);
    QCOMPARE(crowd[3].state(), QAbstractSocket::ConnectingState);

    Client client = clientOf(full.serverPort());
    client->connectToHost();
    QCoreApplication::processEvents();
    QCOMPARE(client->state(), QMqttClient::Connecting);
    client->disconnectFromHost();
    QCOMPARE(client->state(), QMqttClient::Disconnected);
    client->connectToHost();
    client.reset();
}

void TestQtMqtt::carriesMessages_data()
{
    QTest::addColumn<QMqttClient::ProtocolVersion>("version");
    QTest::addColumn<quint8>("qos");
    QTest::addColumn<QByteArray>("payload");
    const auto five = QMqttClient::MQTT_5_0;
    QTest::newRow("at most once") << five << quint8(0) << QByteArray("text");
    QTest::newRow("at least once") << five << quint8(1) << QByteArray("text");
    QTest::newRow("exactly once") << five << quint8(2) << QByteArray("text");
    QTest::newRow("at least once, MQTT 3.1.1") << QMqttClient::MQTT_3_1_1 << quint8(1) << QByteArray("text");
    QTest::newRow("empty") << five << quint8(1) << QByteArray("");
    QTest::newRow("with null bytes") << five << quint8(1) << QByteArray("a\0b", 3);
    QTest::newRow("not ASCII") << five << quint8(1) << u"Grüße, 世界 🦊"_s.toUtf8();
    QTest::newRow("a mebibyte") << five << quint8(1) << QByteArray(1 << 20, 'x');
}

void TestQtMqtt::carriesMessages()
{
    QFETCH(QMqttClient::ProtocolVersion, version);
    QFETCH(quint8, qos);
    QFETCH(QByteArray, payload);
    const Client client = clientOf(m_broker->port(), version);
    QVERIFY(connectNow(*client));
    const QString topic = uniqueTopic() + u"/ünï/コード"_s;
    QMqttSubscription *subscription = subscribeNow(*client, topic, 2);
    QVERIFY(subscription);
    QSignalSpy sent(client.get(), &QMqttClient::messageSent);
    QSignalSpy received(client.get(), &QMqttClient::messageReceived);
    QSignalSpy bySubscription(subscription, &QMqttSubscription::messageReceived);

    const qint32 id = client->publish(QMqttTopicName(topic), payload, qos);
    QCOMPARE(id > 0, qos > 0);
    QTRY_COMPARE_WITH_TIMEOUT(bySubscription.count(), 1, patience);
    QCOMPARE(payloads(received), {payload});
    QCOMPARE(received.first().at(1).value<QMqttTopicName>(), QMqttTopicName(topic));
    const auto message = bySubscription.first().first().value<QMqttMessage>();
    QCOMPARE(message.payload(), payload);
    QCOMPARE(message.topic().name(), topic);
    QCOMPARE(message.qos(), qos);
    QCOMPARE(message.retain(), false);
    QTRY_COMPARE_WITH_TIMEOUT(sent.count(), qos > 0 ? 1 : 0, patience);
    if (qos > 0)
        QCOMPARE(sent.first().first().toInt(), id);
}

void TestQtMqtt::refusesWhatCannotBeSent()
{
    const Client client = clientOf(m_broker->port());
    QCOMPARE(client->publish(QMqttTopicName(u"a"_s), "x", 1), -1);
    QVERIFY(!client->subscribe(QMqttTopicFilter(u"a"_s), 1));
    QVERIFY(connectNow(*client));
    QCOMPARE(client->publish(QMqttTopicName(u"a/#"_s), "x", 1), -1);
    QCOMPARE(client->publish(QMqttTopicName(), "x", 1), -1);
    QCOMPARE(client->publish(QMqttTopicName(u"a"_s), "x", 3), -1);
    QVERIFY(!client->subscribe(QMqttTopicFilter(u"a#"_s), 1));
    QVERIFY(!client->subscribe(QMqttTopicFilter(u"a"_s), 3));
    QCOMPARE(client->state(), QMqttClient::Connected);
}

void TestQtMqtt::keepsRetainedMessages()
{
    const Client client = connected();
    QVERIFY(client);
    const QString topic = uniqueTopic();
    QSignalSpy sent(client.get(), &QMqttClient::messageSent);
    client->publish(QMqttTopicName(topic), "kept", 1, true);
    QVERIFY(sent.wait(patience));

    const Client late = connected();
    QVERIFY(late);
    QMqttSubscription *subscription = late->subscribe(QMqttTopicFilter(topic), 1);
    QVERIFY(subscription);
    QSignalSpy received(subscription, &QMqttSubscription::messageReceived);
    QVERIFY(received.wait(patience));
    QCOMPARE(received.first().first().value<QMqttMessage>().payload(), "kept");
    QVERIFY(received.first().first().value<QMqttMessage>().retain());
}

void TestQtMqtt::publishesTheWill()
{
    const Client heir = connected();
    QVERIFY(heir);
    const QString topic = uniqueTopic();
    QVERIFY(subscribeNow(*heir, topic));
    QSignalSpy received(heir.get(), &QMqttClient::messageReceived);

    TcpRelay relay(m_broker->port());
    const Client client = clientOf(relay.port());
    client->setWillTopic(topic);
    client->setWillMessage("gone");
    client->setWillQoS(1);
    client->setWillRetain(true);
    QVERIFY(connectNow(*client));
    relay.cut();
    QVERIFY(received.wait(patience));
    QCOMPARE(payloads(received), {"gone"});
    QVERIFY(isSoon(*client, QMqttClient::Disconnected));

    const Client late = connected();
    QVERIFY(late);
    QSignalSpy kept(late.get(), &QMqttClient::messageReceived);
    QVERIFY(late->subscribe(QMqttTopicFilter(topic), 1));
    QVERIFY(kept.wait(patience));
    QCOMPARE(payloads(kept), {"gone"});
}

void TestQtMqtt::keepsTheWillAfterAGoodbye()
{
    const Client heir = connected();
    QVERIFY(heir);
    const QString topic = uniqueTopic();
    QVERIFY(subscribeNow(*heir, topic));
    QSignalSpy received(heir.get(), &QMqttClient::messageReceived);

    Client client = clientOf(m_broker->port());
    client->setWillTopic(topic);
    client->setWillMessage("gone");
    QVERIFY(connectNow(*client));
    client->disconnectFromHost();
    QVERIFY(connectNow(*client)); // the same broker, so the end before has been dealt with
    client.reset();               // says goodbye as well
    const Client last = connected();
    QVERIFY(last);
    last->publish(QMqttTopicName(topic), "still here", 1);
    QVERIFY(received.wait(patience));
    QCOMPARE(payloads(received), {"still here"});
}

void TestQtMqtt::restoresASession()
{
    QFETCH(QMqttClient::ProtocolVersion, version);
    const QString topic = uniqueTopic();
    const QString id = u"session-%1"_s.arg(version);
    const auto comeBack = [&, this] {
        Client client = clientOf(m_broker->port(), version);
        client->setClientId(id);
        client->setCleanSession(false);
        QMqttConnectionProperties properties;
        properties.setSessionExpiryInterval(300);
        client->setConnectionProperties(properties);
        return client;
    };
    Client client = comeBack();
    QSignalSpy restored(client.get(), &QMqttClient::brokerSessionRestored);
    QVERIFY(connectNow(*client));
    QCOMPARE(restored.count(), 0);
    QVERIFY(subscribeNow(*client, topic));
    client.reset();

    const Client other = connected();
    QVERIFY(other);
    QSignalSpy sent(other.get(), &QMqttClient::messageSent);
    for (const char *payload : {"one", "two", "three"})
        other->publish(QMqttTopicName(topic), payload, 1);
    QTRY_COMPARE_WITH_TIMEOUT(sent.count(), 3, patience);

    client = comeBack();
    QSignalSpy restoredAgain(client.get(), &QMqttClient::brokerSessionRestored);
    QSignalSpy received(client.get(), &QMqttClient::messageReceived);
    QVERIFY(connectNow(*client));
    QCOMPARE(restoredAgain.count(), 1);
    QTRY_COMPARE_WITH_TIMEOUT(payloads(received), (QList<QByteArray>{"one", "two", "three"}), patience);
    QVERIFY(subscribeNow(*client, topic)); // nothing comes twice
    QCOMPARE(received.count(), 3);
}

void TestQtMqtt::forgetsACleanSession()
{
    const QString topic = uniqueTopic();
    Client client = connected(u"forgetful"_s);
    QVERIFY(client);
    QVERIFY(subscribeNow(*client, topic));
    client->disconnectFromHost();
    QSignalSpy restored(client.get(), &QMqttClient::brokerSessionRestored);
    QVERIFY(connectNow(*client));
    QCOMPARE(restored.count(), 0);
}

void TestQtMqtt::subscribesByFilter()
{
    const Client client = connected();
    QVERIFY(client);
    const QString base = uniqueTopic();
    QMqttSubscription *oneLevel = subscribeNow(*client, base + u"/+/end"_s);
    QMqttSubscription *all = subscribeNow(*client, base + u"/#"_s);
    QVERIFY(oneLevel && all);
    QSignalSpy ofOneLevel(oneLevel, &QMqttSubscription::messageReceived);
    QSignalSpy ofAll(all, &QMqttSubscription::messageReceived);
    client->publish(QMqttTopicName(base + u"/a"_s), "first", 1);
    client->publish(QMqttTopicName(base + u"/a/end"_s), "second", 1);
    client->publish(QMqttTopicName(base), "third", 1);
    const auto last = [](const QSignalSpy &spy) {
        return spy.isEmpty() ? QByteArray() : spy.last().first().value<QMqttMessage>().payload();
    };
    QTRY_COMPARE_WITH_TIMEOUT(last(ofAll), "third", patience);
    QCOMPARE(ofOneLevel.count() > 0, true);
    QCOMPARE(last(ofOneLevel), "second");
}

void TestQtMqtt::sharesASubscription()
{
    const QString topic = uniqueTopic();
    const Client first = connected();
    const Client second = connected();
    QVERIFY(first && second);
    QMqttSubscription *shared = subscribeNow(*first, u"$share/pool/"_s + topic);
    QVERIFY(shared && subscribeNow(*second, u"$share/pool/"_s + topic));
    QCOMPARE(shared->isSharedSubscription(), true);
    QCOMPARE(shared->sharedSubscriptionName(), u"pool"_s);
    QCOMPARE(shared->topic().filter(), topic);
    QSignalSpy ofFirst(first.get(), &QMqttClient::messageReceived);
    QSignalSpy ofSecond(second.get(), &QMqttClient::messageReceived);
    constexpr int many = 20;
    for (int i = 0; i < many; ++i)
        first->publish(QMqttTopicName(topic), "work", 1);
    QTRY_COMPARE_WITH_TIMEOUT(ofFirst.count() + ofSecond.count(), many, patience);
    QVERIFY(ofFirst.count() > 0 && ofSecond.count() > 0);
}

void TestQtMqtt::givesOneSubscriptionAFilter()
{
    const Client client = connected();
    QVERIFY(client);
    QMqttSubscription *subscription = subscribeNow(*client, u"same/filter"_s);
    QVERIFY(subscription);
    QCOMPARE(client->subscribe(QMqttTopicFilter(u"same/filter"_s), 1), subscription);
    QCOMPARE(subscription->qos(), 1);
    QCOMPARE(subscription->reasonCode(), QMqtt::ReasonCode::SubscriptionQoSLevel1);
}

void TestQtMqtt::unsubscribes()
{
    const Client client = connected();
    QVERIFY(client);
    const QString base = uniqueTopic();
    QMqttSubscription *wanted = subscribeNow(*client, base + u"/wanted"_s);
    QMqttSubscription *unwanted = subscribeNow(*client, base + u"/unwanted"_s);
    QVERIFY(wanted && unwanted);
    unwanted->unsubscribe();
    QTRY_COMPARE_WITH_TIMEOUT(unwanted->state(), QMqttSubscription::Unsubscribed, patience);
    QSignalSpy received(client.get(), &QMqttClient::messageReceived);
    client->publish(QMqttTopicName(base + u"/unwanted"_s), "no", 1);
    client->publish(QMqttTopicName(base + u"/wanted"_s), "yes", 1);
    QVERIFY(received.wait(patience));
    QCOMPARE(payloads(received), {"yes"});
    client->unsubscribe(wanted->topic());
    QTRY_COMPARE_WITH_TIMEOUT(wanted->state(), QMqttSubscription::Unsubscribed, patience);
}

void TestQtMqtt::carriesProperties()
{
    QMqttUserProperties user;
    user.append(QMqttStringPair(u"name"_s, u"first"_s));
    user.append(QMqttStringPair(u"name"_s, u"sécond"_s));
    user.append(QMqttStringPair(u"empty"_s, QString()));
    QMqttPublishProperties properties;
    properties.setResponseTopic(u"answer/here"_s);
    properties.setCorrelationData(QByteArray("\x00\xff\x10", 3));
    properties.setUserProperties(user);
    properties.setContentType(u"application/json"_s);
    properties.setPayloadFormatIndicator(QMqtt::PayloadFormatIndicator::UTF8Encoded);

    const Client client = connected();
    QVERIFY(client);
    const QString topic = uniqueTopic();
    QMqttSubscription *subscription = subscribeNow(*client, topic);
    QVERIFY(subscription);
    QSignalSpy received(subscription, &QMqttSubscription::messageReceived);
    QVERIFY(client->publish(QMqttTopicName(topic), properties, "{}", 1) > 0);
    QVERIFY(received.wait(patience));
    const auto got = received.first().first().value<QMqttMessage>().publishProperties();
    QCOMPARE(got.responseTopic(), properties.responseTopic());
    QCOMPARE(got.correlationData(), properties.correlationData());
    QVERIFY(got.userProperties() == user);
    QCOMPARE(got.contentType(), properties.contentType());
    QCOMPARE(got.payloadFormatIndicator(), properties.payloadFormatIndicator());
    QVERIFY(got.availableProperties().testFlag(QMqttPublishProperties::ResponseTopic));
    QVERIFY(!got.availableProperties().testFlag(QMqttPublishProperties::MessageExpiryInterval));

    QVERIFY(client->publish(QMqttTopicName(topic), "plain", 1) > 0);
    QVERIFY(received.wait(patience));
    const auto none = received.last().first().value<QMqttMessage>().publishProperties();
    QCOMPARE(none.availableProperties(), QMqttPublishProperties::PublishPropertyDetails());
}

void TestQtMqtt::carriesPropertiesOfTheWill()
{
    const Client heir = connected();
    QVERIFY(heir);
    const QString topic = uniqueTopic();
    QMqttSubscription *subscription = subscribeNow(*heir, topic);
    QVERIFY(subscription);
    QSignalSpy received(subscription, &QMqttSubscription::messageReceived);

    TcpRelay relay(m_broker->port());
    const Client client = clientOf(relay.port());
    QMqttLastWillProperties properties;
    properties.setContentType(u"text/plain"_s);
    properties.setWillDelayInterval(1);
    client->setLastWillProperties(properties);
    QMqttConnectionProperties session; // the will is due when the session ends, at the latest
    session.setSessionExpiryInterval(300);
    client->setConnectionProperties(session);
    client->setWillTopic(topic);
    client->setWillMessage("gone");
    QVERIFY(connectNow(*client));
    relay.cut();
    QVERIFY(received.wait(patience));
    const auto will = received.first().first().value<QMqttMessage>();
    QCOMPARE(will.payload(), "gone");
    QCOMPARE(will.publishProperties().contentType(), u"text/plain"_s);
}

void TestQtMqtt::keepsTheOrderOfMany()
{
    const Client client = connected();
    QVERIFY(client);
    const QString topic = uniqueTopic();
    QVERIFY(subscribeNow(*client, topic));
    QSignalSpy received(client.get(), &QMqttClient::messageReceived);
    QSignalSpy sent(client.get(), &QMqttClient::messageSent);
    QList<QByteArray> expected;
    for (int i = 0; i < 500; ++i) { // below the broker's limit for messages waiting in line
        expected << QByteArray::number(i);
        QVERIFY(client->publish(QMqttTopicName(topic), expected.last(), 1) > 0);
    }
    QTRY_COMPARE_WITH_TIMEOUT(sent.count(), expected.size(), patience);
    QTRY_COMPARE_WITH_TIMEOUT(received.count(), expected.size(), patience);
    QCOMPARE(payloads(received), expected);
}

void TestQtMqtt::answersFromItsOwnSignal()
{
    const Client client = connected();
    QVERIFY(client);
    const QString base = uniqueTopic();
    QVERIFY(subscribeNow(*client, base + u"/question"_s));
    QVERIFY(subscribeNow(*client, base + u"/answer"_s));
    QSignalSpy received(client.get(), &QMqttClient::messageReceived);
    connect(client.get(), &QMqttClient::messageReceived, client.get(),
            [&](const QByteArray &, const QMqttTopicName &topic) {
                if (topic.name().endsWith(u"question"_s))
                    client->publish(QMqttTopicName(base + u"/answer"_s), "42", 1);
            });
    client->publish(QMqttTopicName(base + u"/question"_s), "?", 1);
    QTRY_COMPARE_WITH_TIMEOUT(payloads(received), (QList<QByteArray>{"?", "42"}), patience);
}

void TestQtMqtt::disconnectsFromItsOwnSignal()
{
    const Client client = connected();
    QVERIFY(client);
    const QString topic = uniqueTopic();
    QVERIFY(subscribeNow(*client, topic));
    connect(client.get(), &QMqttClient::messageReceived, client.get(), &QMqttClient::disconnectFromHost);
    client->publish(QMqttTopicName(topic), "stop", 1);
    QVERIFY(isSoon(*client, QMqttClient::Disconnected));
    QVERIFY(connectNow(*client));
}

namespace {

QSslConfiguration trusting(const QList<QSslCertificate> &authorities)
{
    QSslConfiguration configuration = QSslConfiguration::defaultConfiguration();
    configuration.setCaCertificates(authorities);
    return configuration;
}

std::unique_ptr<BrokerProcess> tlsBroker(const TestCertificates &certificates, const QString &name,
                                         const QStringList &more = {})
{
    auto broker = std::make_unique<BrokerProcess>(cloudnode::sandbox::BrokerSettings{
        .port = 0,
        .extraLines = QStringList{u"certfile "_s + certificates.certificatePath(name),
                                  u"keyfile "_s + certificates.keyPath(name)} +
                      more});
    return start(*broker) ? std::move(broker) : nullptr;
}

} // namespace

void TestQtMqtt::trustsTheRightAuthority()
{
    const auto broker = tlsBroker(m_certificates, u"here"_s);
    QVERIFY(broker);
    for (const QString &host : {u"localhost"_s, u"127.0.0.1"_s}) {
        const Client client = clientOf(broker->port());
        client->setHostname(host);
        client->connectToHostEncrypted(trusting(m_certificates.certificates(u"ca"_s)));
        QVERIFY(isSoon(*client, QMqttClient::Connected));
    }
}

void TestQtMqtt::refusesOverTls_data()
{
    QTest::addColumn<QString>("server");
    QTest::addColumn<QString>("authority");
    QTest::newRow("an authority we do not know") << u"here"_s << u"stranger"_s;
    QTest::newRow("one that the system does not know") << u"here"_s << QString();
    QTest::newRow("another host's certificate") << u"elsewhere"_s << u"ca"_s;
    QTest::newRow("no TLS at all") << QString() << u"ca"_s;
}

void TestQtMqtt::refusesOverTls()
{
    QFETCH(QString, server);
    QFETCH(QString, authority);
    const auto broker = server.isEmpty() ? nullptr : tlsBroker(m_certificates, server);
    QVERIFY(server.isEmpty() || broker);
    const Client client = clientOf(broker ? broker->port() : m_broker->port());
    QSignalSpy disconnected(client.get(), &QMqttClient::disconnected);
    client->connectToHostEncrypted(authority.isEmpty() ? QSslConfiguration::defaultConfiguration()
                                                       : trusting(m_certificates.certificates(authority)));
    QVERIFY(disconnected.wait(patience));
    QCOMPARE(client->error(), QMqttClient::TransportInvalid);
    QVERIFY(!client->transport()->errorString().isEmpty());
}

void TestQtMqtt::doesNotVerifyIfToldSo()
{
    const auto broker = tlsBroker(m_certificates, u"elsewhere"_s);
    QVERIFY(broker);
    QSslConfiguration configuration = QSslConfiguration::defaultConfiguration();
    configuration.setPeerVerifyMode(QSslSocket::VerifyNone);
    const Client client = clientOf(broker->port());
    client->connectToHostEncrypted(configuration);
    QVERIFY(isSoon(*client, QMqttClient::Connected));
}

void TestQtMqtt::carriesMuchOverTls()
{
    const auto broker = tlsBroker(m_certificates, u"here"_s);
    QVERIFY(broker);
    const Client client = clientOf(broker->port());
    client->connectToHostEncrypted(trusting(m_certificates.certificates(u"ca"_s)));
    QVERIFY(isSoon(*client, QMqttClient::Connected));
    const QString topic = uniqueTopic();
    QVERIFY(subscribeNow(*client, topic));
    QSignalSpy received(client.get(), &QMqttClient::messageReceived);
    QList<QByteArray> expected;
    for (int i = 0; i < 300; ++i)
        expected << QByteArray::number(i);
    expected << QByteArray(1 << 20, 'y') << "last";
    for (const QByteArray &payload : std::as_const(expected))
        QVERIFY(client->publish(QMqttTopicName(topic), payload, 1) > 0);
    QTRY_COMPARE_WITH_TIMEOUT(received.count(), expected.size(), patience);
    QCOMPARE(payloads(received), expected);
}

void TestQtMqtt::presentsItsOwnCertificate()
{
    const auto broker =
        tlsBroker(m_certificates, u"here"_s,
                  {u"require_certificate true"_s, u"cafile "_s + m_certificates.certificatePath(u"ca"_s)});
    QVERIFY(broker);
    QSslConfiguration configuration = trusting(m_certificates.certificates(u"ca"_s));
    const Client anonymous = clientOf(broker->port());
    anonymous->connectToHostEncrypted(configuration);
    QVERIFY(isSoon(*anonymous, QMqttClient::Disconnected));

    configuration.setLocalCertificateChain(m_certificates.certificates(u"elsewhere"_s));
    configuration.setPrivateKey(m_certificates.key(u"elsewhere"_s));
    const Client known = clientOf(broker->port());
    known->connectToHostEncrypted(configuration);
    QVERIFY(isSoon(*known, QMqttClient::Connected));
}

QTEST_GUILESS_MAIN(TestQtMqtt)
#include "tst_qtmqtt.moc"
