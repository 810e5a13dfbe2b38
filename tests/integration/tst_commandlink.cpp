#include "integration/linktest.h"
#include "integration/tcprelay.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSignalSpy>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;
using namespace cloudnode::test;
using cloudnode::CommandLink;
using cloudnode::LinkSettings;
using cloudnode::patience;

namespace {

/// A configuration of mosquitto's dynamic security plugin under which everyone may subscribe to `topics` and
/// to nothing else. (Its ACL files do not refuse subscriptions.)
QStringList allowingOnly(const QStringList &topics, const QTemporaryDir &folder)
{
    QJsonArray acls;
    for (const QString &topic : topics)
        acls << QJsonObject{{u"acltype"_s, u"subscribeLiteral"_s}, {u"topic"_s, topic}, {u"allow"_s, true}};
    const QJsonObject roles{{u"rolename"_s, u"reader"_s}, {u"acls"_s, acls}};
    const QJsonObject group{{u"groupname"_s, u"all"_s},
                            {u"roles"_s, QJsonArray{QJsonObject{{u"rolename"_s, u"reader"_s}}}}};
    const QJsonObject access{{u"publishClientSend"_s, true},
                             {u"publishClientReceive"_s, true},
                             {u"subscribe"_s, false},
                             {u"unsubscribe"_s, true}};
    const QJsonObject all{{u"defaultACLAccess"_s, access},
                          {u"anonymousGroup"_s, u"all"_s},
                          {u"groups"_s, QJsonArray{group}},
                          {u"roles"_s, QJsonArray{roles}},
                          {u"clients"_s, QJsonArray()}};
    QFile file(folder.filePath(u"security.json"_s));
    if (!file.open(QIODevice::WriteOnly))
        return {};
    file.write(QJsonDocument(all).toJson());
    return {u"plugin "_s + QStringLiteral(MOSQUITTO_DYNAMIC_SECURITY),
            u"plugin_opt_config_file "_s + file.fileName()};
}

} // namespace

/// Commands come in and messages go out, whatever becomes of the broker.
class TestCommandLink : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();

    void comesUpAndCloses();
    void comesBackAfterTheBrokerDied();
    void bringsCommandsFromWhileItWasDown();
    void bringsACommandOnce();
    void leavesOutTopicsOfEarlierSettings();
    void changesToOtherSettings();
    void worksWithoutTheSlugTopic();
    void needsTheFirstTopic();

    void publishesAndIsAcknowledged();
    void getsItsLastWordsOut();
    void publishesNothingWhileDown();
    void neverAcknowledgesWhatADropLost();
    void warnsOfARefusedMessage();
    void warnsOfAMessageThatIsTooLarge();
    void publishesItsWillUnlessClosed();

    void speaksTheOlderMqttIfItMust();

private:
    std::unique_ptr<BrokerProcess> m_broker;
};

void TestCommandLink::initTestCase()
{
    m_broker = std::make_unique<BrokerProcess>();
    QVERIFY(start(*m_broker));
}

void TestCommandLink::comesUpAndCloses()
{
    CommandLink link(hasty);
    QSignalSpy up(&link, &CommandLink::up);
    QSignalSpy down(&link, &CommandLink::down);
    QSignalSpy warnings(&link, &CommandLink::warning);
    QVERIFY(!link.isUp());
    link.open(settingsFor(m_broker->port()));
    QVERIFY(up.wait(patience));
    QVERIFY(link.isUp());
    QCOMPARE(link.failures(), 0);
    link.close();
    QVERIFY(!link.isUp());
    QCOMPARE(down.count(), 0);
    QCOMPARE(warnings.count(), 0);
}

void TestCommandLink::comesBackAfterTheBrokerDied()
{
    BrokerProcess broker;
    QVERIFY(start(broker));
    const LinkSettings settings = settingsFor(broker.port());
    CommandLink link(hasty);
    QSignalSpy up(&link, &CommandLink::up);
    QSignalSpy down(&link, &CommandLink::down);
    QSignalSpy received(&link, &CommandLink::received);
    QVERIFY(comesUp(link, settings));
    broker.kill();
    WAIT_FOR(link.failures() > 1); // it does not give up
    QVERIFY(!link.isUp());
    QVERIFY(errorIn(down).what.contains(u"lost"_s));
    QCOMPARE(errorIn(down).where, u"127.0.0.1:%1"_s.arg(broker.port()));
    up.clear();
    QVERIFY(start(broker));
    QVERIFY(link.isUp() || up.wait(patience));
    QCOMPARE(link.failures(), 0);

    LinkPeer requester(broker.port());
    QVERIFY(requester.isReady());
    for (const QString &topic : settings.commandTopics) {
        QVERIFY(requester.send(topic, "hello"));
        WAIT_FOR_EQUAL(received.count(), 1);
        QCOMPARE(received.takeFirst().at(1).toString(), topic);
    }
}

