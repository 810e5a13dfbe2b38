#include "cloud/commandlink.h"
#include "cloud/mqttrequests.h"
#include "integration/tcprelay.h"
#include "sandbox/brokerprocess.h"
#include "support/mqttbackend.h"
#include "support/waiting.h"

#include <QFile>
#include <QJsonDocument>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QUuid>

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;
using namespace cloudnode;
using sandbox::BrokerProcess;
using test::MqttBackend;
using Kind = CloudError::Kind;

namespace {

constexpr LinkPatience hasty{.firstRetry = 10ms, .longestRetry = 100ms};
const QString answersPrefix = u"cyberwave/response/"_s;
const QString token = u"a-token-that-shows-nowhere"_s;

bool startBroker(BrokerProcess &broker)
{
    QSignalSpy ready(&broker, &BrokerProcess::ready);
    broker.start();
    return ready.wait(patience);
}

LinkSettings settingsFor(quint16 port)
{
    LinkSettings settings;
    settings.host = u"127.0.0.1"_s;
    settings.port = port;
    settings.clientId = u"node-"_s + QUuid::createUuid().toString(QUuid::WithoutBraces);
    return settings;
}

QByteArray success(const QString &about)
{
    return QJsonDocument(QJsonObject{{u"success"_s, true}, {u"about"_s, about}}).toJson();
}

/// The node's side, and all that it was told.
struct Asking {
    void ask(const QString &what, std::chrono::milliseconds limit = 60s)
    {
        send({.topic = u"backend/"_s + what, .payload = {{u"what"_s, what}}, .what = what, .limit = limit});
    }
    void send(const MqttRequest &request)
    {
        requests->send(request, context.get(),
                       [this, what = request.what](const auto &answer) { answers[what] << answer; });
    }
    bool waitFor(const QString &what) const
    {
        return QTest::qWaitFor([&] { return answers.contains(what); }, patience);
    }
    CloudResult<QJsonObject> answer(const QString &what) const { return answers.value(what).value(0); }
    CloudError error(const QString &what) const
    {
        return waitFor(what) && !answer(what) ? answer(what).error() : CloudError();
    }
    /// What the backend had answered before has arrived.
    bool isHeardBy(MqttBackend &backend)
    {
        const qsizetype before = backend.requests().size();
        const QString what = u"barrier-%1"_s.arg(before);
        ask(what);
        if (!backend.waitForRequests(before + 1))
            return false;
        backend.answer(backend.requests().last(), success(what));
        return waitFor(what);
    }

    CommandLink link{hasty};
    std::unique_ptr<MqttRequests> requests = std::make_unique<MqttRequests>(link, answersPrefix, token);
    std::unique_ptr<QObject> context = std::make_unique<QObject>();
    QHash<QString, QList<CloudResult<QJsonObject>>> answers; ///< by what was asked for
};

} // namespace

/// Questions and answers over a real broker; the backend says what the test wants.
class TestMqttRequests : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void init();

    void pairsAnswersWithQuestions();
    void showsTheTokenToTheBackendAlone();
    void doesNotWaitForEver();
    void dropsWhatAnswersNothing();
    void takesTheFirstAnswerOnly();
    void cannotUseEveryAnswer_data();
    void cannotUseEveryAnswer();
    void doesWithoutTheWordSuccess();
    void asksNoMoreThanItsCapacity();
    void saysWhatCannotBeAsked();
    void waitsForAConnection();
    void waitsNoLongerThanItsLimit();
    void knowsALoginThatIsRefused();
    void failsWhatWasUnderWay();
    void saysWhatTheBrokerRefuses();
    void saysWhatIsTooLarge();
    void forgetsWithItsAskerAndItself();
    void whoIsAnsweredMayEndItAll();
    void goesOnWithOtherSettings();
    void losesNothingThatWasAskedTooEarly();

private:
    bool open(Asking &node, const LinkSettings &settings);

    std::unique_ptr<BrokerProcess> m_broker;
    std::unique_ptr<MqttBackend> m_backend;
};

void TestMqttRequests::initTestCase()
{
    m_broker = std::make_unique<BrokerProcess>();
    QVERIFY(startBroker(*m_broker));
}

void TestMqttRequests::init()
{
    m_backend = std::make_unique<MqttBackend>(m_broker->port());
    QVERIFY(m_backend->start());
}

