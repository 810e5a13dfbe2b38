#include "base/secretmask.h"

#include <QTest>

using cloudnode::SecretMask;

class TestSecretMask : public QObject {
    Q_OBJECT

private slots:
    void mask_data();
    void mask();
    void unfinished_data();
    void unfinished();
    void masksEscapedForms_data();
    void masksEscapedForms();
    void masksBase64_data();
    void masksBase64();
    void leavesOut();
    void doesNotWaitForOrdinaryLines();
    void aStreamCutAnywhereShowsNoSecret_data();
    void aStreamCutAnywhereShowsNoSecret();
};

void TestSecretMask::mask_data()
{
    QTest::addColumn<QList<QByteArray>>("secrets");
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("masked");
    const QList<QByteArray> one = {"cw_12345"};
    QTest::newRow("no secret known") << QList<QByteArray>() << QByteArray("cw_12345")
                                     << QByteArray("cw_12345");
    QTest::newRow("nothing to hide") << one << QByteArray("hello") << QByteArray("hello");
    QTest::newRow("empty text") << one << QByteArray() << QByteArray();
    QTest::newRow("the secret alone") << one << QByteArray("cw_12345") << QByteArray("****");
    QTest::newRow("in the middle") << one << QByteArray("a cw_12345 b") << QByteArray("a **** b");
    QTest::newRow("twice") << one << QByteArray("cw_12345,cw_12345") << QByteArray("****,****");
    QTest::newRow("twice without a gap") << one << QByteArray("cw_12345cw_12345!") << QByteArray("****!");
    QTest::newRow("only nearly") << one << QByteArray("cw_1234x") << QByteArray("cw_1234x");
    QTest::newRow("around a NUL") << one << QByteArray("\0cw_12345\0", 10) << QByteArray("\0****\0", 6);
    QTest::newRow("too short to be masked")
        << QList<QByteArray>{"1234567", ""} << QByteArray("1234567") << QByteArray("1234567");
    QTest::newRow("one within the other") << QList<QByteArray>{"abcdefgh", "xxabcdefghyy"}
                                          << QByteArray("-xxabcdefghyy-") << QByteArray("-****-");
    QTest::newRow("two that overlap") << QList<QByteArray>{"abcdefgh12", "12345678x"}
                                      << QByteArray("-abcdefgh12345678x-") << QByteArray("-****-");
    QTest::newRow("one that overlaps itself")
        << QList<QByteArray>{"abababab"} << QByteArray("-ababababab-") << QByteArray("-****-");
}

void TestSecretMask::mask()
{
    QFETCH(QList<QByteArray>, secrets);
    QFETCH(QByteArray, text);
    QTEST(SecretMask(secrets).mask(text), "masked");
}

void TestSecretMask::unfinished_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<qsizetype>("held");
    QTest::newRow("nothing of it") << QByteArray("hello") << qsizetype(0);
    QTest::newRow("empty") << QByteArray() << qsizetype(0);
    QTest::newRow("its first byte") << QByteArray("hello c") << qsizetype(1);
    QTest::newRow("all but its last byte") << QByteArray("cw_1234") << qsizetype(7);
    QTest::newRow("the whole of it") << QByteArray("cw_12345") << qsizetype(0);
    QTest::newRow("the beginning of the longer of two") << QByteArray("-cw_12349") << qsizetype(8);
}

void TestSecretMask::unfinished()
{
    QFETCH(QByteArray, text);
    QTEST(SecretMask({"cw_12345", "cw_1234999999"}).unfinished(text), "held");
}

namespace {

// Everything that some encoder somewhere escapes.
const QByteArray thorny = "a/b\"c\\d+e f&g=h<i>'\xc3\xa4\xf0\x9f\x9a\x80%z";

} // namespace

