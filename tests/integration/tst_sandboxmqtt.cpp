#include "sandbox/brokerprocess.h"
#include "support/mqttasker.h"
#include "support/sandboxprocess.h"
#include "support/waiting.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QScopeGuard>
#include <QSignalSpy>
#include <QTest>

using namespace Qt::Literals::StringLiterals;
using cloudnode::patience;
using cloudnode::test::MqttAsker;
using cloudnode::test::SandboxProcess;
using Envelope = MqttAsker::Envelope;

Q_DECLARE_METATYPE(MqttAsker::Envelope)

namespace {

const QString token = u"sandbox-token"_s;
const QString creation = u"cloud-node-token/sandbox-token/request-instance"_s;
const QJsonObject wish{
    {u"profile_slug"_s, u"default"_s}, {u"provider"_s, u"self-hosted"_s}, {u"visibility"_s, u"private"_s}};

bool isOverMqtt(const QJsonObject &event)
{
    return event[u"over"_s] == u"mqtt"_s;
}

} // namespace

/// The sandbox as a backend of generation 2, asked by a plain MQTT client at a real broker.
class TestSandboxMqtt : public QObject {
    Q_OBJECT

private slots:
    void init();
    void cleanup();

    void livesAnInstancesLife();
    void livesAWorkloadsLife();
    void answersBelowAnyPrefix();
    void doesNotKnowTheForgotten();
    void refusesAWrongToken();
    void tellsOfBreaches_data();
    void tellsOfBreaches();
    void tellsOfRequestsToBeRetained();
    void holdsStatusesAgainstEachOther();
    void theBackendsOwnWordIsNoBreach();
    void answersWrongly_data();
    void answersWrongly();
    void answersToSomebodyElse();
    void answersTwice();
    void answersLate();
    void answersWithACode();
    void doesNotAnswer();
    void neverShowsTheToken();
    void hasOnlyWhatIsLeftOfREST_data();
    void hasOnlyWhatIsLeftOfREST();
    void fallsBackToREST();
    void saysNothingOverMqttUnlessItIsTo();
    void doesBothIfAsked();
    void makesAnyWorkloadIfAsked();
    void usesABrokerThatComesAndGoes();
    void theEnvironmentSaysHowTestsAsk();

private:
    void start(const QStringList &options);
    QJsonObject rest(const QByteArray &method, const QString &path, const QByteArray &body, int *status);

    QString createAndRegister();
    QString breach() const;
    std::unique_ptr<SandboxProcess> m_sandbox;
    std::unique_ptr<MqttAsker> m_asker;
};

void TestSandboxMqtt::init()
{
    start({u"--mqtt-port"_s, u"0"_s, u"--control-plane"_s, u"mqtt"_s});
    m_asker = std::make_unique<MqttAsker>(m_sandbox->mqttPort());
    QVERIFY(m_asker->start());
}

void TestSandboxMqtt::start(const QStringList &options)
{
    cleanup();
    m_sandbox = std::make_unique<SandboxProcess>(options);
    const auto started = m_sandbox->start();
    QVERIFY2(started, started ? "" : qPrintable(started.error().text()));
}

void TestSandboxMqtt::cleanup()
{
    m_asker.reset();
    m_sandbox.reset();
}

QString TestSandboxMqtt::createAndRegister()
{
    QString uuid = m_asker->ask(creation, wish)[u"uuid"_s].toString();
    m_asker->ask(u"cloud-node/%1/register"_s.arg(uuid), {{u"profile_slug"_s, u"default"_s}});
    return uuid;
}

/// What the only breach says; empty if there is none, or more than one.
QString TestSandboxMqtt::breach() const
{
    const auto breaches = m_sandbox->events(u"breach"_s);
    return breaches.size() == 1 ? breaches.first()[u"reason"_s].toString() : QString();
}