bool TestMqttRequests::open(Asking &node, const LinkSettings &settings)
{
    node.link.open(settings);
    return QTest::qWaitFor([&] { return node.link.canRequest(); }, patience);
}

void TestMqttRequests::pairsAnswersWithQuestions()
{
    Asking node;
    const LinkSettings settings = settingsFor(m_broker->port());
    QVERIFY(open(node, settings));
    const QStringList all = {u"one"_s, u"two"_s, u"three"_s};
    for (const QString &what : all)
        node.ask(what);
    QVERIFY(m_backend->waitForRequests(all.size()));
    QCOMPARE(node.requests->pending(), all.size());
    for (qsizetype i = all.size() - 1; i >= 0; --i) { // the other way round
        const MqttBackend::Request request = m_backend->requests().at(i);
        QCOMPARE(request.topic, u"backend/"_s + all.at(i));
        QCOMPARE(QJsonDocument::fromJson(request.payload).object(), (QJsonObject{{u"what"_s, all.at(i)}}));
        QCOMPARE(request.responseTopic, answersPrefix + settings.clientId);
        QCOMPARE(request.correlation.size(), 16);
        QCOMPARE(request.qos, 1);
        QVERIFY(!request.retained);
        m_backend->answer(request, success(all.at(i)));
    }
    for (const QString &what : all) {
        QVERIFY(node.waitFor(what));
        QVERIFY(node.answer(what));
        QCOMPARE(node.answer(what)->value("about"_L1), what);
        QCOMPARE(node.answers[what].size(), 1);
    }
    QCOMPARE(node.requests->pending(), 0);
}

void TestMqttRequests::showsTheTokenToTheBackendAlone()
{
    Asking node;
    QVERIFY(open(node, settingsFor(m_broker->port())));
    node.send({.topic = u"secret/%1/create"_s.arg(token), .payload = {}, .what = u"create"_s});
    QVERIFY(m_backend->waitForRequests(1));
    const MqttBackend::Request request = m_backend->requests().first();
    QCOMPARE(request.userProperties.size(), 1);
    QCOMPARE(request.userProperties.first().name(), u"X-API-Token"_s);
    QCOMPARE(request.userProperties.first().value(), token);
    QVERIFY(!request.payload.contains(token.toUtf8()));
    m_backend->answer(request,
                      QJsonDocument(QJsonObject{{u"success"_s, false},
                                                {u"code"_s, 400},
                                                {u"message"_s, u"nothing at secret/%1/create"_s.arg(token)}})
                          .toJson());
    const CloudError error = node.error(u"create"_s);
    QVERIFY(error.kind == Kind::Refused);
    QVERIFY2(error.error.text().contains(u"secret/[token]/create"_s), qPrintable(error.error.text()));
    QVERIFY(!error.error.text().contains(token));
}

void TestMqttRequests::doesNotWaitForEver()
{
    Asking node;
    QVERIFY(open(node, settingsFor(m_broker->port())));
    node.ask(u"late"_s, 200ms);
    QVERIFY(m_backend->waitForRequests(1));
    const CloudError error = node.error(u"late"_s);
    QVERIFY(error.kind == Kind::Unavailable);
    QCOMPARE(error.error.what, u"the backend has not answered in time"_s);
    QCOMPARE(error.error.where, u"late"_s);
    QCOMPARE(node.requests->pending(), 0);
    m_backend->answer(m_backend->requests().first(), success(u"late"_s));
    QVERIFY(node.isHeardBy(*m_backend));
    QCOMPARE(node.answers[u"late"_s].size(), 1);
}

void TestMqttRequests::dropsWhatAnswersNothing()
{
    Asking node;
    QVERIFY(open(node, settingsFor(m_broker->port())));
    node.ask(u"question"_s);
    QVERIFY(m_backend->waitForRequests(1));
    const MqttBackend::Request request = m_backend->requests().first();
    for (const QByteArray &correlation :
         {QUuid::createUuid().toRfc4122(), QByteArray(), request.correlation.first(15)})
        m_backend->answerAs(correlation, request, success(u"somebody else"_s));
    QVERIFY(node.isHeardBy(*m_backend));
    QVERIFY(!node.answers.contains(u"question"_s));
    QCOMPARE(node.requests->pending(), 1);
    m_backend->answer(request, success(u"question"_s));
    QVERIFY(node.waitFor(u"question"_s));
    QCOMPARE(node.answer(u"question"_s)->value("about"_L1), u"question"_s);
}

