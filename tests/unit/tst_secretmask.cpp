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

void TestSecretMask::aStreamCutAnywhereShowsNoSecret()
{
    const SecretMask mask({"cw_12345"});
    const QByteArray text = "one cw_12345 two";
    for (qsizetype cut = 0; cut <= text.size(); ++cut) {
        const qsizetype ready = cut - mask.unfinished(QByteArrayView(text).first(cut));
        const QByteArray sent =
            mask.mask(QByteArrayView(text).first(ready)) + mask.mask(QByteArrayView(text).sliced(ready));
        QCOMPARE(sent, QByteArray("one **** two"));
    }
}

QTEST_GUILESS_MAIN(TestSecretMask)
#include "tst_secretmask.moc"