void TestSandboxMqtt::livesAnInstancesLife()
{
    QCOMPARE(m_sandbox->controlPlane(), u"mqtt"_s);
    const QJsonObject created = m_asker->ask(creation, wish);
    QCOMPARE(created[u"success"_s], true);
    QCOMPARE(created[u"slug"_s], u"node-1"_s);
    QCOMPARE(created[u"status"_s], u"provisioning"_s);
    const QString uuid = created[u"uuid"_s].toString();
    const auto ask = [&](const QString &verb, const QJsonObject &body) {
        return m_asker->ask(u"cloud-node/%1/%2"_s.arg(uuid, verb), body);
    };
    const QJsonObject early = ask(u"heartbeat"_s, {});
    QCOMPARE(early[u"success"_s], false);
    QCOMPARE(early[u"code"_s], 400);
    const QJsonObject registered = ask(u"register"_s, {{u"profile_slug"_s, u"p"_s}});
    QCOMPARE(registered[u"success"_s], true);
    QCOMPARE(registered[u"uuid"_s], uuid);
    QCOMPARE(registered[u"status"_s], u"ready"_s);
    QCOMPARE(ask(u"heartbeat"_s, {})[u"success"_s], true);
    const QJsonObject log{
        {u"instance_uuid"_s, uuid}, {u"log_type"_s, u"stdout"_s}, {u"log_content"_s, u"one\n"_s}};
    QCOMPARE(ask(u"logs"_s, log)[u"success"_s], true);
    QCOMPARE(m_sandbox->log(uuid, u"stdout"_s), "one\n");
    QCOMPARE(ask(u"fail"_s, {{u"instance_uuid"_s, uuid}, {u"error"_s, u"no GPU"_s}})[u"success"_s], true);
    QCOMPARE(ask(u"terminate"_s, {})[u"success"_s], true);
    const QJsonObject late = ask(u"heartbeat"_s, {});
    QCOMPARE(late[u"code"_s], 400);
    QVERIFY(late[u"message"_s].toString().contains(u"terminated"_s));
    for (const QString &event :
         {u"create"_s, u"register"_s, u"heartbeat"_s, u"log"_s, u"failed"_s, u"terminated"_s}) {
        QCOMPARE(m_sandbox->events(event, isOverMqtt).size(), 1);
        QCOMPARE(m_sandbox->events(event).first()[u"uuid"_s], uuid);
    }
    QVERIFY(m_sandbox->stop());
}

void TestSandboxMqtt::livesAWorkloadsLife()
{
    QVERIFY(m_sandbox->putWorkload({{u"uuid"_s, u"w1"_s}, {u"instance_uuid"_s, u"i1"_s}}));
    QCOMPARE(m_sandbox->workload(u"w1"_s)[u"status"_s], u"assigned"_s);
    const auto tell = [&](const QJsonObject &update) {
        return m_asker->ask(u"cloud-workload/w1/update-status"_s, update);
    };
    const QJsonObject running{{u"status"_s, u"running"_s}, {u"message"_s, u"started"_s}, {u"pid"_s, 7}};
    QCOMPARE(tell(running)[u"success"_s], true);
    QCOMPARE(tell(running)[u"success"_s], true);
    QCOMPARE(
        tell(
            {{u"status"_s, u"finalizing"_s}, {u"message"_s, u"files"_s}, {u"file_count"_s, 1}})[u"success"_s],
        true);
    const QJsonObject failed{{u"status"_s, u"completed"_s},
                             {u"success"_s, false},
                             {u"exit_code"_s, 3},
                             {u"error"_s, u"oops"_s},
                             {u"stderr"_s, u"oops\n"_s}};
    QCOMPARE(tell(failed)[u"success"_s], true);
    QCOMPARE(tell(failed)[u"success"_s], true);
    QCOMPARE(m_sandbox->events(u"workload_status"_s, isOverMqtt).size(), 3);
    QCOMPARE(m_sandbox->events(u"workload_status_repeated"_s, isOverMqtt).size(), 2);
    const QJsonObject event = m_sandbox->events(u"workload_status"_s).last();
    QCOMPARE(event[u"workload_uuid"_s], u"w1"_s);
    QCOMPARE(event[u"exit_code"_s], 3);
    QCOMPARE(event[u"stderr"_s], u"oops\n"_s);
    QCOMPARE(m_sandbox->workload(u"w1"_s)[u"status"_s], u"completed"_s);
    QCOMPARE(m_sandbox->workload(u"w1"_s)[u"failure_message"_s], u"oops"_s);
    QVERIFY(m_sandbox->stop());
}

void TestSandboxMqtt::answersBelowAnyPrefix()
{
    for (const QString &prefix : {u"local"_s, u"dev/"_s}) {
        MqttAsker elsewhere(m_sandbox->mqttPort(), prefix);
        QVERIFY(elsewhere.start());
        QCOMPARE(elsewhere.ask(creation, wish)[u"success"_s], true);
    }
    QVERIFY(m_sandbox->stop());
}

