#include "sandbox/mqttcontract.h"

#include <QTest>

using namespace Qt::Literals::StringLiterals;
using namespace cloudnode::sandbox;

Q_DECLARE_METATYPE(cloudnode::sandbox::Operation)

namespace {

MqttRequest request(const QString &topic, const QByteArray &payload)
{
    return {.topic = u"cyberwave/"_s + topic,
            .payload = payload,
            .responseTopic = u"cyberwave/response/c"_s,
            .correlation = "0123456789abcdef",
            .userProperties = {{u"X-API-Token"_s, u"hush"_s}}};
}

const QString status = u"cloud-workload/w/update-status"_s;

} // namespace

/// What is not the payload's is held against the contract by integration/sandboxmqtt, with a real broker.
class TestMqttContract : public QObject {
    Q_OBJECT

private slots:
    void accepts_data();
    void accepts();
    void refuses_data();
    void refuses();
    void knowsRequestsByTheirTopic_data();
    void knowsRequestsByTheirTopic();
    void hidesTheToken_data();
    void hidesTheToken();
    void thePrefixOfTheAnswerIsThatOfTheRequest();
};

void TestMqttContract::accepts_data()
{
    QTest::addColumn<QString>("topic");
    QTest::addColumn<QByteArray>("payload");
    QTest::addColumn<Operation>("operation");
    QTest::addColumn<QString>("uuid");
    QTest::newRow("create") << u"cloud-node-token/hush/request-instance"_s
                            << QByteArray(
                                   R"({"profile_slug":"p","provider":"self-hosted","visibility":"private"})")
                            << Operation::Create << QString();
    QTest::newRow("register") << u"cloud-node/u/register"_s << QByteArray(R"({"profile_slug":"p"})")
                              << Operation::Register << u"u"_s;
    QTest::newRow("heartbeat") << u"cloud-node/u/heartbeat"_s << QByteArray("{}") << Operation::Heartbeat
                               << u"u"_s;
    QTest::newRow("logs") << u"cloud-node/u/logs"_s
                          << QByteArray(R"({"instance_uuid":"u","log_type":"stderr","log_content":""})")
                          << Operation::Log << u"u"_s;
    QTest::newRow("terminate") << u"cloud-node/u/terminate"_s << QByteArray("{}") << Operation::Terminated
                               << u"u"_s;
    QTest::newRow("fail") << u"cloud-node/u/fail"_s << QByteArray(R"({"instance_uuid":"u","error":"oops"})")
                          << Operation::Failed << u"u"_s;
    QTest::newRow("a signed URL") << u"cloud-workload/w/request-signed-url"_s
                                  << QByteArray(R"({"filename":"a/b"})") << Operation::SignedUrl << u"w"_s;
    QTest::newRow("results") << u"cloud-workload/w/upload-results"_s
                             << QByteArray(
                                    R"({"filenames":["a"],"signed_urls":["u"],"attachment_uuids":["x"]})")
                             << Operation::UploadResults << u"w"_s;
    for (const char *update :
         {R"({"status":"running","message":"m","pid":7})",
          R"({"status":"finalizing","message":"m","file_count":0})",
          R"({"status":"completed","success":true,"exit_code":0})",
          R"({"status":"completed","success":false})",
          R"({"status":"completed","success":false,"exit_code":-9,"error":"e","stderr":""})",
          R"({"status":"completed","success":false,"exit_code":0,"error":"out of time"})",
          R"({"status":"failed","error":"e","failure_detail":"e"})",
          R"({"status":"failed","error":"e","success":false})",
          R"({"status":"failed","message":"m","signal":"SIGTERM","pid":7})",
          R"({"status":"cancelled","message":"m","signal":"SIGTERM","pid":7})"})
        QTest::newRow(update) << status << QByteArray(update) << Operation::WorkloadStatus << u"w"_s;
}

void TestMqttContract::accepts()
{
    QFETCH(QString, topic);
    QFETCH(QByteArray, payload);
    QFETCH(Operation, operation);
    QFETCH(QString, uuid);
    const auto call = checkContract(request(topic, payload));
    QVERIFY2(call, call ? "" : qPrintable(call.error().text()));
    QCOMPARE(toString(call->operation), toString(operation));
    QCOMPARE(call->uuid, uuid);
    QCOMPARE(call->token, u"hush"_s);
}

