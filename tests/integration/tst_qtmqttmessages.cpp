#include "integration/qtmqttclient.h"
#include "integration/tcprelay.h"
#include "support/waiting.h"

#include <QMqttTopicName>
#include <QtMqtt/QMqttConnectionProperties>
#include <QtMqtt/QMqttMessage>

using namespace Qt::Literals::StringLiterals;
using namespace cloudnode::test;
using cloudnode::patience;

/// What Qt MQTT's client carries: messages and their properties, wills, subscriptions and sessions.
class TestQtMqttMessages : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();

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

private:
    cloudnode::sandbox::BrokerProcess m_broker;
};

void TestQtMqttMessages::initTestCase()
{
    QVERIFY(start(m_broker));
}

void TestQtMqttMessages::carriesMessages_data()
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

void TestQtMqttMessages::carriesMessages()
{
    QFETCH(QMqttClient::ProtocolVersion, version);
    QFETCH(quint8, qos);
    QFETCH(QByteArray, payload);
    const Client client = clientOf(m_broker.port(), version);
    QVERIFY(connectNow(*client));
    const QString topic = uniqueTopic() + u"/ünï/コード"_s;
    QMqttSubscription *subscription = subscribeNow(*client, topic, 2);
    QVERIFY(subscription);
    QSignalSpy sent(client.get(), &QMqttClient::messageSent);
    QSignalSpy received(client.get(), &QMqttClient::messageReceived);
    QSignalSpy bySubscription(subscription, &QMqttSubscription::messageReceived);

    const qint32 id = client->publish(QMqttTopicName(topic), payload, qos);
    QCOMPARE(id > 0, qos > 0);
    WAIT_FOR_EQUAL(bySubscription.count(), 1);
    QCOMPARE(payloads(received), {payload});
    QCOMPARE(received.first().at(1).value<QMqttTopicName>(), QMqttTopicName(topic));
    const auto message = bySubscription.first().first().value<QMqttMessage>();
    QCOMPARE(message.payload(), payload);
    QCOMPARE(message.topic().name(), topic);
    QCOMPARE(message.qos(), qos);
    QCOMPARE(message.retain(), false);
    WAIT_FOR_EQUAL(sent.count(), qos > 0 ? 1 : 0);
    if (qos > 0)
        QCOMPARE(sent.first().first().toInt(), id);
}

