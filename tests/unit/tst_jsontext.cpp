#include "base/jsontext.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>
#include <QTimeZone>

#include <limits>

using namespace Qt::Literals::StringLiterals;
using cloudnode::JsonText;

/// What it writes, as Qt reads it.
class TestJsonText : public QObject {
    Q_OBJECT

private slots:
    void writesText_data();
    void writesText();
    void writesAnyValue_data();
    void writesAnyValue();
    void writesNumbers();
    void writesTimes();
    void writesWhatThereIsNone();
    void writesObjects();
    void isOneLine();
};

namespace {

QJsonObject parsed(const JsonText &text)
{
    QJsonParseError problem;
    const QJsonDocument document = QJsonDocument::fromJson(text.object(), &problem);
    if (problem.error != QJsonParseError::NoError)
        qFatal("no JSON: %s", text.object().constData());
    return document.object();
}

} // namespace

void TestJsonText::writesText_data()
{
    QTest::addColumn<QString>("text");
    QTest::newRow("none") << QString();
    QTest::newRow("letters") << u"plain"_s;
    QTest::newRow("what JSON has other uses for") << u"a \"quoted\" \\ word, {braces}, [brackets]"_s;
    QTest::newRow("control characters") << u"\n\r\t\0\u001b"_s + QChar(0x7f);
    QTest::newRow("every alphabet") << u"αβγ, ü, 漢字, 🚀"_s;
    QTest::newRow("letters around others") << u"ab\u00fccd\"ef\u00e9"_s;
    QTest::newRow("long") << u"x"_s.repeated(100'000);
}

void TestJsonText::writesText()
{
    QFETCH(QString, text);
    QCOMPARE(parsed(JsonText().add("key", text)), (QJsonObject{{u"key"_s, text}}));
}

void TestJsonText::writesAnyValue_data()
{
    QTest::addColumn<QJsonValue>("value");
    QTest::newRow("null") << QJsonValue(QJsonValue::Null);
    QTest::newRow("true") << QJsonValue(true);
    QTest::newRow("text") << QJsonValue(u"text"_s);
    QTest::newRow("a whole number") << QJsonValue(42);
    QTest::newRow("one that a double cannot hold") << QJsonValue(Q_INT64_C(9007199254740993));
    QTest::newRow("a negative one") << QJsonValue(-1);
    QTest::newRow("a fraction") << QJsonValue(0.1);
    QTest::newRow("a huge number") << QJsonValue(1e300);
    QTest::newRow("an object") << QJsonValue(QJsonObject{{u"a"_s, QJsonArray{1, u"b"_s}}});
    QTest::newRow("an array") << QJsonValue(QJsonArray{1, QJsonValue::Null, QJsonObject()});
}

void TestJsonText::writesAnyValue()
{
    QFETCH(QJsonValue, value);
    QCOMPARE(parsed(JsonText().add("key", value)).value("key"_L1), value);
}

void TestJsonText::writesNumbers()
{
    QCOMPARE(JsonText().add("n", 3).add("m", qint64(8) << 30).add("d", 0.25).add("w", 2.0).object(),
             R"({"n":3,"m":8589934592,"d":0.25,"w":2})");
    for (const double number : {0.1, 1.0 / 3, 1e-300, -740.5, std::numeric_limits<double>::max()})
        QCOMPARE(parsed(JsonText().add("d", number)).value("d"_L1).toDouble(), number);
}

void TestJsonText::writesTimes()
{
    const QDateTime time(QDate(2026, 2, 28), QTime(9, 30, 0, 125), QTimeZone::utc());
    QCOMPARE(JsonText().add("at", time).object(), R"({"at":"2026-02-28T09:30:00.125Z"})");
}

void TestJsonText::writesWhatThereIsNone()
{
    QCOMPARE(JsonText()
                 .add("a", std::optional<int>())
                 .add("b", std::optional(true))
                 .add("c", QJsonValue(QJsonValue::Undefined))
                 .addNull("d")
                 .object(),
             R"({"a":null,"b":true,"c":null,"d":null})");
    QCOMPARE(JsonText().object(), "{}");
}

void TestJsonText::writesObjects()
{
    const JsonText inner = JsonText().add("n", 1);
    QCOMPARE(JsonText()
                 .add("one", inner)
                 .add("many", QList<JsonText>{inner, inner})
                 .add("none", QList<JsonText>())
                 .addText("text", R"({"n":2})")
                 .object(),
             R"({"one":{"n":1},"many":[{"n":1},{"n":1}],"none":[],"text":{"n":2}})");
}

void TestJsonText::isOneLine()
{
    const QByteArray line = JsonText().add("key", u"two\nlines"_s).line();
    QCOMPARE(line.count('\n'), 1);
    QVERIFY(line.endsWith('\n'));
}

QTEST_GUILESS_MAIN(TestJsonText)
#include "tst_jsontext.moc"