void TestSandboxMqtt::doesNotKnowTheForgotten()
{
    const QString uuid = createAndRegister();
    QVERIFY(m_sandbox->forget(uuid));
    QCOMPARE(m_asker->ask(u"cloud-node/%1/heartbeat"_s.arg(uuid), {})[u"code"_s], 404);
    const QJsonObject running{{u"status"_s, u"running"_s}, {u"message"_s, u"started"_s}, {u"pid"_s, 7}};
    QCOMPARE(m_asker->ask(u"cloud-workload/nobody/update-status"_s, running)[u"code"_s], 404);
    QCOMPARE(
        m_asker->ask(u"cloud-workload/nobody/request-signed-url"_s, {{u"filename"_s, u"a"_s}})[u"code"_s],
        404);
    QVERIFY(m_sandbox->stop());
}

void TestSandboxMqtt::refusesAWrongToken()
{
    const QString uuid = createAndRegister();
    const QJsonObject refused =
        m_asker->ask(u"cloud-node/%1/heartbeat"_s.arg(uuid), "{}", Envelope{.token = u"wrong"_s});
    QCOMPARE(refused[u"success"_s], false);
    QCOMPARE(refused[u"code"_s], 401);
    const QByteArray body = QJsonDocument(wish).toJson();
    QCOMPARE(m_asker->ask(u"cloud-node-token/wrong/request-instance"_s, body,
                          Envelope{.token = u"wrong"_s})[u"code"_s],
             401);
    QCOMPARE(m_sandbox->events(u"unauthorized"_s, isOverMqtt).size(), 2);
    QVERIFY(m_sandbox->stop());
}

void TestSandboxMqtt::tellsOfBreaches_data()
{
    QTest::addColumn<QString>("topic");
    QTest::addColumn<QByteArray>("payload");
    QTest::addColumn<MqttAsker::Envelope>("envelope");
    QTest::addColumn<bool>("answered");
    QTest::addColumn<QString>("problem");
    const QString beat = u"cloud-node/u/heartbeat"_s;
    QTest::newRow("QoS 0") << beat << QByteArray("{}") << Envelope{.qos = 0} << true
                           << u"QoS 0, expected 1"_s;
    QTest::newRow("QoS 2") << beat << QByteArray("{}") << Envelope{.qos = 2} << true
                           << u"QoS 2, expected 1"_s;
    QTest::newRow("no response topic") << beat << QByteArray("{}") << Envelope{.withoutResponseTopic = true}
                                       << false << u"response topic is \"\""_s;
    QTest::newRow("a response topic of its own")
        << beat << QByteArray("{}") << Envelope{.responseTopic = u"answers/here"_s} << false
        << u"expected \"cyberwave/response/<client id>\""_s;
    QTest::newRow("a correlation of 8 bytes")
        << beat << QByteArray("{}") << Envelope{.correlation = "12345678"} << true
        << u"8 bytes, expected 16"_s;
    QTest::newRow("no token") << beat << QByteArray("{}")
                              << Envelope{.userProperties = {{QMqttStringPair(u"a"_s, u"b"_s)}}} << true
                              << u"X-API-Token came 0 times"_s;
    QTest::newRow("no JSON") << beat << QByteArray("{") << Envelope() << true << u"not JSON"_s;
    QTest::newRow("a list") << beat << QByteArray("[]") << Envelope() << true << u"not a JSON object"_s;
    QTest::newRow("a key too many") << beat << QByteArray(R"({"busy":true})") << Envelope() << true
                                    << u"\"busy\" does not belong"_s;
    QTest::newRow("an unknown topic")
        << u"cloud-node/u/telemetry"_s << QByteArray("{}") << Envelope() << true << u"no such topic"_s;
    QTest::newRow("two tokens") << u"cloud-node-token/other/request-instance"_s
                                << QJsonDocument(wish).toJson() << Envelope() << true << u"another token"_s;
    QTest::newRow("an unknown status")
        << u"cloud-workload/w/update-status"_s << QByteArray(R"({"status":"dancing"})") << Envelope() << true
        << u"\"dancing\", expected one of running"_s;
}