void TestCommandLink::bringsCommandsFromWhileItWasDown()
{
    TcpRelay relay(m_broker->port());
    const LinkSettings settings = settingsFor(relay.port());
    CommandLink link(hasty);
    QSignalSpy up(&link, &CommandLink::up);
    QSignalSpy down(&link, &CommandLink::down);
    QSignalSpy received(&link, &CommandLink::received);
    QVERIFY(comesUp(link, settings));
    relay.refuse();
    QVERIFY(down.wait(patience));
    LinkPeer requester(m_broker->port());
    QVERIFY(requester.isReady());
    QVERIFY(requester.send(settings.commandTopics.first(), "one"));
    QVERIFY(requester.send(settings.commandTopics.last(), "two"));
    QVERIFY(requester.send(settings.commandTopics.first(), "three"));
    relay.acceptAgain();
    QVERIFY(up.count() == 2 || up.wait(patience));
    QVERIFY(requester.send(settings.commandTopics.first(), "four"));
    WAIT_FOR(payloads(received).contains("four"));
    QCOMPARE(payloads(received), (QList<QByteArray>{"one", "two", "three", "four"}));
}

void TestCommandLink::bringsACommandOnce()
{
    LinkSettings settings = settingsFor(m_broker->port());
    settings.commandTopics << settings.commandTopics.first(); // even if told so twice
    CommandLink link(hasty);
    QSignalSpy received(&link, &CommandLink::received);
    QSignalSpy up(&link, &CommandLink::up);
    QVERIFY(comesUp(link, settings));
    LinkPeer requester(m_broker->port());
    QVERIFY(requester.isReady());
    QVERIFY(requester.send(settings.commandTopics.at(0), "by uuid"));
    QVERIFY(requester.send(settings.commandTopics.at(1), "by slug"));
    QVERIFY(requester.send(settings.commandTopics.at(0), "last"));
    WAIT_FOR(payloads(received).contains("last"));
    QCOMPARE(payloads(received), (QList<QByteArray>{"by uuid", "by slug", "last"}));
    QCOMPARE(up.count(), 1);
}

void TestCommandLink::leavesOutTopicsOfEarlierSettings()
{
    LinkSettings settings = settingsFor(m_broker->port());
    const QString former = settings.commandTopics.last();
    {
        CommandLink before(hasty);
        QSignalSpy received(&before, &CommandLink::received);
        QVERIFY(comesUp(before, settings));
        LinkPeer requester(m_broker->port());
        QVERIFY(requester.isReady() && requester.send(former, "seen"));
        WAIT_FOR_EQUAL(payloads(received), QList<QByteArray>{"seen"}); // so it is subscribed
    }
    settings.commandTopics.removeLast();
    CommandLink link(hasty);
    QSignalSpy received(&link, &CommandLink::received);
    QVERIFY(comesUp(link, settings));
    LinkPeer requester(m_broker->port());
    QVERIFY(requester.isReady());
    QVERIFY(requester.send(former, "not ours any more"));
    QVERIFY(requester.send(settings.commandTopics.first(), "ours"));
    WAIT_FOR(!received.isEmpty());
    QCOMPARE(payloads(received), {"ours"});
}

void TestCommandLink::changesToOtherSettings()
{
    CommandLink link(hasty);
    QSignalSpy down(&link, &CommandLink::down);
    QSignalSpy received(&link, &CommandLink::received);
    QVERIFY(comesUp(link, settingsFor(m_broker->port())));
    const LinkSettings others = settingsFor(m_broker->port());
    QVERIFY(comesUp(link, others));
    QCOMPARE(down.count(), 1);
    LinkPeer requester(m_broker->port());
    QVERIFY(requester.isReady());
    QVERIFY(requester.send(others.commandTopics.first(), "hello"));
    WAIT_FOR_EQUAL(received.count(), 1);
}

