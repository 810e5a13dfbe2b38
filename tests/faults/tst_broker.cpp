#include "faults/mqttproxy.h"
#include "faults/stage.h"

#include <QSignalSpy>
#include <QTcpServer>
#include <QTest>

#include <csignal>

using namespace Qt::Literals::StringLiterals;
using namespace cloudnode;
using namespace cloudnode::faults;
using Kind = Job::Kind;

/// What a broker can do to its nodes. Jobs run on meanwhile, and their results arrive when it is well again.
class TestBroker : public QObject {
    Q_OBJECT

private slots:
    void diesAgainAndAgain();
    void hangs();
    void refusesUs_data();
    void refusesUs();
    void saysNothing();

private:
    bool say(Stage &stage, const QString &words, int times = 1);
};

namespace {

const QList<Kind> brief = {Kind::Plain, Kind::Unended, Kind::Suicide, Kind::Long};

bool isReadyAgain(Stage &stage, qsizetype times)
{
    return QTest::qWaitFor([&] { return stage.node().log().count(u" ready: "_s) >= times; },
                           Stage::patience) &&
           QTest::qWaitFor([&] { return stage.customer().isListening(); }, Stage::patience);
}

} // namespace

/// Waits until the node's log has these words.
bool TestBroker::say(Stage &stage, const QString &words, int times)
{
    return QTest::qWaitFor([&] { return stage.node().log().count(words) >= times; }, Stage::patience);
}

void TestBroker::diesAgainAndAgain()
{
    Stage stage(u"broker deaths"_s);
    const auto opened = stage.open();
    QVERIFY2(opened, qPrintable(opened ? QString() : opened.error().text()));
    const int deaths = Stage::isLong() ? 50 : 4;
    for (int i = 1; i <= deaths; ++i) {
        stage.keepBusy(brief);
        QTest::qWait(stage.chance().bounded(300)); // anywhere in the jobs' lives
        stage.broker().kill();
        QVERIFY(stage.startBroker());
        QVERIFY(isReadyAgain(stage, i + 1));
        // What it had not yet written to its disk it has forgotten: messages that it had acknowledged, too.
        stage.customer().catchUp();
        stage.customer().sendUnansweredAgain();
    }
    const Reckoning reckoning = stage.finish();
    qInfo().noquote() << Stage::report(u"%1 deaths of the broker"_s.arg(deaths), reckoning);
    QCOMPARE(reckoning.lost + reckoning.doubled + reckoning.wrong + reckoning.unstarted +
                 reckoning.startedTwice + reckoning.logGaps + reckoning.left + reckoning.secrets,
             0); // an acknowledgement may have died with the broker
    QCOMPARE(reckoning.logRewinds, 0);
}

void TestBroker::hangs()
{
    Stage stage(u"broker hangs"_s);
    const auto opened = stage.open();
    QVERIFY2(opened, qPrintable(opened ? QString() : opened.error().text()));
    const Job lasting = {.lines = 6, .pause = 25};
    stage.customer().send(lasting);
    stage.keepBusy(brief);
    QTRY_VERIFY_WITH_TIMEOUT(stage.evidence().starts.contains(lasting.requestId()), Stage::patience);
    const auto broker = static_cast<pid_t>(stage.broker().processId());
    ::kill(broker, SIGSTOP);
    // There is something to tell now, and nobody takes it.
    QVERIFY(say(stage, u"workload %1 has ended"_s.arg(lasting.requestId())));
    if (Stage::isLong()) // until the node has noticed; its patience is in minutes
        QVERIFY(QTest::qWaitFor([&] { return stage.node().log().contains(u"no answer from the broker"_s); },
                                3 * Stage::patience));
    QVERIFY(stage.node().isRunning());
    ::kill(broker, SIGCONT);
    const Reckoning reckoning = stage.finish();
    qInfo().noquote() << Stage::report(u"a broker that hung"_s, reckoning);
    QVERIFY(reckoning.isClean());
    QCOMPARE(reckoning.logRewinds, 0);
}

void TestBroker::refusesUs_data()
{
    QTest::addColumn<QStringList>("configuration");
    QTest::addColumn<QString>("words");
    QTest::newRow("our password") << QStringList{u"allow_anonymous false"_s}
                                  << u"refuses our user name and password"_s;
    QTest::newRow("one more") << QStringList{u"max_connections 1"_s} << u"the broker"_s;
}

void TestBroker::refusesUs()
{
    QFETCH(QStringList, configuration);
    QFETCH(QString, words);
    Stage stage(u"broker refuses"_s);
    std::unique_ptr<MqttProxy> proxy;
    const auto opened = stage.open([&](quint16 port) {
        proxy = std::make_unique<MqttProxy>(port);
        return proxy->port();
    });
    QVERIFY2(opened, qPrintable(opened ? QString() : opened.error().text()));
    stage.customer().send({.lines = 3, .pause = 30, .serial = 1});
    QTRY_VERIFY_WITH_TIMEOUT(!stage.evidence().starts.isEmpty(), Stage::patience);
    proxy->withhold(true); // so that in a full broker it is the customer who has the one place
    stage.broker().kill();
    QVERIFY(stage.startBrokerWith(configuration));
    if (!configuration.contains(u"allow_anonymous false"_s))
        QTRY_VERIFY_WITH_TIMEOUT(stage.customer().isListening(), Stage::patience);
    const qsizetype saidBefore = stage.node().log().count(words);
    const int attemptsBefore = proxy->attempts();
    proxy->withhold(false);
    QTRY_VERIFY_WITH_TIMEOUT(proxy->attempts() >= attemptsBefore + 2, Stage::patience);
    QTRY_VERIFY_WITH_TIMEOUT(stage.node().log().count(words) > saidBefore, Stage::patience);
    // The job does not care.
    QTRY_VERIFY_WITH_TIMEOUT(stage.node().log().contains(u"has ended"_s), Stage::patience);
    stage.broker().kill();
    QVERIFY(stage.startBrokerWith({}));
    QVERIFY(isReadyAgain(stage, 2));
    stage.customer().sendUnansweredAgain();
    const Reckoning reckoning = stage.finish();
    QVERIFY2(reckoning.lost + reckoning.wrong + reckoning.startedTwice + reckoning.left == 0,
             qPrintable(reckoning.text()));
}

/// Somebody accepts the connection, and that is all.
void TestBroker::saysNothing()
{
    if (!Stage::isLong())
        return; // it takes the node's patience of ten seconds; tst_commandlink looks at the link alone
    Stage stage(u"silent broker"_s);
    const auto opened = stage.open();
    QVERIFY2(opened, qPrintable(opened ? QString() : opened.error().text()));
    const quint16 port = stage.broker().port();
    stage.broker().kill();
    {
        QTcpServer silent;
        QTRY_VERIFY_WITH_TIMEOUT(silent.isListening() || silent.listen(QHostAddress::LocalHost, port),
                                 Stage::patience);
        QVERIFY(say(stage, u"no answer from the broker"_s));
    }
    QVERIFY(stage.startBroker());
    QVERIFY(isReadyAgain(stage, 2));
    stage.keepBusy(brief);
    const Reckoning reckoning = stage.finish();
    QVERIFY2(reckoning.isClean(), qPrintable(reckoning.text()));
}

QTEST_GUILESS_MAIN(TestBroker)
#include "tst_broker.moc"