void TestSandboxMqtt::tellsOfBreaches()
{
    QFETCH(QString, topic);
    QFETCH(QByteArray, payload);
    QFETCH(MqttAsker::Envelope, envelope);
    QFETCH(bool, answered);
    QFETCH(QString, problem);
    const QByteArray correlation = m_asker->publish(topic, payload, envelope);
    QVERIFY(m_sandbox->waitForEvent(u"breach"_s));
    QVERIFY2(breach().contains(problem), qPrintable(breach()));
    if (answered) {
        QVERIFY(m_asker->waitFor(correlation));
        const QJsonObject answer = QJsonDocument::fromJson(m_asker->answers().last().payload).object();
        QCOMPARE(answer[u"code"_s], 400);
    }
    QVERIFY(!m_sandbox->stop());
}

void TestSandboxMqtt::tellsOfRequestsToBeRetained()
{
    const QString uuid = createAndRegister();
    m_asker->publish(u"cloud-node/%1/heartbeat"_s.arg(uuid), "{}", Envelope{.retained = true});
    QVERIFY(m_sandbox->waitForEvent(u"breach"_s));
    QVERIFY2(breach().contains(u"retained"_s), qPrintable(breach()));
}

void TestSandboxMqtt::holdsStatusesAgainstEachOther()
{
    QVERIFY(m_sandbox->putWorkload({{u"uuid"_s, u"w1"_s}}));
    const auto tell = [&](const QJsonObject &update) {
        return m_asker->ask(u"cloud-workload/w1/update-status"_s, update);
    };
    QCOMPARE(tell({{u"status"_s, u"completed"_s}, {u"success"_s, true}, {u"exit_code"_s, 0}})[u"success"_s],
             true);
    const QJsonObject refused = tell({{u"status"_s, u"failed"_s}, {u"error"_s, u"oops"_s}});
    QCOMPARE(refused[u"success"_s], false);
    QCOMPARE(refused[u"code"_s], 409);
    QVERIFY2(breach().contains(u"completed and cannot become failed"_s), qPrintable(breach()));
    QVERIFY(!m_sandbox->stop());
}

void TestSandboxMqtt::theBackendsOwnWordIsNoBreach()
{
    QVERIFY(m_sandbox->putWorkload({{u"uuid"_s, u"w1"_s}, {u"status"_s, u"cancelled"_s}}));
    const QJsonObject refused =
        m_asker->ask(u"cloud-workload/w1/update-status"_s,
                     {{u"status"_s, u"completed"_s}, {u"success"_s, true}, {u"exit_code"_s, 0}});
    QCOMPARE(refused[u"code"_s], 409);
    QVERIFY(m_sandbox->hasEvent(u"refused"_s, isOverMqtt));
    QVERIFY(m_sandbox->stop());
}

void TestSandboxMqtt::answersWrongly_data()
{
    QTest::addColumn<QString>("effect");
    QTest::newRow("half of it") << u"close"_s;
    QTest::newRow("no JSON") << u"badjson"_s;
    QTest::newRow("nothing") << u"empty"_s;
    QTest::newRow("a page for people") << u"html"_s;
}

void TestSandboxMqtt::answersWrongly()
{
    QFETCH(QString, effect);
    const QString uuid = createAndRegister();
    QVERIFY(m_sandbox->fail({u"heartbeat=%1:1"_s.arg(effect)}));
    const QByteArray correlation = m_asker->publish(u"cloud-node/%1/heartbeat"_s.arg(uuid), "{}", {});
    QVERIFY(m_asker->waitFor(correlation));
    QVERIFY(QJsonDocument::fromJson(m_asker->answers().last().payload).isNull());
    QVERIFY(!m_sandbox->hasEvent(u"heartbeat"_s));
    QCOMPARE(m_sandbox->events(u"fault"_s, isOverMqtt).first()[u"effect"_s], effect);
    QVERIFY(m_sandbox->stop());
}

void TestSandboxMqtt::answersToSomebodyElse()
{
    const QString uuid = createAndRegister();
    QVERIFY(m_sandbox->fail({u"heartbeat=stranger:1"_s}));
    const qsizetype before = m_asker->answers().size();
    const QByteArray correlation = m_asker->publish(u"cloud-node/%1/heartbeat"_s.arg(uuid), "{}", {});
    WAIT_FOR_EQUAL(m_asker->answers().size(), before + 1);
    QCOMPARE(m_asker->answers().last().correlation.size(), 16);
    QVERIFY(m_asker->answers().last().correlation != correlation);
    QVERIFY(m_sandbox->hasEvent(u"heartbeat"_s));
}