void TestQtMqttMessages::refusesWhatCannotBeSent()
{
    const Client client = clientOf(m_broker.port());
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

void TestQtMqttMessages::keepsRetainedMessages()
{
    const Client client = connectedTo(m_broker.port());
    QVERIFY(client);
    const QString topic = uniqueTopic();
    QSignalSpy sent(client.get(), &QMqttClient::messageSent);
    client->publish(QMqttTopicName(topic), "kept", 1, true);
    QVERIFY(sent.wait(patience));

    const Client late = connectedTo(m_broker.port());
    QVERIFY(late);
    QMqttSubscription *subscription = late->subscribe(QMqttTopicFilter(topic), 1);
    QVERIFY(subscription);
    QSignalSpy received(subscription, &QMqttSubscription::messageReceived);
    QVERIFY(received.wait(patience));
    QCOMPARE(received.first().first().value<QMqttMessage>().payload(), "kept");
    QVERIFY(received.first().first().value<QMqttMessage>().retain());
}

void TestQtMqttMessages::publishesTheWill()
{
    const Client heir = connectedTo(m_broker.port());
    QVERIFY(heir);
    const QString topic = uniqueTopic();
    QVERIFY(subscribeNow(*heir, topic));
    QSignalSpy received(heir.get(), &QMqttClient::messageReceived);

    TcpRelay relay(m_broker.port());
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

    const Client late = connectedTo(m_broker.port());
    QVERIFY(late);
    QSignalSpy kept(late.get(), &QMqttClient::messageReceived);
    QVERIFY(late->subscribe(QMqttTopicFilter(topic), 1));
    QVERIFY(kept.wait(patience));
    QCOMPARE(payloads(kept), {"gone"});
}

void TestQtMqttMessages::keepsTheWillAfterAGoodbye()
{
    const Client heir = connectedTo(m_broker.port());
    QVERIFY(heir);
    const QString topic = uniqueTopic();
    QVERIFY(subscribeNow(*heir, topic));
    QSignalSpy received(heir.get(), &QMqttClient::messageReceived);

    Client client = clientOf(m_broker.port());
    client->setWillTopic(topic);
    client->setWillMessage("gone");
    QVERIFY(connectNow(*client));
    client->disconnectFromHost();
    QVERIFY(connectNow(*client)); // the same broker, so the end before has been dealt with
    client.reset();               // says goodbye as well
    const Client last = connectedTo(m_broker.port());
    QVERIFY(last);
    last->publish(QMqttTopicName(topic), "still here", 1);
    QVERIFY(received.wait(patience));
    QCOMPARE(payloads(received), {"still here"});
}

void TestQtMqttMessages::restoresASession()
{
    QFETCH(QMqttClient::ProtocolVersion, version);
    const QString topic = uniqueTopic();
    const QString id = u"session-%1"_s.arg(version);
    const auto comeBack = [&, this] {
        Client client = clientOf(m_broker.port(), version);
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

    const Client other = connectedTo(m_broker.port());
    QVERIFY(other);
    QSignalSpy sent(other.get(), &QMqttClient::messageSent);
    for (const char *payload : {"one", "two", "three"})
        other->publish(QMqttTopicName(topic), payload, 1);
    WAIT_FOR_EQUAL(sent.count(), 3);

    client = comeBack();
    QSignalSpy restoredAgain(client.get(), &QMqttClient::brokerSessionRestored);
    QSignalSpy received(client.get(), &QMqttClient::messageReceived);
    QVERIFY(connectNow(*client));
    QCOMPARE(restoredAgain.count(), 1);
    WAIT_FOR_EQUAL(payloads(received), (QList<QByteArray>{"one", "two", "three"}));
    QVERIFY(subscribeNow(*client, topic)); // nothing comes twice
    QCOMPARE(received.count(), 3);
}

void TestQtMqttMessages::forgetsACleanSession()
{
    const QString topic = uniqueTopic();
    Client client = connectedTo(m_broker.port(), u"forgetful"_s);
    QVERIFY(client);
    QVERIFY(subscribeNow(*client, topic));
    client->disconnectFromHost();
    QSignalSpy restored(client.get(), &QMqttClient::brokerSessionRestored);
    QVERIFY(connectNow(*client));
    QCOMPARE(restored.count(), 0);
}

void TestQtMqttMessages::subscribesByFilter()
{
    const Client client = connectedTo(m_broker.port());
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
    WAIT_FOR_EQUAL(last(ofAll), "third");
    QCOMPARE(ofOneLevel.count() > 0, true);
    QCOMPARE(last(ofOneLevel), "second");
}

void TestQtMqttMessages::sharesASubscription()
{
    const QString topic = uniqueTopic();
    const Client first = connectedTo(m_broker.port());
    const Client second = connectedTo(m_broker.port());
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
    WAIT_FOR_EQUAL(ofFirst.count() + ofSecond.count(), many);
    QVERIFY(ofFirst.count() > 0 && ofSecond.count() > 0);
}

void TestQtMqttMessages::givesOneSubscriptionAFilter()
{
    const Client client = connectedTo(m_broker.port());
    QVERIFY(client);
    QMqttSubscription *subscription = subscribeNow(*client, u"same/filter"_s);
    QVERIFY(subscription);
    QCOMPARE(client->subscribe(QMqttTopicFilter(u"same/filter"_s), 1), subscription);
    QCOMPARE(subscription->qos(), 1);
    QCOMPARE(subscription->reasonCode(), QMqtt::ReasonCode::SubscriptionQoSLevel1);
}

void TestQtMqttMessages::unsubscribes()
{
    const Client client = connectedTo(m_broker.port());
    QVERIFY(client);
    const QString base = uniqueTopic();
    QMqttSubscription *wanted = subscribeNow(*client, base + u"/wanted"_s);
    QMqttSubscription *unwanted = subscribeNow(*client, base + u"/unwanted"_s);
    QVERIFY(wanted && unwanted);
    unwanted->unsubscribe();
    WAIT_FOR_EQUAL(unwanted->state(), QMqttSubscription::Unsubscribed);
    QSignalSpy received(client.get(), &QMqttClient::messageReceived);
    client->publish(QMqttTopicName(base + u"/unwanted"_s), "no", 1);
    client->publish(QMqttTopicName(base + u"/wanted"_s), "yes", 1);
    QVERIFY(received.wait(patience));
    QCOMPARE(payloads(received), {"yes"});
    client->unsubscribe(wanted->topic());
    WAIT_FOR_EQUAL(wanted->state(), QMqttSubscription::Unsubscribed);
}

void TestQtMqttMessages::carriesProperties()
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

    const Client client = connectedTo(m_broker.port());
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

void TestQtMqttMessages::carriesPropertiesOfTheWill()
{
    const Client heir = connectedTo(m_broker.port());
    QVERIFY(heir);
    const QString topic = uniqueTopic();
    QMqttSubscription *subscription = subscribeNow(*heir, topic);
    QVERIFY(subscription);
    QSignalSpy received(subscription, &QMqttSubscription::messageReceived);

    TcpRelay relay(m_broker.port());
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

void TestQtMqttMessages::keepsTheOrderOfMany()
{
    const Client client = connectedTo(m_broker.port());
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
    WAIT_FOR_EQUAL(sent.count(), expected.size());
    WAIT_FOR_EQUAL(received.count(), expected.size());
    QCOMPARE(payloads(received), expected);
}

void TestQtMqttMessages::answersFromItsOwnSignal()
{
    const Client client = connectedTo(m_broker.port());
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
    WAIT_FOR_EQUAL(payloads(received), (QList<QByteArray>{"?", "42"}));
}

void TestQtMqttMessages::disconnectsFromItsOwnSignal()
{
    const Client client = connectedTo(m_broker.port());
    QVERIFY(client);
    const QString topic = uniqueTopic();
    QVERIFY(subscribeNow(*client, topic));
    connect(client.get(), &QMqttClient::messageReceived, client.get(), &QMqttClient::disconnectFromHost);
    client->publish(QMqttTopicName(topic), "stop", 1);
    QVERIFY(isSoon(*client, QMqttClient::Disconnected));
    QVERIFY(connectNow(*client));
}

QTEST_GUILESS_MAIN(TestQtMqttMessages)
#include "tst_qtmqttmessages.moc"
