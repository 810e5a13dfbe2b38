#include "control/controlprotocol.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

using namespace Qt::Literals::StringLiterals;
namespace protocol = cloudnode::controlprotocol;
using cloudnode::JsonText;
using protocol::Code;

Q_DECLARE_METATYPE(cloudnode::controlprotocol::Code)

class TestControlProtocol : public QObject {
    Q_OBJECT

private slots:
    void acceptsRequests_data();
    void acceptsRequests();
    void rejectsWhatIsNone_data();
    void rejectsWhatIsNone();
    void countsOnlyRealNesting_data();
    void countsOnlyRealNesting();
    void answersUnderTheIdAsItCame_data();
    void answersUnderTheIdAsItCame();
    void errorsKeepTheirThreeParts();
    void everyMessageIsOneLine();
    void readsItsOwnRequests();
    void readsWhatTheNodeSends_data();
    void readsWhatTheNodeSends();
    void tellsWhatTheNodeMustNotSend_data();
    void tellsWhatTheNodeMustNotSend();
};

void TestControlProtocol::acceptsRequests_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<QJsonObject>("params");
    QTest::addColumn<bool>("wantsAnswer");
    QTest::newRow("without params") << R"({"jsonrpc":"2.0","id":1,"method":"m"})"_ba << QJsonObject() << true;
    QTest::newRow("with params by name") << R"({"jsonrpc":"2.0","id":1,"method":"m","params":{"a":[1]}})"_ba
                                         << QJsonObject{{u"a"_s, QJsonArray{1}}} << true;
    QTest::newRow("with a line break of another system")
        << "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"m\"}\r"_ba << QJsonObject() << true;
    QTest::newRow("with id null, which wants an answer all the same")
        << R"({"jsonrpc":"2.0","id":null,"method":"m"})"_ba << QJsonObject() << true;
    QTest::newRow("without id, hence a notification")
        << R"({"jsonrpc":"2.0","method":"m"})"_ba << QJsonObject() << false;
}

void TestControlProtocol::acceptsRequests()
{
    QFETCH(QByteArray, line);
    const auto request = protocol::parseRequest(line);
    QVERIFY(request.has_value());
    QCOMPARE(request->method, u"m"_s);
    QTEST(request->params, "params");
    QTEST(request->wantsAnswer(), "wantsAnswer");
}

void TestControlProtocol::rejectsWhatIsNone_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<Code>("code");
    QTest::addColumn<QJsonValue>("id");
    const QJsonValue none(QJsonValue::Null);
    QTest::newRow("empty") << ""_ba << Code::ParseError << none;
    QTest::newRow("no JSON") << "hello"_ba << Code::ParseError << none;
    QTest::newRow("cut off") << R"({"jsonrpc":"2.0","id":1,"me)"_ba << Code::ParseError << none;
    QTest::newRow("two messages in one line")
        << R"({"jsonrpc":"2.0","id":1,"method":"m"}{})"_ba << Code::ParseError << none;
    QTest::newRow("no UTF-8") << "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"\xff\"}"_ba << Code::ParseError
                              << none;
    QTest::newRow("a batch") << R"([{"jsonrpc":"2.0","id":1,"method":"m"}])"_ba << Code::InvalidRequest
                             << none;
    QTest::newRow("of another version")
        << R"({"jsonrpc":"1.0","id":1,"method":"m"})"_ba << Code::InvalidRequest << QJsonValue(1);
    QTest::newRow("of no version") << R"({"id":"x","method":"m"})"_ba << Code::InvalidRequest
                                   << QJsonValue(u"x"_s);
    QTest::newRow("no method") << R"({"jsonrpc":"2.0","id":1})"_ba << Code::InvalidRequest << QJsonValue(1);
    QTest::newRow("method is a number")
        << R"({"jsonrpc":"2.0","id":1,"method":7})"_ba << Code::InvalidRequest << QJsonValue(1);
    QTest::newRow("id is an object") << R"({"jsonrpc":"2.0","id":{},"method":"m"})"_ba << Code::InvalidRequest
                                     << none;
    QTest::newRow("id is a truth value")
        << R"({"jsonrpc":"2.0","id":true,"method":"m"})"_ba << Code::InvalidRequest << none;
    QTest::newRow("params by position")
        << R"({"jsonrpc":"2.0","id":1,"method":"m","params":[1]})"_ba << Code::InvalidParams << QJsonValue(1);
    QTest::newRow("params null") << R"({"jsonrpc":"2.0","id":1,"method":"m","params":null})"_ba
                                 << Code::InvalidParams << QJsonValue(1);
    QTest::newRow("larger than allowed")
        << QByteArray(protocol::maxRequestBytes + 1, ' ') << Code::RequestTooLarge << none;
    QTest::newRow("deeper than any parser likes")
        << QByteArray(30'000, '[') + QByteArray(30'000, ']') << Code::InvalidRequest << none;
}

void TestControlProtocol::rejectsWhatIsNone()
{
    QFETCH(QByteArray, line);
    const auto request = protocol::parseRequest(line);
    QVERIFY(!request.has_value());
    QTEST(request.error().failure.code, "code");
    QTEST(request.error().id, "id");
    QVERIFY(!request.error().failure.error.what.isEmpty());
}