void TestCommandLink::worksWithoutTheSlugTopic()
{
    LinkSettings settings = settingsFor(0);
    QTemporaryDir folder;
    BrokerProcess broker({.port = 0, .extraLines = allowingOnly({settings.commandTopics.first()}, folder)});
    QVERIFY(start(broker));
    settings.port = broker.port();
    CommandLink link(hasty);
    QSignalSpy warnings(&link, &CommandLink::warning);
    QSignalSpy down(&link, &CommandLink::down);
    QSignalSpy received(&link, &CommandLink::received);
    QVERIFY(comesUp(link, settings));
    WAIT_FOR_EQUAL(warnings.count(), 1);
    QCOMPARE(errorIn(warnings).where, settings.commandTopics.last());
    QVERIFY(errorIn(warnings).remedy.contains(settings.commandTopics.first()));
    LinkPeer requester(broker.port());
    QVERIFY(requester.isReady());
    QVERIFY(requester.send(settings.commandTopics.first(), "hello"));
    WAIT_FOR_EQUAL(received.count(), 1);
    QCOMPARE(down.count(), 0);
}

void TestCommandLink::needsTheFirstTopic()
{
    LinkSettings settings = settingsFor(0);
    QTemporaryDir folder;
    BrokerProcess broker({.port = 0, .extraLines = allowingOnly({settings.commandTopics.last()}, folder)});
    QVERIFY(start(broker));
    settings.port = broker.port();
    CommandLink link(hasty);
    QSignalSpy up(&link, &CommandLink::up);
    QSignalSpy down(&link, &CommandLink::down);
    link.open(settings);
    QVERIFY(down.wait(patience));
    QVERIFY(down.wait(patience)); // it tries again
    QCOMPARE(errorIn(down).where, settings.commandTopics.first());
    QVERIFY(!errorIn(down).remedy.isEmpty());
    QCOMPARE(up.count(), 0);
    QVERIFY(link.failures() >= 2);
}

void TestCommandLink::publishesAndIsAcknowledged()
{
    CommandLink link(hasty);
    QSignalSpy acknowledged(&link, &CommandLink::acknowledged);
    QVERIFY(comesUp(link, settingsFor(m_broker->port())));
    LinkPeer requester(m_broker->port());
    QVERIFY(requester.isReady() && requester.listen(u"answer/#"_s));
    QSignalSpy received(&requester.client(), &QMqttClient::messageReceived);
    const auto first = link.publish(u"answer/one"_s, "1");
    const auto second = link.publish(u"answer/two"_s, "2");
    QVERIFY(first && second && *first != *second);
    WAIT_FOR_EQUAL(acknowledged.count(), 2);
    QCOMPARE(acknowledged.at(0).first().toInt(), *first);
    QCOMPARE(acknowledged.at(1).first().toInt(), *second);
    WAIT_FOR_EQUAL(payloads(received), (QList<QByteArray>{"1", "2"}));
}

void TestCommandLink::getsItsLastWordsOut()
{
    LinkSettings settings = settingsFor(m_broker->port());
    settings.willTopic = u"last/"_s + settings.clientId;
    settings.willPayload = "died";
    settings.willDelay = 0s;
    LinkPeer requester(m_broker->port());
    QVERIFY(requester.isReady() && requester.listen(settings.willTopic));
    QSignalSpy received(&requester.client(), &QMqttClient::messageReceived);
    CommandLink link(hasty);
    QVERIFY(comesUp(link, settings));
    QVERIFY(link.publish(settings.willTopic, "leaving"));
    link.close();
    WAIT_FOR(!received.isEmpty());
    QVERIFY(requester.send(settings.willTopic, "end"));
    WAIT_FOR_EQUAL(payloads(received), (QList<QByteArray>{"leaving", "end"}));
}

void TestCommandLink::publishesNothingWhileDown()
{
    CommandLink link(hasty);
    QVERIFY(!link.publish(u"answer"_s, "too early"));
    QVERIFY(comesUp(link, settingsFor(m_broker->port())));
    link.close();
    QVERIFY(!link.publish(u"answer"_s, "too late"));
}

void TestCommandLink::neverAcknowledgesWhatADropLost()
{
    TcpRelay relay(m_broker->port());
    CommandLink link(hasty);
    QSignalSpy up(&link, &CommandLink::up);
    QSignalSpy down(&link, &CommandLink::down);
    QSignalSpy acknowledged(&link, &CommandLink::acknowledged);
    QVERIFY(comesUp(link, settingsFor(relay.port())));
    relay.freeze();
    const auto lost = link.publish(u"answer"_s, "lost");
    QVERIFY(lost);
    relay.cut();
    QVERIFY(down.wait(patience));
    QVERIFY(up.count() == 2 || up.wait(patience));
    const auto kept = link.publish(u"answer"_s, "kept");
    QVERIFY(kept && *kept != *lost);
    QVERIFY(acknowledged.wait(patience));
    QCOMPARE(acknowledged.count(), 1);
    QCOMPARE(acknowledged.first().first().toInt(), *kept);
}

