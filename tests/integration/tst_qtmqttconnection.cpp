#include "integration/qtmqttclient.h"
#include "integration/tcprelay.h"
#include "integration/testcertificates.h"
#include "support/waiting.h"

#include <QMqttTopicName>
#include <QProcess>
#include <QSslConfiguration>
#include <QTcpServer>
#include <QTemporaryDir>
#include <QtMqtt/QMqttConnectionProperties>

using namespace Qt::Literals::StringLiterals;
using namespace cloudnode::test;
using cloudnode::patience;
using cloudnode::sandbox::BrokerProcess;

/// How Qt MQTT's client finds a broker, loses it and lets go of it, in the clear and over TLS.
class TestQtMqttConnection : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
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

    void trustsTheRightAuthority();
    void refusesOverTls_data();
    void refusesOverTls();
    void doesNotVerifyIfToldSo();
    void carriesMuchOverTls();
    void presentsItsOwnCertificate();

private:
    BrokerProcess m_broker;
    TestCertificates m_certificates;
};

void TestQtMqttConnection::initTestCase()
{
    QVERIFY(start(m_broker));
    QVERIFY(m_certificates.makeAuthority(u"ca"_s));
    QVERIFY(m_certificates.makeAuthority(u"stranger"_s));
    QVERIFY(m_certificates.makeCertificate(u"here"_s, u"ca"_s, u"DNS:localhost,IP:127.0.0.1"_s));
    QVERIFY(m_certificates.makeCertificate(u"elsewhere"_s, u"ca"_s, u"DNS:elsewhere.example"_s));
}

void TestQtMqttConnection::keepsItsSettings()
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

void TestQtMqttConnection::connectsAndDisconnects()
{
    QFETCH(QMqttClient::ProtocolVersion, version);
    const Client client = clientOf(m_broker.port(), version);
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

void TestQtMqttConnection::saysWhenNobodyListens()
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

void TestQtMqttConnection::saysWhenTheHostIsUnknown()
{
    const Client client = clientOf(1883);
    client->setHostname(u"no-such-host.invalid"_s);
    QSignalSpy disconnected(client.get(), &QMqttClient::disconnected);
    client->connectToHost();
    QVERIFY(disconnected.wait(patience));
    QCOMPARE(client->error(), QMqttClient::TransportInvalid);
}

void TestQtMqttConnection::saysWhenNoHostIsSet()
{
    QMqttClient client;
    client.connectToHost();
    QCOMPARE(client.state(), QMqttClient::Disconnected);
    QCOMPARE(client.error(), QMqttClient::TransportInvalid);
}

void TestQtMqttConnection::refusesBadCredentials_data()
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

void TestQtMqttConnection::refusesBadCredentials()
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
    WAIT_FOR_EQUAL(answered.count(), 2);
    QCOMPARE(client->error(), error);
    QCOMPARE(client->state(),
             error == QMqttClient::NoError ? QMqttClient::Connected : QMqttClient::Disconnected);
}

void TestQtMqttConnection::tellsWhatTheBrokerAnswered()
{
    const Client client = connectedTo(m_broker.port());
    QVERIFY(client);
    QVERIFY(client->serverConnectionProperties().isValid());
    QCOMPARE(client->serverConnectionProperties().reasonCode(), QMqtt::ReasonCode::Success);

    const Client nameless = clientOf(m_broker.port());
    nameless->setClientId({});
    QVERIFY(connectNow(*nameless));
    QVERIFY(nameless->serverConnectionProperties().clientIdAssigned());
    QVERIFY(!nameless->clientId().isEmpty());
}

void TestQtMqttConnection::isNotFooledByAnotherProtocol()
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

void TestQtMqttConnection::noticesADeadBroker()
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

void TestQtMqttConnection::noticesAGoodbye()
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

void TestQtMqttConnection::noticesItsSuccessor()
{
    const Client first = connectedTo(m_broker.port(), u"same-id"_s);
    QVERIFY(first);
    QSignalSpy disconnected(first.get(), &QMqttClient::disconnected);
    const Client second = clientOf(m_broker.port());
    second->setClientId(u"same-id"_s);
    second->connectToHost();
    QVERIFY(disconnected.wait(patience));
    QVERIFY(isSoon(*second, QMqttClient::Connected));
}

