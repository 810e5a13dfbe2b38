#include "cloud/commandlink.h"
#include "faults/mqttproxy.h"
#include "faults/stage.h"

#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTest>
#include <QTimer>
#include <QUuid>

#include <algorithm>

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;
using namespace cloudnode;
using namespace cloudnode::faults;
using Fate = MqttProxy::Fate;
using From = MqttProxy::From;
using Kind = Job::Kind;

constexpr int logsUnderWay = 4; // at most so many does a cut lose the answer to

/// What a network does to the line between node and broker.
class TestLine : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();

    // The link alone, in a hurry.
    void spacesItsAttempts();
    void dialsAgainWhenNothingIsAcknowledged();
    void dialsAgainWhenAnAnswerVanishes_data();
    void dialsAgainWhenAnAnswerVanishes();
    void twoOfOneIdentityLeaveEachOtherTime();

    // A whole node.
    void losesNothingWhateverHappensToPackets();

private:
    LinkSettings settingsFor(quint16 port) const;

    std::unique_ptr<sandbox::BrokerProcess> m_broker;
};

namespace {

/// What a wait may be shorter than planned: Qt's coarse timers come up to a twentieth early.
qint64 leastOf(std::chrono::milliseconds step)
{
    return step.count() / 2 * 9 / 10;
}

} // namespace

void TestLine::initTestCase()
{
    m_broker = std::make_unique<sandbox::BrokerProcess>();
    QSignalSpy ready(m_broker.get(), &sandbox::BrokerProcess::ready);
    m_broker->start();
    QVERIFY(ready.wait(Stage::patience));
}

LinkSettings TestLine::settingsFor(quint16 port) const
{
    LinkSettings settings;
    settings.host = u"127.0.0.1"_s;
    settings.port = port;
    settings.clientId = QUuid::createUuid().toString(QUuid::WithoutBraces);
    settings.commandTopics = {u"node/%1/command"_s.arg(settings.clientId)};
    return settings;
}

void TestLine::spacesItsAttempts()
{
    constexpr int attempts = 12;
    constexpr auto first = 20ms;
    constexpr auto longest = 320ms;
    MqttProxy proxy(m_broker->port());
    proxy.withhold(true);
    QElapsedTimer clock;
    clock.start();
    QList<qint64> moments;
    connect(&proxy, &MqttProxy::attempted, this, [&] { moments << clock.elapsed(); });
    CommandLink link({.firstRetry = first, .longestRetry = longest});
    QSignalSpy up(&link, &CommandLink::up);
    link.open(settingsFor(proxy.port()));
    QTRY_VERIFY_WITH_TIMEOUT(moments.size() >= attempts, Stage::patience);
    QCOMPARE(up.count(), 0);
    QList<qint64> pauses;
    std::chrono::milliseconds step = first;
    for (qsizetype i = 1; i < attempts; ++i) {
        pauses << moments.at(i) - moments.at(i - 1);
        QVERIFY2(pauses.last() >= leastOf(step), qPrintable(u"pause %1: %2 ms"_s.arg(i).arg(pauses.last())));
        step = std::min<std::chrono::milliseconds>(step * 2, longest);
    }
    const auto [shortest, longestSeen] = std::minmax_element(pauses.cbegin() + 5, pauses.cend());
    QVERIFY2(*shortest != *longestSeen, "they are all alike: no chance in them");

    // A mere connection is no reason to be hasty again.
    proxy.withhold(false);
    QTRY_COMPARE_WITH_TIMEOUT(up.count(), 1, Stage::patience);
    moments.clear();
    const qint64 cutAt = clock.elapsed();
    proxy.cut();
    QTRY_VERIFY_WITH_TIMEOUT(!moments.isEmpty(), Stage::patience);
    QVERIFY(moments.first() - cutAt >= leastOf(longest));
}

void TestLine::dialsAgainWhenNothingIsAcknowledged()
{
    constexpr auto limit = 300ms;
    const auto dropAcknowledgements = [](From, const QByteArray &packet) {
        return typeOf(packet) == PacketType::Puback ? Fate::Drop : Fate::Pass;
    };
    MqttProxy proxy(m_broker->port());
    CommandLink link({.firstRetry = 10ms, .longestRetry = 100ms, .acknowledgedWithin = limit});
    QSignalSpy up(&link, &CommandLink::up);
    QSignalSpy down(&link, &CommandLink::down);
    QSignalSpy acknowledged(&link, &CommandLink::acknowledged);
    link.open(settingsFor(proxy.port()));
    QTRY_COMPARE_WITH_TIMEOUT(up.count(), 1, Stage::patience);
    proxy.decide(dropAcknowledgements);
    QVERIFY(link.publish(u"answer"_s, "lost"));
    QTRY_COMPARE_WITH_TIMEOUT(down.count(), 1, Stage::patience);
    QVERIFY(down.first().first().value<Error>().what.contains(u"acknowledged"_s));
    proxy.decide({});
    QTRY_COMPARE_WITH_TIMEOUT(up.count(), 2, Stage::patience);
    const auto ticket = link.publish(u"answer"_s, "kept");
    QVERIFY(ticket);
    QTRY_COMPARE_WITH_TIMEOUT(acknowledged.count(), 1, Stage::patience);
    QCOMPARE(acknowledged.first().first().toInt(), *ticket);

    // With nothing to wait for it is in no hurry: one that waits, with twice its patience, goes down first.
    MqttProxy lossy(m_broker->port());
    lossy.decide(dropAcknowledgements);
    CommandLink waiting({.firstRetry = 10ms, .longestRetry = 100ms, .acknowledgedWithin = 2 * limit});
    QSignalSpy waitingUp(&waiting, &CommandLink::up);
    QSignalSpy waitingDown(&waiting, &CommandLink::down);
    waiting.open(settingsFor(lossy.port()));
    QTRY_COMPARE_WITH_TIMEOUT(waitingUp.count(), 1, Stage::patience);
    QVERIFY(waiting.publish(u"answer"_s, "lost"));
    QTRY_COMPARE_WITH_TIMEOUT(waitingDown.count(), 1, Stage::patience);
    QVERIFY(link.isUp());
    QCOMPARE(down.count(), 1);
}

