#include "base/backoff.h"

#include <QTest>

using namespace std::chrono_literals;
using cloudnode::Backoff;

class TestBackoff : public QObject {
    Q_OBJECT

private slots:
    void doublesUpToTheLongest();
    void drawsBetweenHalfAndWhole();
    void startsOverAfterReset();
};

void TestBackoff::doublesUpToTheLongest()
{
    Backoff backoff(100ms, 700ms, [] { return 1.0; });
    QCOMPARE(backoff.next(), 100ms);
    QCOMPARE(backoff.next(), 200ms);
    QCOMPARE(backoff.next(), 400ms);
    QCOMPARE(backoff.next(), 700ms);
    for (int i = 0; i < 200; ++i)
        QCOMPARE(backoff.next(), 700ms);
    QCOMPARE(backoff.failures(), 204);
}

void TestBackoff::drawsBetweenHalfAndWhole()
{
    Backoff lowest(1s, 1s, [] { return 0.0; });
    QCOMPARE(lowest.next(), 500ms);
    Backoff real(1s, 1s);
    for (int i = 0; i < 100; ++i) {
        const auto wait = real.next();
        QVERIFY(wait >= 500ms && wait <= 1s);
    }
}

void TestBackoff::startsOverAfterReset()
{
    Backoff backoff(100ms, 10s, [] { return 1.0; });
    backoff.next();
    backoff.next();
    backoff.reset();
    QCOMPARE(backoff.failures(), 0);
    QCOMPARE(backoff.next(), 100ms);
}

QTEST_GUILESS_MAIN(TestBackoff)
#include "tst_backoff.moc"