void TestMqttRequests::takesTheFirstAnswerOnly()
{
    Asking node;
    QVERIFY(open(node, settingsFor(m_broker->port())));
    node.ask(u"question"_s);
    QVERIFY(m_backend->waitForRequests(1));
    m_backend->answer(m_backend->requests().first(), success(u"first"_s));
    m_backend->answer(m_backend->requests().first(), success(u"second"_s));
    QVERIFY(node.isHeardBy(*m_backend));
    QCOMPARE(node.answers[u"question"_s].size(), 1);
    QCOMPARE(node.answer(u"question"_s)->value("about"_L1), u"first"_s);
}

void TestMqttRequests::cannotUseEveryAnswer_data()
{
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<QString>("problem");
    QTest::newRow("empty") << QByteArray() << u"not JSON"_s;
    QTest::newRow("half of one") << QByteArray(R"({"success": tr)") << u"not JSON"_s;
    QTest::newRow("a page for people") << QByteArray("<!DOCTYPE html>") << u"not JSON"_s;
    QTest::newRow("no text at all") << QByteArray("\xff\xfe\x00\x01", 4) << u"not JSON"_s;
    QTest::newRow("an array") << QByteArray("[true]") << u"not an object"_s;
    QTest::newRow("nothing said of success") << QByteArray("{}") << u"did not succeed"_s;
}

void TestMqttRequests::cannotUseEveryAnswer()
{
    QFETCH(const QByteArray, answer);
    QFETCH(const QString, problem);
    Asking node;
    QVERIFY(open(node, settingsFor(m_broker->port())));
    node.ask(u"question"_s);
    QVERIFY(m_backend->waitForRequests(1));
    m_backend->answer(m_backend->requests().first(), answer);
    const CloudError error = node.error(u"question"_s);
    QVERIFY(error.kind == Kind::Unavailable);
    QVERIFY2(error.error.what.contains(problem), qPrintable(error.error.what));
    QCOMPARE(error.error.where, u"question"_s);
}

void TestMqttRequests::doesWithoutTheWordSuccess()
{
    Asking node;
    QVERIFY(open(node, settingsFor(m_broker->port())));
    node.send({.topic = u"backend/url"_s, .payload = {}, .what = u"url"_s, .successMayBeMissing = true});
    QVERIFY(m_backend->waitForRequests(1));
    m_backend->answer(m_backend->requests().first(), R"({"signed_url": "here"})");
    QVERIFY(node.waitFor(u"url"_s));
    QVERIFY(node.answer(u"url"_s));
    QCOMPARE(node.answer(u"url"_s)->value("signed_url"_L1), u"here"_s);
}

void TestMqttRequests::asksNoMoreThanItsCapacity()
{
    Asking node;
    for (qsizetype i = 0; i < MqttRequests::capacity; ++i)
        node.ask(u"q%1"_s.arg(i));
    node.ask(u"one too many"_s);
    const CloudError error = node.error(u"one too many"_s);
    QVERIFY(error.kind == Kind::Unavailable);
    QVERIFY2(error.error.what.contains(QString::number(MqttRequests::capacity)),
             qPrintable(error.error.what));
    QCOMPARE(node.requests->pending(), MqttRequests::capacity);

    QVERIFY(open(node, settingsFor(m_broker->port())));
    QVERIFY(m_backend->waitForRequests(MqttRequests::capacity));
    m_backend->answer(m_backend->requests().first(), success({}));
    WAIT_FOR_EQUAL(node.requests->pending(), MqttRequests::capacity - 1);
    node.ask(u"now there is room"_s);
    QVERIFY(m_backend->waitForRequests(MqttRequests::capacity + 1));
}

void TestMqttRequests::saysWhatCannotBeAsked()
{
    Asking node;
    node.send({.topic = {}, .payload = {}, .what = u"register of a/b"_s});
    const CloudError error = node.error(u"register of a/b"_s);
    QVERIFY(error.kind == Kind::Refused);
    QVERIFY2(error.error.what.contains(u"topic"_s), qPrintable(error.error.what));
    QCOMPARE(node.requests->pending(), 0);
}

