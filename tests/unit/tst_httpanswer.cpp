#include "cloud/httpanswer.h"

#include <QTest>

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;
using namespace cloudnode;
using Kind = CloudError::Kind;

Q_DECLARE_METATYPE(cloudnode::CloudError::Kind)

class TestHttpAnswer : public QObject {
    Q_OBJECT

private slots:
    void judgesErrors_data();
    void judgesErrors();
    void judgesSuccess_data();
    void judgesSuccess();
    void parsesRetryAfter_data();
    void parsesRetryAfter();
    void cutsLongExplanations();
};

void TestHttpAnswer::judgesErrors_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<Kind>("kind");
    QTest::addColumn<QString>("words");
    QTest::newRow("a wrong token") << 401 << QByteArray(R"({"detail":"Invalid token."})")
                                   << Kind::Unauthorized << u"Invalid token."_s;
    QTest::newRow("another's workspace") << 403 << QByteArray("{}") << Kind::Unauthorized << u"no access"_s;
    QTest::newRow("an unknown instance")
        << 404 << QByteArray(R"({"message":"No such node"})") << Kind::NotFound << u"No such node"_s;
    QTest::newRow("a refusal with a message")
        << 400 << QByteArray(R"({"message":"slug taken","detail":"x"})") << Kind::Refused << u"slug taken"_s;
    QTest::newRow("a refusal with a list of details")
        << 422 << QByteArray(R"({"detail":[{"loc":["body","slug"],"msg":"too long"}]})") << Kind::Refused
        << u"too long"_s;
    QTest::newRow("a refusal in plain text")
        << 400 << QByteArray("go\naway") << Kind::Refused << u": go away"_s;
    QTest::newRow("a method not allowed") << 405 << QByteArray() << Kind::Refused << u"HTTP 405"_s;
    QTest::newRow("a request timeout") << 408 << QByteArray() << Kind::Unavailable << u"HTTP 408"_s;
    QTest::newRow("too early") << 425 << QByteArray() << Kind::Unavailable << u"HTTP 425"_s;
    QTest::newRow("too many requests") << 429 << QByteArray() << Kind::Unavailable << u"HTTP 429"_s;
    QTest::newRow("an internal error") << 500 << QByteArray() << Kind::Unavailable << u"HTTP 500"_s;
    QTest::newRow("a page of a proxy")
        << 502 << QByteArray("<html>Bad gateway</html>") << Kind::Unavailable << u"Bad gateway"_s;
    QTest::newRow("a redirect") << 302 << QByteArray() << Kind::Unavailable << u"redirects"_s;
    QTest::newRow("no JSON") << 200 << QByteArray("<html>") << Kind::Unavailable << u"not JSON"_s;
    QTest::newRow("JSON, but no object")
        << 200 << QByteArray("[1]") << Kind::Unavailable << u"not an object"_s;
    QTest::newRow("nothing at all") << 204 << QByteArray() << Kind::Unavailable << u"empty"_s;
    QTest::newRow("a success that is none")
        << 200 << QByteArray(R"({"success":false,"message":"busy"})") << Kind::Unavailable << u": busy"_s;
}

void TestHttpAnswer::judgesErrors()
{
    QFETCH(int, status);
    QFETCH(QByteArray, body);
    QFETCH(Kind, kind);
    QFETCH(QString, words);
    const auto result = judge({status, body, {}, "https://elsewhere.example/?key=1"}, u"http://here/x"_s);
    QVERIFY(!result);
    QCOMPARE(result.error().kind, kind);
    QCOMPARE(result.error().httpStatus, status);
    QCOMPARE(result.error().error.where, u"http://here/x"_s);
    const QString text = result.error().error.text();
    QVERIFY2(text.contains(words), qPrintable(text));
    QVERIFY2(!text.contains(u"key=1"_s) && !text.contains(u'\n'), qPrintable(text));
}

void TestHttpAnswer::judgesSuccess_data()
{
    QTest::addColumn<int>("status");
    QTest::newRow("200 OK") << 200;
    QTest::newRow("201 created") << 201;
    QTest::newRow("202 accepted") << 202;
    QTest::newRow("299, the last of them") << 299;
}

void TestHttpAnswer::judgesSuccess()
{
    QFETCH(int, status);
    const auto result = judge({status, R"( {"uuid":"u"} )", {}, {}}, {});
    QVERIFY(result);
    QCOMPARE(result->value(u"uuid"_s).toString(), u"u"_s);
}

void TestHttpAnswer::parsesRetryAfter_data()
{
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<int>("wait"); // -1: none
    QTest::newRow("missing") << QByteArray() << -1;
    QTest::newRow("seconds") << QByteArray(" 120 ") << 120;
    QTest::newRow("zero") << QByteArray("0") << 0;
    QTest::newRow("more than anyone waits") << QByteArray("86400") << 3600;
    QTest::newRow("more than a number holds") << QByteArray("99999999999999999999999") << 3600;
    QTest::newRow("negative") << QByteArray("-5") << -1;
    QTest::newRow("a date to come") << QByteArray("Sun, 06 Nov 1994 08:49:37 GMT") << 37;
    QTest::newRow("a date long past") << QByteArray("Sun, 06 Nov 1983 08:49:37 GMT") << 0;
    QTest::newRow("a date too far away") << QByteArray("Mon, 06 Nov 1995 08:49:37 GMT") << 3600;
    QTest::newRow("nonsense") << QByteArray("soon") << -1;
}

void TestHttpAnswer::parsesRetryAfter()
{
    QFETCH(QByteArray, value);
    QFETCH(int, wait);
    const QDateTime now(QDate(1994, 11, 6), QTime(8, 49), Qt::UTC);
    const auto parsed = parseRetryAfter(value, now);
    QCOMPARE(parsed ? static_cast<int>(parsed->count()) : -1, wait);
}

void TestHttpAnswer::cutsLongExplanations()
{
    const auto result = judge({400, QByteArray(100'000, 'x'), {}, {}}, {});
    QVERIFY(!result);
    QVERIFY(result.error().error.what.size() < 1000);
}

QTEST_GUILESS_MAIN(TestHttpAnswer)
#include "tst_httpanswer.moc"