void TestSecretMask::masksEscapedForms_data()
{
    QTest::addColumn<QByteArray>("form");
    QTest::newRow("as it is") << thorny;
    QTest::newRow("JSON") << QByteArray("a/b\\\"c\\\\d+e f&g=h<i>'\xc3\xa4\xf0\x9f\x9a\x80%z");
    QTest::newRow("JSON with escaped slashes")
        << QByteArray("a\\/b\\\"c\\\\d+e f&g=h<i>'\xc3\xa4\xf0\x9f\x9a\x80%z");
    QTest::newRow("JSON in ASCII") << QByteArray(R"(a/b\"c\\d+e f&g=h<i>'\u00e4\ud83d\ude80%z)");
    QTest::newRow("JSON for HTML, in capitals")
        << QByteArray(R"(a/b\"c\\d+e f\u0026g=h\u003Ci\u003E\u0027\u00E4\uD83D\uDE80%z)");
    QTest::newRow("a URL's path") << QByteArray("a/b%22c%5Cd+e%20f&g=h%3Ci%3E'%C3%A4%F0%9F%9A%80%25z");
    QTest::newRow("a URL's query") << QByteArray(
        "a%2Fb%22c%5Cd%2Be+f%26g%3Dh%3Ci%3E%27%C3%A4%F0%9F%9A%80%25z");
    QTest::newRow("the same in small letters")
        << QByteArray("a%2fb%22c%5cd%2be+f%26g%3dh%3ci%3e%27%c3%a4%f0%9f%9a%80%25z");
    QTest::newRow("a literal in Python") << QByteArray(R"(a/b"c\\d+e f&g=h<i>\'\xc3\xa4\xf0\x9f\x9a\x80%z)");
}

void TestSecretMask::masksEscapedForms()
{
    QFETCH(QByteArray, form);
    QCOMPARE(SecretMask({thorny}).mask("{" + form + "}"), "{****}");
}

void TestSecretMask::masksBase64_data()
{
    QTest::addColumn<QByteArray>("before");
    QTest::addColumn<QByteArray>("behind");
    for (const char *before : {"", "u", "us", "user:", "user1:", "user12:"}) {
        for (const char *behind : {"", "x", "xy", "xyz"})
            QTest::addRow("between '%s' and '%s'", before, behind)
                << QByteArray(before) << QByteArray(behind);
    }
}

void TestSecretMask::masksBase64()
{
    QFETCH(QByteArray, before);
    QFETCH(QByteArray, behind);
    const QByteArray secret = "cw_>>>???12345~~~";
    const SecretMask mask({secret});
    const auto wrapped = [](QByteArray text, const QByteArray &lineBreak) {
        for (qsizetype at = 5; at < text.size(); at += 5 + lineBreak.size())
            text.insert(at, lineBreak);
        return text;
    };
    const QByteArray plain = before + secret + behind;
    for (const auto options : {QByteArray::Base64Encoding, QByteArray::Base64UrlEncoding}) {
        const QByteArray encoded = plain.toBase64(options);
        QByteArray shown = mask.mask(encoded);
        QVERIFY2(shown.contains("****"), encoded.constData());
        // What is left tells at most a few bits of its first and last letter.
        QVERIFY(shown.size() <= encoded.size() - secret.size() * 4 / 3 + 2 + 4);
        QVERIFY(mask.mask(wrapped(encoded, "\n")).contains("****"));
        QVERIFY(mask.mask(wrapped(encoded, "\r\n")).contains("****"));
        QVERIFY(mask.mask(wrapped(encoded, "\\n")).contains("****")); // as JSON has it
        QVERIFY(mask.mask(encoded.toPercentEncoding()).contains("****"));
    }
}

void TestSecretMask::leavesOut()
{
    const SecretMask mask({"cw_12345"});
    QCOMPARE(mask.mask("ab cw_12345 cd", 3), "**** cd");
    QCOMPARE(mask.mask("ab cw_12345 cd", 6), "**** cd"); // it begins before the cut
    QCOMPARE(mask.mask("ab cw_12345 cd", 11), " cd");
}

void TestSecretMask::doesNotWaitForOrdinaryLines()
{
    const SecretMask mask({"cw_12345"});
    for (const char *line : {"Y\n", "Y3d\n", "c\n", "cw_1234\n", "cw_1234\r\n"})
        QCOMPARE(mask.unfinished(line), 0);
    QCOMPARE(mask.unfinished("Y3dfMTIzN\n"), 10);
}

void TestSecretMask::aStreamCutAnywhereShowsNoSecret_data()
{
    QTest::addColumn<QByteArray>("form");
    QTest::newRow("as it is") << thorny;
    QTest::newRow("escaped") << QByteArray(R"(a\/b\"c\\d%2be\u0020f&g=h<i>'\u00e4\ud83d\ude80%25z)");
    QTest::newRow("base64") << thorny.toBase64();
    QTest::newRow("one that overlaps itself") << QByteArray("ababababab");
    QTest::newRow("base64 of more") << ("u:" + thorny).toBase64();
}

void TestSecretMask::aStreamCutAnywhereShowsNoSecret()
{
    QFETCH(QByteArray, form);
    const SecretMask mask({thorny, "abababab"});
    const QByteArray text = "one " + form + " two";
    const QByteArray expected = mask.mask(text);
    QVERIFY(expected.contains("****"));
    for (qsizetype cut = 0; cut <= text.size(); ++cut) {
        const qsizetype ready = cut - mask.unfinished(QByteArrayView(text).first(cut));
        const QByteArray sent =
            mask.mask(QByteArrayView(text).first(ready)) + mask.mask(QByteArrayView(text).sliced(ready));
        QCOMPARE(sent, expected);
    }
}

QTEST_GUILESS_MAIN(TestSecretMask)
#include "tst_secretmask.moc"