void TestLine::dialsAgainWhenAnAnswerVanishes_data()
{
    QTest::addColumn<PacketType>("answer");
    QTest::newRow("to the greeting") << PacketType::Connack;
    QTest::newRow("to the subscription") << PacketType::Suback;
}

void TestLine::dialsAgainWhenAnAnswerVanishes()
{
    QFETCH(PacketType, answer);
    MqttProxy proxy(m_broker->port());
    proxy.decide([answer](From, const QByteArray &packet) {
        return typeOf(packet) == answer ? Fate::Drop : Fate::Pass;
    });
    CommandLink link({.firstRetry = 10ms, .longestRetry = 100ms, .attemptLimit = 300ms});
    QSignalSpy up(&link, &CommandLink::up);
    link.open(settingsFor(proxy.port()));
    QTRY_VERIFY_WITH_TIMEOUT(link.failures() >= 2, Stage::patience);
    QCOMPARE(up.count(), 0);
    proxy.decide({});
    QTRY_COMPARE_WITH_TIMEOUT(up.count(), 1, Stage::patience);
}

/// Each connects and so throws the other out; if both came back at once it would never end.
void TestLine::twoOfOneIdentityLeaveEachOtherTime()
{
    constexpr auto longest = 200ms;
    MqttProxy proxy(m_broker->port());
    const LinkSettings settings = settingsFor(proxy.port());
    CommandLink one({.firstRetry = 1ms, .longestRetry = longest});
    CommandLink two({.firstRetry = 1ms, .longestRetry = longest});
    one.open(settings);
    two.open(settings);
    QTRY_VERIFY_WITH_TIMEOUT(proxy.attempts() >= 25, Stage::patience); // by then both have slowed down
    QElapsedTimer clock;
    clock.start();
    const int before = proxy.attempts();
    QTRY_VERIFY_WITH_TIMEOUT(proxy.attempts() >= before + 20, Stage::patience);
    QVERIFY2(clock.elapsed() >= 9 * leastOf(longest), qPrintable(QString::number(clock.elapsed())));
}

void TestLine::losesNothingWhateverHappensToPackets()
{
    Stage stage(u"packets"_s);
    std::unique_ptr<MqttProxy> proxy;
    const auto opened = stage.open([&](quint16 brokerPort) {
        proxy = std::make_unique<MqttProxy>(brokerPort);
        return proxy->port();
    });
    QVERIFY2(opened, qPrintable(opened ? QString() : opened.error().text()));
    int untilMischief = 5;
    proxy->decide([&](From, const QByteArray &packet) {
        if (--untilMischief > 0)
            return isRepeatable(packet) && stage.chance().bounded(8) == 0 ? Fate::Repeat : Fate::Pass;
        untilMischief = 1 + stage.chance().bounded(12);
        static constexpr Fate fates[] = {Fate::Drop, Fate::Delay, Fate::Delay, Fate::CutBefore,
                                         Fate::CutAfter};
        const Fate fate = fates[stage.chance().bounded(5)];
        if (fate == Fate::Drop) // a line that loses one packet will not do for long
            QTimer::singleShot(100ms, proxy.get(), &MqttProxy::cut);
        return fate;
    });
    const auto mischief = [&] {
        return proxy->count(Fate::Drop) + proxy->count(Fate::CutBefore) + proxy->count(Fate::CutAfter);
    };
    const int wanted = Stage::isLong() ? 150 : 10;
    QVERIFY(QTest::qWaitFor(
        [&] {
            stage.keepBusy({Kind::Plain, Kind::Unended, Kind::Suicide, Kind::Long});
            return mischief() >= wanted;
        },
        Stage::isLong() ? 10 * Stage::patience : Stage::patience));
    proxy->decide({});
    proxy->cut(); // whatever waits for a packet that was lost
    const Reckoning reckoning = stage.finish();
    qInfo().noquote() << Stage::report(
        u"%1 packets dropped, %2 delayed, %3 repeated, %4 lines cut"_s.arg(proxy->count(Fate::Drop))
            .arg(proxy->count(Fate::Delay))
            .arg(proxy->count(Fate::Repeat))
            .arg(proxy->count(Fate::CutBefore) + proxy->count(Fate::CutAfter)),
        reckoning);
    QVERIFY(reckoning.isClean());
    // Over MQTT the logs take the same line, and what was on its way when it was cut is sent again.
    const bool logsAreSafe = stage.sandbox().controlPlane() == u"rest"_s;
    QVERIFY(reckoning.logRewinds <= (logsAreSafe ? 0 : (mischief() + 1) * logsUnderWay));
}

QTEST_GUILESS_MAIN(TestLine)
#include "tst_line.moc"