void TestMqttRequests::waitsForAConnection()
{
    Asking node;
    node.ask(u"early"_s);
    QVERIFY(open(node, settingsFor(m_broker->port())));
    QVERIFY(m_backend->waitForRequests(1));
    m_backend->answer(m_backend->requests().first(), success(u"early"_s));
    QVERIFY(node.waitFor(u"early"_s));
    QVERIFY(node.answer(u"early"_s));
}

void TestMqttRequests::waitsNoLongerThanItsLimit()
{
    Asking node;
    node.link.open(settingsFor(1));
    QSignalSpy down(&node.link, &CommandLink::down);
    QVERIFY(down.wait(patience));
    node.ask(u"question"_s, 50ms);
    const CloudError error = node.error(u"question"_s);
    QVERIFY(error.kind == Kind::Unavailable);
    QVERIFY2(error.error.what.contains(u"no connection to the broker"_s), qPrintable(error.error.what));
    QCOMPARE(error.error.where, u"127.0.0.1:1"_s);
    QVERIFY(!error.error.remedy.isEmpty());
}

void TestMqttRequests::knowsALoginThatIsRefused()
{
    BrokerProcess strict({.port = 0, .extraLines = {u"allow_anonymous false"_s}});
    QVERIFY(startBroker(strict));
    Asking node;
    QSignalSpy down(&node.link, &CommandLink::down);
    node.link.open(settingsFor(strict.port()));
    QVERIFY(down.wait(patience));
    node.ask(u"once"_s, 1ms); // who is refused once may be let in the next time
    QVERIFY(node.error(u"once"_s).kind == Kind::Unavailable);
    WAIT_FOR(node.link.failures() >= 5);
    node.ask(u"again and again"_s, 1ms);
    const CloudError error = node.error(u"again and again"_s);
    QVERIFY(error.kind == Kind::Unauthorized);
    QVERIFY2(error.error.what.contains(u"user name and password"_s), qPrintable(error.error.what));
}

void TestMqttRequests::failsWhatWasUnderWay()
{
    TcpRelay relay(m_broker->port());
    Asking node;
    QVERIFY(open(node, settingsFor(relay.port())));
    node.ask(u"under way"_s);
    QVERIFY(m_backend->waitForRequests(1));
    relay.refuse();
    const CloudError error = node.error(u"under way"_s);
    QVERIFY(error.kind == Kind::Unavailable);
    QVERIFY2(error.error.what.contains(u"broke before the backend answered"_s), qPrintable(error.error.what));
    QCOMPARE(error.error.where, u"under way"_s);
    node.ask(u"waiting"_s); // for the next connection
    relay.acceptAgain();
    QVERIFY(m_backend->waitForRequests(2));
    QCOMPARE(m_backend->requests().last().topic, u"backend/waiting"_s);
    m_backend->answer(m_backend->requests().first(), success({})); // too late
    m_backend->answer(m_backend->requests().last(), success({}));
    QVERIFY(node.waitFor(u"waiting"_s));
    QVERIFY(node.answer(u"waiting"_s));
    QCOMPARE(node.answers[u"under way"_s].size(), 1);
}

void TestMqttRequests::saysWhatTheBrokerRefuses()
{
    const QTemporaryDir folder;
    QFile acl(folder.filePath(u"acl"_s));
    QVERIFY(acl.open(QIODevice::WriteOnly));
    acl.write("topic readwrite cyberwave/response/#\ntopic readwrite backend/allowed\n");
    acl.close();
    BrokerProcess strict({.port = 0, .extraLines = {u"acl_file "_s + acl.fileName()}});
    QVERIFY(startBroker(strict));
    Asking node;
    QVERIFY(open(node, settingsFor(strict.port())));
    QSignalSpy warnings(&node.link, &CommandLink::warning);
    node.ask(u"allowed"_s);
    node.send({.topic = u"backend/%1"_s.arg(token), .payload = {}, .what = u"forbidden"_s});
    const CloudError error = node.error(u"forbidden"_s);
    QVERIFY(error.kind == Kind::Unavailable); // who minds the broker may mend it
    QVERIFY2(error.error.what.contains(u"does not pass this request on"_s), qPrintable(error.error.what));
    QVERIFY(!error.error.remedy.isEmpty());
    QCOMPARE(node.requests->pending(), 1);
    QCOMPARE(warnings.size(), 1);
    QVERIFY(!warnings.first().first().value<Error>().text().contains(token));
}