void TestCommandLink::warnsOfARefusedMessage()
{
    QTemporaryDir folder;
    QFile acl(folder.filePath(u"acl"_s));
    QVERIFY(acl.open(QIODevice::WriteOnly));
    acl.write("topic readwrite node/#\ntopic readwrite allowed/#\n");
    acl.close();
    BrokerProcess broker({.port = 0, .extraLines = {u"acl_file "_s + acl.fileName()}});
    QVERIFY(start(broker));
    CommandLink link(hasty);
    QSignalSpy acknowledged(&link, &CommandLink::acknowledged);
    QSignalSpy warnings(&link, &CommandLink::warning);
    QVERIFY(comesUp(link, settingsFor(broker.port())));
    QVERIFY(link.publish(u"forbidden"_s, "no"));
    const auto allowed = link.publish(u"allowed/topic"_s, "yes");
    QVERIFY(acknowledged.wait(patience));
    QCOMPARE(acknowledged.count(), 1);
    QCOMPARE(acknowledged.first().first().toInt(), allowed.value());
    QCOMPARE(warnings.count(), 1);
    QCOMPARE(errorIn(warnings).where, u"forbidden"_s);
}

/// A client that sends it all the same is thrown out by the broker.
void TestCommandLink::warnsOfAMessageThatIsTooLarge()
{
    BrokerProcess small({.port = 0, .extraLines = {u"max_packet_size 2000"_s}});
    QVERIFY(start(small));
    CommandLink link(hasty);
    QSignalSpy warnings(&link, &CommandLink::warning);
    QSignalSpy down(&link, &CommandLink::down);
    QSignalSpy acknowledged(&link, &CommandLink::acknowledged);
    QVERIFY(comesUp(link, settingsFor(small.port())));
    QVERIFY(!link.publish(u"answer"_s, QByteArray(2000, 'x')));
    QCOMPARE(warnings.count(), 1);
    QVERIFY(link.publish(u"answer"_s, QByteArray(1900, 'x')));
    WAIT_FOR_EQUAL(acknowledged.count(), 1);
    QCOMPARE(down.count(), 0);
}

void TestCommandLink::publishesItsWillUnlessClosed()
{
    TcpRelay relay(m_broker->port());
    LinkSettings settings = settingsFor(relay.port());
    settings.willTopic = u"will/"_s + settings.clientId;
    settings.willPayload = "gone";
    settings.willDelay = 0s;
    LinkPeer requester(m_broker->port());
    QVERIFY(requester.isReady() && requester.listen(settings.willTopic));
    QSignalSpy received(&requester.client(), &QMqttClient::messageReceived);

    CommandLink link(hasty);
    QVERIFY(comesUp(link, settings));
    link.close();
    QVERIFY(comesUp(link, settings)); // the broker has dealt with the end before
    QVERIFY(requester.send(settings.willTopic, "still here"));
    WAIT_FOR_EQUAL(payloads(received), QList<QByteArray>{"still here"});
    relay.refuse();
    WAIT_FOR_EQUAL(payloads(received), (QList<QByteArray>{"still here", "gone"}));
}

void TestCommandLink::speaksTheOlderMqttIfItMust()
{
    QTcpServer broker; // knows MQTT 3.1.1, and only as much of it as this takes
    QVERIFY(broker.listen(QHostAddress::LocalHost));
    connect(&broker, &QTcpServer::newConnection, &broker, [&broker] {
        QTcpSocket *socket = broker.nextPendingConnection();
        connect(socket, &QTcpSocket::readyRead, socket, [socket] {
            const QByteArray packet = socket->readAll();
            const qsizetype version = packet.indexOf("MQTT") + 4;
            if (packet.startsWith('\x10') && packet.at(version) == 5) {
                socket->write(QByteArray("\x20\x02\x00\x01", 4));
                socket->disconnectFromHost();
            } else if (packet.startsWith('\x10')) {
                socket->write(QByteArray("\x20\x02\x00\x00", 4));
            } else if (packet.startsWith('\x82')) {
                socket->write("\x90\x03" + packet.mid(2, 2) + '\x01');
            }
        });
    });
    LinkSettings settings = settingsFor(broker.serverPort());
    settings.commandTopics.removeLast();
    CommandLink link(hasty);
    QSignalSpy down(&link, &CommandLink::down);
    QVERIFY(comesUp(link, settings));
    QCOMPARE(down.count(), 1);
}

QTEST_GUILESS_MAIN(TestCommandLink)
#include "tst_commandlink.moc"