void TestQtMqttConnection::noticesASilentLink()
{
    TcpRelay relay(m_broker.port());
    const Client client = clientOf(relay.port());
    client->setKeepAlive(1);
    QVERIFY(connectNow(*client));
    QSignalSpy disconnected(client.get(), &QMqttClient::disconnected);
    const QByteArray ping("\xc0\x00", 2);
    WAIT_FOR(relay.fromClients().endsWith(ping));
    QCOMPARE(client->state(), QMqttClient::Connected);
    relay.freeze();
    QVERIFY(disconnected.wait(patience));
    QCOMPARE(client->error(), QMqttClient::ServerUnavailable);
}

void TestQtMqttConnection::reconnectsFromItsOwnSignal()
{
    TcpRelay relay(m_broker.port());
    const Client client = clientOf(relay.port());
    QVERIFY(connectNow(*client));
    connect(
        client.get(), &QMqttClient::disconnected, client.get(), [&client] { client->connectToHost(); },
        Qt::QueuedConnection);
    relay.cut();
    WAIT_FOR_EQUAL(relay.connections(), 2);
    QVERIFY(isSoon(*client, QMqttClient::Connected));
    client->disconnect();
}

void TestQtMqttConnection::letsGoOfASilentServer()
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
    WAIT_FOR_EQUAL(reached.count(), 2);
    client.reset(); // in the middle of it
    const QTcpSocket *first = silent.nextPendingConnection();
    const QTcpSocket *second = silent.nextPendingConnection();
    WAIT_FOR_EQUAL(first->state(), QAbstractSocket::UnconnectedState);
    WAIT_FOR_EQUAL(second->state(), QAbstractSocket::UnconnectedState);
}

void TestQtMqttConnection::letsGoOfAServerThatDoesNotAccept()
{
    QTcpServer full;
    full.setListenBacklogSize(1);
    QVERIFY(full.listen(QHostAddress::LocalHost));
    full.pauseAccepting();
    std::array<QTcpSocket, 4> crowd; // more than the queue holds, so that the rest hang in connect()
    for (QTcpSocket &socket : crowd)
        socket.connectToHost(QHostAddress::LocalHost, full.serverPort());
    WAIT_FOR(crowd[0].state() == QAbstractSocket::ConnectedState &&
             crowd[1].state() == QAbstractSocket::ConnectedState);
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

void TestQtMqttConnection::trustsTheRightAuthority()
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

void TestQtMqttConnection::refusesOverTls_data()
{
    QTest::addColumn<QString>("server");
    QTest::addColumn<QString>("authority");
    QTest::newRow("an authority we do not know") << u"here"_s << u"stranger"_s;
    QTest::newRow("one that the system does not know") << u"here"_s << QString();
    QTest::newRow("another host's certificate") << u"elsewhere"_s << u"ca"_s;
    QTest::newRow("no TLS at all") << QString() << u"ca"_s;
}

void TestQtMqttConnection::refusesOverTls()
{
    QFETCH(QString, server);
    QFETCH(QString, authority);
    const auto broker = server.isEmpty() ? nullptr : tlsBroker(m_certificates, server);
    QVERIFY(server.isEmpty() || broker);
    const Client client = clientOf(broker ? broker->port() : m_broker.port());
    QSignalSpy disconnected(client.get(), &QMqttClient::disconnected);
    client->connectToHostEncrypted(authority.isEmpty() ? QSslConfiguration::defaultConfiguration()
                                                       : trusting(m_certificates.certificates(authority)));
    QVERIFY(disconnected.wait(patience));
    QCOMPARE(client->error(), QMqttClient::TransportInvalid);
    QVERIFY(!client->transport()->errorString().isEmpty());
}

void TestQtMqttConnection::doesNotVerifyIfToldSo()
{
    const auto broker = tlsBroker(m_certificates, u"elsewhere"_s);
    QVERIFY(broker);
    QSslConfiguration configuration = QSslConfiguration::defaultConfiguration();
    configuration.setPeerVerifyMode(QSslSocket::VerifyNone);
    const Client client = clientOf(broker->port());
    client->connectToHostEncrypted(configuration);
    QVERIFY(isSoon(*client, QMqttClient::Connected));
}

void TestQtMqttConnection::carriesMuchOverTls()
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
    WAIT_FOR_EQUAL(received.count(), expected.size());
    QCOMPARE(payloads(received), expected);
}

void TestQtMqttConnection::presentsItsOwnCertificate()
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

QTEST_GUILESS_MAIN(TestQtMqttConnection)
#include "tst_qtmqttconnection.moc"