void TestSandboxMqtt::answersTwice()
{
    const QString uuid = createAndRegister();
    QVERIFY(m_sandbox->fail({u"heartbeat=twice:1"_s}));
    const qsizetype before = m_asker->answers().size();
    const QByteArray correlation = m_asker->publish(u"cloud-node/%1/heartbeat"_s.arg(uuid), "{}", {});
    WAIT_FOR_EQUAL(m_asker->answers().size(), before + 2);
    QCOMPARE(m_asker->answers().last().correlation, correlation);
    QCOMPARE(m_asker->answers()[before].correlation, correlation);
    QCOMPARE(m_sandbox->events(u"heartbeat"_s).size(), 1);
}

void TestSandboxMqtt::answersLate()
{
    const QString uuid = createAndRegister();
    QVERIFY(m_sandbox->fail({u"heartbeat=slow=1500:1"_s}));
    const QByteArray late = m_asker->publish(u"cloud-node/%1/heartbeat"_s.arg(uuid), "{}", {});
    const QByteArray next = m_asker->publish(u"cloud-node/%1/heartbeat"_s.arg(uuid), "{}", {});
    QVERIFY(m_asker->waitFor(late));
    QCOMPARE(m_asker->answers().last().correlation, late);
    QCOMPARE(m_asker->answers()[m_asker->answers().size() - 2].correlation, next);
}

void TestSandboxMqtt::answersWithACode()
{
    const QString uuid = createAndRegister();
    QVERIFY(m_sandbox->fail({u"heartbeat=401:1"_s}));
    const QJsonObject answer = m_asker->ask(u"cloud-node/%1/heartbeat"_s.arg(uuid), {});
    QCOMPARE(answer[u"success"_s], false);
    QCOMPARE(answer[u"code"_s], 401);
    QVERIFY(!m_sandbox->hasEvent(u"heartbeat"_s));
}

void TestSandboxMqtt::doesNotAnswer()
{
    const QString uuid = createAndRegister();
    const qsizetype before = m_asker->answers().size();
    QVERIFY(m_sandbox->fail({u"heartbeat=hang:1"_s, u"heartbeat=lost:1"_s}));
    for (int i = 0; i < 2; ++i)
        m_asker->publish(u"cloud-node/%1/heartbeat"_s.arg(uuid), "{}", {});
    QCOMPARE(m_asker->ask(u"cloud-node/%1/heartbeat"_s.arg(uuid), {})[u"success"_s], true);
    QCOMPARE(m_asker->answers().size(), before + 1);
    QCOMPARE(m_sandbox->events(u"heartbeat"_s).size(), 2); // the lost one, and the last
}

void TestSandboxMqtt::neverShowsTheToken()
{
    createAndRegister();
    m_asker->ask(u"cloud-node-token/sandbox-token/dance"_s, {});
    m_asker->ask(u"cloud-node-token/sandbox-token/more/request-instance"_s, {});
    m_asker->ask(creation, {});
    QCOMPARE(m_sandbox->events(u"breach"_s).size(), 3);
    for (const QJsonObject &event : m_sandbox->events()) {
        const QByteArray text = QJsonDocument(event).toJson();
        QVERIFY2(event[u"event"_s] == u"ready"_s || !text.contains("sandbox-token"), text.constData());
    }
    QCOMPARE(m_sandbox->events(u"create"_s).first()[u"topic"_s],
             u"cyberwave/cloud-node-token/****/request-instance"_s);
}

QJsonObject TestSandboxMqtt::rest(const QByteArray &method, const QString &path, const QByteArray &body,
                                  int *status)
{
    QNetworkAccessManager network;
    QNetworkRequest request(QUrl(m_sandbox->apiUrl().toString() + u"/api/v1/"_s + path));
    request.setRawHeader("Authorization", "Token sandbox-token");
    request.setRawHeader("Accept", "application/json");
    if (!body.isEmpty())
        request.setRawHeader("Content-Type", "application/json");
    const std::unique_ptr<QNetworkReply> reply(network.sendCustomRequest(request, method, body));
    *status = QTest::qWaitFor([&] { return reply->isFinished(); }, patience)
                  ? reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt()
                  : 0;
    return QJsonDocument::fromJson(reply->readAll()).object();
}