void TestMqttRequests::saysWhatIsTooLarge()
{
    BrokerProcess small({.port = 0, .extraLines = {u"max_packet_size 2000"_s}});
    QVERIFY(startBroker(small));
    Asking node;
    QVERIFY(open(node, settingsFor(small.port())));
    node.send(
        {.topic = u"backend/log"_s, .payload = {{u"log_content"_s, QString(3000, u'x')}}, .what = u"log"_s});
    const CloudError error = node.error(u"log"_s);
    QVERIFY(error.kind == Kind::Refused); // said again it is no smaller
    QCOMPARE(error.httpStatus, 413);
    QCOMPARE(node.requests->pending(), 0);
}

void TestMqttRequests::forgetsWithItsAskerAndItself()
{
    Asking node;
    QVERIFY(open(node, settingsFor(m_broker->port())));
    node.ask(u"its asker is gone"_s);
    QVERIFY(m_backend->waitForRequests(1));
    node.context = std::make_unique<QObject>();
    m_backend->answer(m_backend->requests().first(), success({}));
    QVERIFY(node.isHeardBy(*m_backend));
    QCOMPARE(node.requests->pending(), 0);
    QVERIFY(!node.answers.contains(u"its asker is gone"_s));

    node.ask(u"they are gone"_s, 50ms);
    QVERIFY(m_backend->waitForRequests(3));
    node.requests.reset();
    m_backend->answer(m_backend->requests().last(), success({}));
    node.requests = std::make_unique<MqttRequests>(node.link, answersPrefix, token);
    QVERIFY(node.isHeardBy(*m_backend));
    QVERIFY(!node.answers.contains(u"they are gone"_s));
}

void TestMqttRequests::whoIsAnsweredMayEndItAll()
{
    auto link = std::make_unique<CommandLink>(hasty);
    auto requests = std::make_unique<MqttRequests>(*link, answersPrefix, token);
    QObject context;
    int answered = 0;
    for (const QString &topic : {u"backend/one"_s, u"backend/two"_s}) {
        requests->send({.topic = topic, .payload = {}, .what = topic}, &context, [&](const auto &) {
            ++answered;
            requests.reset();
            link.reset();
        });
    }
    link->open(settingsFor(m_broker->port()));
    m_backend->answerBy([](const auto &) { return QJsonObject{{u"success"_s, true}}; });
    WAIT_FOR_EQUAL(answered, 1);
    QTest::qWait(50);
    QCOMPARE(answered, 1);
}

void TestMqttRequests::goesOnWithOtherSettings()
{
    Asking node;
    QVERIFY(open(node, settingsFor(m_broker->port())));
    node.ask(u"as a stranger"_s);
    QVERIFY(m_backend->waitForRequests(1));
    const LinkSettings settings = settingsFor(m_broker->port());
    QVERIFY(open(node, settings));
    QVERIFY(node.error(u"as a stranger"_s).kind == Kind::Unavailable);
    node.ask(u"as itself"_s);
    QVERIFY(m_backend->waitForRequests(2));
    QCOMPARE(m_backend->requests().last().responseTopic, answersPrefix + settings.clientId);
    m_backend->answer(m_backend->requests().last(), success({}));
    QVERIFY(node.waitFor(u"as itself"_s));
    QVERIFY(node.answer(u"as itself"_s));
}

/// A link can carry requests before it is up; changing its settings then must not strand them.
void TestMqttRequests::losesNothingThatWasAskedTooEarly()
{
    Asking node;
    node.ask(u"under way"_s);
    bool changed = false;
    QObject::connect(&node.link, &CommandLink::requestsPossible, &node.link, [&] {
        if (!std::exchange(changed, true))
            node.link.open(settingsFor(m_broker->port()));
    });
    LinkSettings settings = settingsFor(m_broker->port());
    settings.commandTopics = {u"node/command"_s};
    node.link.open(settings);
    const CloudError error = node.error(u"under way"_s);
    QVERIFY2(error.error.what.contains(u"broke"_s), qPrintable(error.error.what));
    QVERIFY(node.isHeardBy(*m_backend));
}

QTEST_GUILESS_MAIN(TestMqttRequests)
#include "tst_mqttrequests.moc"
