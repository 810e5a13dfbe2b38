#include "wire/requestid.h"

#include <QTest>

using namespace Qt::Literals::StringLiterals;
using cloudnode::RequestId;

class TestRequestId : public QObject {
    Q_OBJECT

private slots:
    void parse_data();
    void parse();
    void key_data();
    void key();
    void keysOfDifferentTextsDiffer();
    void generatesFreshOnes();
};

void TestRequestId::parse_data()
{
    QTest::addColumn<QJsonValue>("value");
    QTest::addColumn<QString>("problem"); // empty: accepted
    QTest::newRow("a plain name") << QJsonValue(u"r-8f2c"_s) << QString();
    QTest::newRow("climbs out of the folder") << QJsonValue(u"../../etc"_s) << QString(); // never a path
    QTest::newRow("in Greek and emoji") << QJsonValue(u"αβγ 🚀"_s) << QString();
    QTest::newRow("a whole number") << QJsonValue(42) << QString();
    QTest::newRow("a fraction") << QJsonValue(4.2) << u"whole number"_s;
    QTest::newRow("a number no reader agrees on") << QJsonValue(1e300) << u"whole number"_s;
    QTest::newRow("has a line break") << QJsonValue(u"a\nb"_s) << u"unprintable"_s;
    QTest::newRow("has a NUL") << QJsonValue(QString(QChar(0))) << u"unprintable"_s;
    QTest::newRow("has half a surrogate pair") << QJsonValue(QString(QChar(0xD83D))) << u"unprintable"_s;
    QTest::newRow("empty") << QJsonValue(QString()) << u"empty"_s;
    QTest::newRow("too long") << QJsonValue(QString(513, u'x')) << u"longer"_s;
    QTest::newRow("null") << QJsonValue() << u"neither"_s;
    QTest::newRow("a truth value") << QJsonValue(true) << u"neither"_s;
}

void TestRequestId::parse()
{
    QFETCH(QJsonValue, value);
    QFETCH(QString, problem);
    const auto id = RequestId::parse(value);
    QCOMPARE(id.has_value(), problem.isEmpty());
    if (id)
        QCOMPARE(id->toJson(), value);
    else
        QVERIFY2(id.error().what.contains(problem), qPrintable(id.error().what));
}

void TestRequestId::key_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("pattern");
    const QString hashed = u"x[A-Za-z0-9_]{0,60}-[0-9a-f]{32}"_s;
    QTest::newRow("plain stays as it is") << u"r-8f2c.1_A"_s << u"r-8f2c\\.1_A"_s;
    QTest::newRow("a uuid stays as it is")
        << u"6c03af00-cf59-4a64-96c0-c4746bda05ba"_s << u"6c03af00-cf59-4a64-96c0-c4746bda05ba"_s;
    QTest::newRow("slashes") << u"../../etc/passwd"_s << hashed;
    QTest::newRow("dots alone") << u".."_s << hashed;
    QTest::newRow("an option") << u"-rf"_s << hashed;
    QTest::newRow("a long one") << QString(300, u'a') << hashed;
    QTest::newRow("one that looks like a key") << u"xa-0123456789abcdef0123456789abcdef"_s << hashed;
}

void TestRequestId::key()
{
    QFETCH(QString, text);
    QFETCH(QString, pattern);
    const QString key = RequestId::parse(text)->key();
    QVERIFY2(QRegularExpression(QRegularExpression::anchoredPattern(pattern)).match(key).hasMatch(),
             qPrintable(key));
}

void TestRequestId::keysOfDifferentTextsDiffer()
{
    const QStringList texts = {u"a/b"_s, u"a_b"_s, u"a b"_s, u"xa_b"_s, u"a//b"_s, u"a"_s, u"A"_s};
    QSet<QString> keys;
    for (const QString &text : texts)
        keys << RequestId::parse(text)->key();
    QCOMPARE(keys.size(), texts.size());
    // Nor can a caller write down the key of another's request.
    const QString other = RequestId::parse(u"a/b"_s)->key();
    QVERIFY(RequestId::parse(other)->key() != other);
}

void TestRequestId::generatesFreshOnes()
{
    QVERIFY(!(RequestId::generate() == RequestId::generate()));
}

QTEST_GUILESS_MAIN(TestRequestId)
#include "tst_requestid.moc"