void TestSandboxMqtt::hasOnlyWhatIsLeftOfREST_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QString>("path");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<int>("status");
    const QByteArray profile = R"({"profile_slug":"p"})";
    QTest::newRow("create") << QByteArray("POST") << u"cloud-node"_s << profile << 404;
    QTest::newRow("register") << QByteArray("POST") << u"cloud-node/{uuid}/register"_s << profile << 404;
    QTest::newRow("heartbeat") << QByteArray("POST") << u"cloud-node/{uuid}/heartbeat"_s << QByteArray("{}")
                               << 404;
    QTest::newRow("log") << QByteArray("POST") << u"cloud-node/{uuid}/log"_s
                         << QByteArray(R"({"log_type":"stdout","log_content":"a"})") << 404;
    QTest::newRow("terminated") << QByteArray("POST") << u"cloud-node/{uuid}/terminated"_s << QByteArray("{}")
                                << 404;
    QTest::newRow("failed") << QByteArray("POST") << u"cloud-node/{uuid}/failed"_s
                            << QByteArray(R"({"error":"oops"})") << 404;
    QTest::newRow("instances") << QByteArray("GET") << u"cloud-node/instances"_s << QByteArray() << 200;
    QTest::newRow("workload") << QByteArray("GET") << u"cloud-node-workloads/w1"_s << QByteArray() << 200;
    QTest::newRow("status") << QByteArray("PUT") << u"cloud-node-workloads/w1"_s
                            << QByteArray(R"({"status":"running","instance_uuid":"i1"})") << 200;
    QTest::newRow("another's status") << QByteArray("PUT") << u"cloud-node-workloads/w1"_s
                                      << QByteArray(R"({"status":"running","instance_uuid":"i2"})") << 409;
    for (const char *verb : {"complete", "fail", "cancel"})
        QTest::newRow(verb) << QByteArray("POST") << u"cloud-node-workloads/w1/"_s + QString::fromLatin1(verb)
                            << QByteArray("{}") << 200;
}

void TestSandboxMqtt::hasOnlyWhatIsLeftOfREST()
{
    QFETCH(QByteArray, method);
    QFETCH(QString, path);
    QFETCH(QByteArray, body);
    QFETCH(int, status);
    QVERIFY(m_sandbox->putWorkload({{u"uuid"_s, u"w1"_s}, {u"instance_uuid"_s, u"i1"_s}}));
    const QString uuid = createAndRegister(); // known, as it must not be that why there is nothing
    int answered = 0;
    rest(method, path.replace(u"{uuid}"_s, uuid), body, &answered);
    QCOMPARE(answered, status);
    QVERIFY(m_sandbox->stop());
}

/// The reference does for result files what it cannot do over MQTT, and its backend knows both as one.
void TestSandboxMqtt::fallsBackToREST()
{
    QVERIFY(m_sandbox->putWorkload({{u"uuid"_s, u"w1"_s}}));
    int status = 0;
    const QJsonObject place =
        rest("POST", u"cloud-node-workloads/w1/attachments"_s, R"({"filename":"a.txt"})", &status);
    QCOMPARE(status, 200);
    const QString url = place[u"signed_url"_s].toString();
    QNetworkAccessManager network;
    QNetworkRequest request{QUrl(url)};
    request.setRawHeader("Content-Type", "application/octet-stream");
    const std::unique_ptr<QNetworkReply> reply(network.put(request, QByteArray("abc")));
    QVERIFY(QTest::qWaitFor([&] { return reply->isFinished(); }, patience));
    QCOMPARE(reply->error(), QNetworkReply::NoError);
    const QJsonObject results{
        {u"filenames"_s, QJsonArray{u"a.txt"_s}},
        {u"signed_urls"_s, QJsonArray{url}},
        {u"attachment_uuids"_s, QJsonArray{place[u"filename"_s].toString().section(u'.', 0, 0)}}};
    QCOMPARE(m_asker->ask(u"cloud-workload/w1/upload-results"_s, results)[u"success"_s], true);
    rest("POST", u"cloud-node-workloads/w1/upload-results"_s, QJsonDocument(results).toJson(), &status);
    QCOMPARE(status, 200);
    QVERIFY(m_sandbox->hasEvent(u"results_confirmed_repeated"_s));
    QVERIFY(m_sandbox->stop());
}

