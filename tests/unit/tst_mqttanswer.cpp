#include "cloud/mqttanswer.h"

#include <QJsonDocument>
#include <QTest>

using namespace Qt::Literals::StringLiterals;
using namespace cloudnode;
using Kind = CloudError::Kind;

namespace {

CloudError errorOf(const CloudResult<QJsonObject> &answer)
{
    return answer ? CloudError{Kind::Unavailable, -1, {u"it succeeded"_s, {}, {}}, {}} : answer.error();
}

} // namespace

class TestMqttAnswer : public QObject {
    Q_OBJECT

private slots:
    void isTheObjectOfASuccess();
    void knowsAFailureByItsCode_data();
    void knowsAFailureByItsCode();
    void needsTheWordSuccess_data();
    void needsTheWordSuccess();
    void isNoAnswerAtAll_data();
    void isNoAnswerAtAll();
    void cutsLongTextsShort();
};

void TestMqttAnswer::isTheObjectOfASuccess()
{
    const auto answer = judgeMqttAnswer(R"({"success": true, "uuid": "u", "code": 200})", u"register"_s);
    QVERIFY(answer);
    QCOMPARE(answer->value("uuid"_L1), u"u"_s);
}

void TestMqttAnswer::knowsAFailureByItsCode_data()
{
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<Kind>("kind");
    QTest::addColumn<int>("status");
    const auto row = [](const char *name, const QByteArray &answer, Kind kind, int status) {
        QTest::newRow(name) << answer << kind << status;
    };
    row("the token is wrong", R"({"success": false, "code": 401})", Kind::Unauthorized, 401);
    row("the token may not", R"({"success": false, "code": 403})", Kind::Unauthorized, 403);
    row("not known", R"({"success": false, "code": 404})", Kind::NotFound, 404);
    row("refused", R"({"success": false, "code": 400, "message": "no"})", Kind::Refused, 400);
    row("another's", R"({"success": false, "code": 409})", Kind::Refused, 409);
    row("too often", R"({"success": false, "code": 429})", Kind::Unavailable, 429);
    row("broken", R"({"success": false, "code": 500})", Kind::Unavailable, 500);
    row("away", R"({"success": false, "code": 503})", Kind::Unavailable, 503);
    row("without a code", R"({"success": false, "message": "no"})", Kind::Unavailable, 0);
    row("with a code that says success", R"({"success": false, "code": 200})", Kind::Unavailable, 0);
    row("with a code that is none", R"({"success": false, "code": "401"})", Kind::Unavailable, 0);
    row("terminated", R"({"success": false, "code": 400, "message": "The node is TERMINATED"})",
        Kind::NotFound, 404);
    row("termination under way", R"({"success": false, "code": 400, "message": "terminating"})",
        Kind::NotFound, 404);
    row("terminated, but for another reason", R"({"success": false, "code": 409, "message": "terminated"})",
        Kind::Refused, 409);
    row("not found, in words", R"({"success": false, "message": "Instance Not Found"})", Kind::NotFound, 404);
    row("not found, but for another reason",
        R"({"success": false, "code": 500, "message": "Table not found"})", Kind::Unavailable, 500);
}

void TestMqttAnswer::knowsAFailureByItsCode()
{
    QFETCH(const QByteArray, answer);
    const CloudError error = errorOf(judgeMqttAnswer(answer, u"heartbeat of u"_s));
    QTEST(error.kind, "kind");
    QTEST(error.httpStatus, "status");
    QCOMPARE(error.error.where, u"heartbeat of u"_s);
    QVERIFY(!error.error.what.isEmpty());
    const QString words = QJsonDocument::fromJson(answer).object().value("message"_L1).toString();
    QVERIFY2(error.error.what.contains(words), qPrintable(error.error.what));
}

void TestMqttAnswer::needsTheWordSuccess_data()
{
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<bool>("otherwise"); // where the word may be missing
    QTest::newRow("missing") << QByteArray(R"({"signed_url": "u"})") << true;
    QTest::newRow("false") << QByteArray(R"({"success": false, "signed_url": "u"})") << false;
    QTest::newRow("null") << QByteArray(R"({"success": null, "signed_url": "u"})") << false;
    QTest::newRow("text") << QByteArray(R"({"success": "true", "signed_url": "u"})") << false;
    QTest::newRow("a number") << QByteArray(R"({"success": 1, "signed_url": "u"})") << false;
}

void TestMqttAnswer::needsTheWordSuccess()
{
    QFETCH(const QByteArray, answer);
    QFETCH(const bool, otherwise);
    QVERIFY(!judgeMqttAnswer(answer, u"request-signed-url"_s));
    QCOMPARE(judgeMqttAnswer(answer, u"request-signed-url"_s, true).has_value(), otherwise);
}

void TestMqttAnswer::isNoAnswerAtAll_data()
{
    QTest::addColumn<QByteArray>("answer");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("a page") << QByteArray("<html>");
    QTest::newRow("half") << QByteArray(R"({"success": true, )");
    QTest::newRow("a list") << QByteArray("[]");
    QTest::newRow("nothing") << QByteArray("null");
    QTest::newRow("bytes") << QByteArray("\xc3\x28\x00", 3);
}

void TestMqttAnswer::isNoAnswerAtAll()
{
    QFETCH(const QByteArray, answer);
    for (const bool successMayBeMissing : {false, true}) {
        const CloudError error = errorOf(judgeMqttAnswer(answer, u"register of u"_s, successMayBeMissing));
        QVERIFY(error.kind == Kind::Unavailable);
        QCOMPARE(error.httpStatus, 0);
        QVERIFY2(error.error.what.contains(u"JSON"_s), qPrintable(error.error.what));
        QCOMPARE(error.error.where, u"register of u"_s);
    }
}

void TestMqttAnswer::cutsLongTextsShort()
{
    const QJsonObject answer{{u"success"_s, false}, {u"message"_s, QString(1'000'000, u'x')}};
    const CloudError error = errorOf(judgeMqttAnswer(QJsonDocument(answer).toJson(), u"register"_s));
    QVERIFY(error.error.text().size() < 1000);
    QVERIFY(error.error.what.contains(u"xxx"_s));
}

QTEST_GUILESS_MAIN(TestMqttAnswer)
#include "tst_mqttanswer.moc"