void TestControlProtocol::countsOnlyRealNesting_data()
{
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<bool>("accepted");
    // The request and its params are two levels themselves.
    const int free = protocol::maxRequestDepth - 2;
    QTest::newRow("as deep as allowed") << QByteArray(free, '[') + QByteArray(free, ']') << true;
    QTest::newRow("one level more") << QByteArray(free + 1, '[') + QByteArray(free + 1, ']') << false;
    QTest::newRow("side by side") << '[' + QByteArray("[],").repeated(100) + "[]]" << true;
    QTest::newRow("within a string") << '"' + QByteArray(100, '[') + '"' << true;
    QTest::newRow("after a quote within a string") << R"("\"[[[[[[[[[[[[[[[[[[[[[[")"_ba << true;
    QTest::newRow("after a string that ends with a backslash")
        << R"(["\\",)"_ba + QByteArray(free, '[') + QByteArray(free, ']') + ']' << false;
}

void TestControlProtocol::countsOnlyRealNesting()
{
    QFETCH(QByteArray, value);
    const auto request =
        protocol::parseRequest(R"({"jsonrpc":"2.0","id":1,"method":"m","params":{"v":)" + value + "}}");
    QTEST(request.has_value(), "accepted");
}

void TestControlProtocol::answersUnderTheIdAsItCame_data()
{
    QTest::addColumn<QByteArray>("id");
    QTest::newRow("a number") << "7"_ba;
    QTest::newRow("a large number") << "9007199254740993"_ba;
    QTest::newRow("a fraction") << "1.5"_ba;
    QTest::newRow("a text") << R"("7")"_ba;
    QTest::newRow("null") << "null"_ba;
}

void TestControlProtocol::answersUnderTheIdAsItCame()
{
    QFETCH(QByteArray, id);
    const auto request = protocol::parseRequest(R"({"jsonrpc":"2.0","method":"m","id":)" + id + '}');
    QVERIFY(request.has_value());
    QCOMPARE(protocol::result(request->id, JsonText().add("n", 1)),
             R"({"jsonrpc":"2.0","id":)" + id + R"(,"result":{"n":1}})" + '\n');
}

void TestControlProtocol::errorsKeepTheirThreeParts()
{
    const cloudnode::Error error{u"what is wrong"_s, u"where"_s, u"Do this."_s};
    const QByteArray line = protocol::failure(3, {Code::Refused, error});
    QCOMPARE(QJsonDocument::fromJson(line).object().value(u"error"_s).toObject().value(u"code"_s).toInt(), 1);
    const auto message = protocol::parseMessage(line.trimmed());
    QVERIFY(message.has_value());
    const auto &reply = std::get<protocol::Reply>(*message);
    QCOMPARE(reply.id, std::optional<qint64>(3));
    QVERIFY(reply.result.error() == error);
    QVERIFY(!protocol::failure(3, {Code::Refused, {u"only what"_s, {}, {}}}).contains("data"));
}

void TestControlProtocol::everyMessageIsOneLine()
{
    const QString lines = u"first\nsecond\r\n\u2028third"_s;
    const QJsonObject object{{lines, lines}};
    const QList<QByteArray> messages = {
        protocol::request(1, lines, object),
        protocol::result(lines, JsonText().add("text", lines)),
        protocol::failure(lines, {Code::Refused, {lines, lines, lines}}),
        protocol::notification("event", QJsonDocument(object).toJson(QJsonDocument::Compact)),
    };
    for (const QByteArray &message : messages) {
        QCOMPARE(message.count('\n'), 1);
        QVERIFY(message.endsWith('\n'));
    }
}

void TestControlProtocol::readsItsOwnRequests()
{
    const auto request = protocol::parseRequest(protocol::request(5, u"m"_s, {{u"a"_s, 1}}));
    QVERIFY(request.has_value());
    QCOMPARE(request->id, QJsonValue(5));
    QCOMPARE(request->method, u"m"_s);
    QCOMPARE(request->params, (QJsonObject{{u"a"_s, 1}}));
}

void TestControlProtocol::readsWhatTheNodeSends_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<bool>("isReply");
    QTest::addColumn<bool>("hasId");
    QTest::newRow("a result") << protocol::result(1, JsonText()) << true << true;
    QTest::newRow("a result that is null") << R"({"jsonrpc":"2.0","id":1,"result":null})"_ba << true << true;
    QTest::newRow("an error without id")
        << protocol::failure(QJsonValue::Null, {Code::TooManyClients, {u"full"_s, {}, {}}}) << true << false;
    QTest::newRow("a notification") << protocol::notification("event", "{}") << false << false;
}

void TestControlProtocol::readsWhatTheNodeSends()
{
    QFETCH(QByteArray, line);
    QFETCH(bool, isReply);
    const auto message = protocol::parseMessage(line);
    QVERIFY(message.has_value());
    QCOMPARE(std::holds_alternative<protocol::Reply>(*message), isReply);
    if (isReply)
        QTEST(std::get<protocol::Reply>(*message).id.has_value(), "hasId");
}

void TestControlProtocol::tellsWhatTheNodeMustNotSend_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::newRow("nothing") << ""_ba;
    QTest::newRow("no JSON") << "HTTP/1.1 400 Bad Request"_ba;
    QTest::newRow("neither result nor error") << R"({"jsonrpc":"2.0","id":1})"_ba;
    QTest::newRow("a list") << "[]"_ba;
}

void TestControlProtocol::tellsWhatTheNodeMustNotSend()
{
    QFETCH(QByteArray, line);
    QVERIFY(!protocol::parseMessage(line).has_value());
}

QTEST_GUILESS_MAIN(TestControlProtocol)
#include "tst_controlprotocol.moc"