void TestSandboxMqtt::saysNothingOverMqttUnlessItIsTo()
{
    start({u"--mqtt-port"_s, u"0"_s, u"--control-plane"_s, u"rest"_s});
    QCOMPARE(m_sandbox->controlPlane(), u"rest"_s);
    MqttAsker asker(m_sandbox->mqttPort());
    QVERIFY(asker.start());
    asker.publish(creation, QJsonDocument(wish).toJson(), {});
    // What comes after it, in the same order, is seen: the request has been there and nobody cared.
    asker.publish(u"cloud-node/u/response"_s, "{", {});
    QVERIFY(m_sandbox->waitForEvent(u"response"_s));
    int status = 0;
    rest("POST", u"cloud-node"_s, R"({"profile_slug":"p"})", &status);
    QCOMPARE(status, 200);
    QCOMPARE(m_sandbox->events(u"create"_s).size(), 1);
    QVERIFY(asker.answers().isEmpty());
}

void TestSandboxMqtt::doesBothIfAsked()
{
    start({u"--mqtt-port"_s, u"0"_s, u"--control-plane"_s, u"both"_s});
    QCOMPARE(m_sandbox->controlPlane(), u"both"_s);
    MqttAsker asker(m_sandbox->mqttPort());
    QVERIFY(asker.start());
    const QString uuid = asker.ask(creation, wish)[u"uuid"_s].toString();
    int status = 0;
    rest("POST", u"cloud-node/%1/register"_s.arg(uuid), R"({"profile_slug":"p"})", &status);
    QCOMPARE(status, 200);
    QCOMPARE(asker.ask(u"cloud-node/%1/heartbeat"_s.arg(uuid), {})[u"success"_s], true);
    QVERIFY(m_sandbox->stop());
}

void TestSandboxMqtt::makesAnyWorkloadIfAsked()
{
    start({u"--mqtt-port"_s, u"0"_s, u"--control-plane"_s, u"mqtt"_s, u"--any-workload"_s});
    MqttAsker asker(m_sandbox->mqttPort());
    QVERIFY(asker.start());
    int status = 0;
    rest("GET", u"cloud-node-workloads/new"_s, {}, &status);
    QCOMPARE(status, 404);
    QCOMPARE(
        asker.ask(u"cloud-workload/new/update-status"_s, {{u"status"_s, u"failed"_s},
                                                          {u"error"_s, u"busy"_s},
                                                          {u"failure_detail"_s, u"busy"_s}})[u"success"_s],
        true);
    QCOMPARE(m_sandbox->workload(u"new"_s)[u"failure_message"_s], u"busy"_s);
    QVERIFY(m_sandbox->stop());
}

void TestSandboxMqtt::usesABrokerThatComesAndGoes()
{
    cloudnode::sandbox::BrokerProcess broker;
    start({u"--use-broker"_s, QString::number(broker.port()), u"--control-plane"_s, u"mqtt"_s});
    QSignalSpy ready(&broker, &cloudnode::sandbox::BrokerProcess::ready);
    for (int round = 1; round <= 2; ++round) {
        broker.start();
        WAIT_FOR_EQUAL(ready.size(), round);
        MqttAsker asker(broker.port());
        QVERIFY(asker.start());
        // Nobody may be there yet the first time; later its session is.
        WAIT_FOR_EQUAL(asker.publish(creation, QJsonDocument(wish).toJson(), {}).size() == 16 &&
                           QTest::qWaitFor([&] { return !asker.answers().isEmpty(); }, 1000),
                       true);
        broker.kill();
    }
    QVERIFY(m_sandbox->stop());
}

void TestSandboxMqtt::theEnvironmentSaysHowTestsAsk()
{
    const QStringList broker = {u"--mqtt-port"_s, u"0"_s};
    qputenv("CLOUDNODE_TEST_CONTROL_PLANE", "mqtt");
    const auto unset = qScopeGuard([] { qunsetenv("CLOUDNODE_TEST_CONTROL_PLANE"); });
    start(broker);
    QCOMPARE(m_sandbox->controlPlane(), u"mqtt"_s);
    start(broker + QStringList{u"--control-plane"_s, u"both"_s});
    QCOMPARE(m_sandbox->controlPlane(), u"both"_s);
    start({}); // there is nothing to ask over
    QCOMPARE(m_sandbox->controlPlane(), u"rest"_s);
}

QTEST_GUILESS_MAIN(TestSandboxMqtt)
#include "tst_sandboxmqtt.moc"