void TestMqttContract::refuses_data()
{
    QTest::addColumn<QString>("topic");
    QTest::addColumn<QByteArray>("payload");
    QTest::addColumn<QString>("problem");
    const QString creation = u"cloud-node-token/hush/request-instance"_s;
    QTest::newRow("no provider") << creation << QByteArray(R"({"profile_slug":"p","visibility":"private"})")
                                 << u"\"provider\" is missing"_s;
    QTest::newRow("no visibility") << creation
                                   << QByteArray(R"({"profile_slug":"p","provider":"self-hosted"})")
                                   << u"\"visibility\" is missing"_s;
    QTest::newRow("nobody's heartbeat")
        << u"cloud-node//heartbeat"_s << QByteArray("{}") << u"no such topic"_s;
    QTest::newRow("logs of another") << u"cloud-node/u/logs"_s
                                     << QByteArray(
                                            R"({"instance_uuid":"v","log_type":"stdout","log_content":"a"})")
                                     << u"the topic says otherwise"_s;
    QTest::newRow("the REST API's verb")
        << u"cloud-node/u/terminated"_s << QByteArray("{}") << u"no such topic"_s;
    QTest::newRow("a file elsewhere") << u"cloud-workload/w/request-signed-url"_s
                                      << QByteArray(R"({"filename":"../a"})") << u"not the relative path"_s;
    const auto update = [](const char *name, const char *payload, const QString &problem) {
        QTest::newRow(name) << status << QByteArray(payload) << problem;
    };
    update("no status", "{}", u"\"status\" is missing"_s);
    update("a status that is the backend's", R"({"status":"assigned"})", u"expected one of"_s);
    update("a pid that is text", R"({"status":"running","message":"m","pid":"7"})", u"not a whole number"_s);
    update("half a pid", R"({"status":"running","message":"m","pid":7.5})", u"not a whole number"_s);
    update("running and over", R"({"status":"running","message":"m","pid":7,"exit_code":0})",
           u"does not belong"_s);
    update("files uncounted", R"({"status":"finalizing","message":"m"})", u"\"file_count\" is missing"_s);
    update("an end of either kind", R"({"status":"completed"})", u"\"success\" is missing"_s);
    update("a success that is none", R"({"status":"completed","success":true,"exit_code":3})",
           u"does not fit"_s);
    update("a failure that is none", R"({"status":"completed","success":false,"exit_code":0})",
           u"does not fit"_s);
    update("a success with an error", R"({"status":"completed","success":true,"error":"e"})",
           u"failure only"_s);
    update("a failure without a reason", R"({"status":"failed","pid":7})", u"why it failed"_s);
    update("a failure that is a success", R"({"status":"failed","error":"e","success":true})",
           u"does not fit"_s);
    update("a long error",
           (R"({"status":"completed","success":false,"error":")" + QByteArray(301, 'x') + "\"}").constData(),
           u"has 301 characters"_s);
    update(
        "a long stderr",
        (R"({"status":"completed","success":false,"stderr":")" + QByteArray(2001, 'x') + "\"}").constData(),
        u"has 2001 characters"_s);
}

void TestMqttContract::refuses()
{
    QFETCH(QString, topic);
    QFETCH(QByteArray, payload);
    QFETCH(QString, problem);
    const auto call = checkContract(request(topic, payload));
    QVERIFY(!call);
    QVERIFY2(call.error().text().contains(problem), qPrintable(call.error().text()));
    QVERIFY(!call.error().text().contains(u"hush"_s));
}

void TestMqttContract::knowsRequestsByTheirTopic_data()
{
    QTest::addColumn<QString>("topic");
    QTest::addColumn<bool>("isRequest");
    QTest::newRow("a request") << u"cyberwave/cloud-node/u/heartbeat"_s << true;
    QTest::newRow("below a prefix") << u"localcyberwave/cloud-node/u/heartbeat"_s << true;
    QTest::newRow("one that nobody knows") << u"cyberwave/cloud-workload/w/dance"_s << true;
    QTest::newRow("a command") << u"cyberwave/cloud-node/u/command"_s << false;
    QTest::newRow("a response to one") << u"dev/cyberwave/cloud-node/u/response"_s << false;
    QTest::newRow("an answer") << u"cyberwave/response/c"_s << false;
    QTest::newRow("something else") << u"weather/today"_s << false;
}

void TestMqttContract::knowsRequestsByTheirTopic()
{
    QFETCH(QString, topic);
    QFETCH(bool, isRequest);
    QCOMPARE(isRequestTopic(topic), isRequest);
}

void TestMqttContract::hidesTheToken_data()
{
    QTest::addColumn<QString>("topic");
    QTest::addColumn<QString>("shown");
    QTest::newRow("as it should be") << u"dev/cyberwave/cloud-node-token/hush/request-instance"_s
                                     << u"dev/cyberwave/cloud-node-token/****/request-instance"_s;
    QTest::newRow("a token with a slash") << u"cyberwave/cloud-node-token/hu/sh/request-instance"_s
                                          << u"cyberwave/cloud-node-token/****/request-instance"_s;
    QTest::newRow("no verb") << u"cyberwave/cloud-node-token/hu/sh"_s
                             << u"cyberwave/cloud-node-token/****/****"_s;
    QTest::newRow("no token") << u"cyberwave/cloud-node/u/heartbeat"_s
                              << u"cyberwave/cloud-node/u/heartbeat"_s;
}

void TestMqttContract::hidesTheToken()
{
    QFETCH(QString, topic);
    QFETCH(QString, shown);
    QCOMPARE(withoutToken(topic), shown);
}

void TestMqttContract::thePrefixOfTheAnswerIsThatOfTheRequest()
{
    MqttRequest elsewhere = request(u"cloud-node/u/heartbeat"_s, "{}");
    elsewhere.topic.prepend(u"dev/"_s);
    QVERIFY(!checkContract(elsewhere));
    QVERIFY(!canBeAnswered(elsewhere));
    elsewhere.responseTopic.prepend(u"dev/"_s);
    QVERIFY(checkContract(elsewhere));
    for (const QString &client : {QString(), u"a/b"_s, u"+"_s, u"#"_s}) {
        elsewhere.responseTopic = u"dev/cyberwave/response/"_s + client;
        QVERIFY(!canBeAnswered(elsewhere));
    }
}

QTEST_GUILESS_MAIN(TestMqttContract)
#include "tst_mqttcontract.moc"
