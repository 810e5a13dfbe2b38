#include "control/throttle.h"
#include "support/waiting.h"

#include <QSignalSpy>
#include <QTest>

using namespace std::chrono_literals;
using cloudnode::Throttle;

class TestThrottle : public QObject {
    Q_OBJECT

private slots:
    void countsRequestsMadeInOneGoAsOne();
    void keepsTheIntervalAfterADueOne();
    void makesUpForWhatItHeldBack();
    void isSilentUnasked();
};

void TestThrottle::countsRequestsMadeInOneGoAsOne()
{
    Throttle throttle(1h);
    QSignalSpy due(&throttle, &Throttle::due);
    for (int i = 0; i < 100; ++i)
        throttle.request();
    QCOMPARE(due.count(), 0);
    QVERIFY(due.wait());
    QCOMPARE(due.count(), 1);
}

void TestThrottle::keepsTheIntervalAfterADueOne()
{
    Throttle slow(1h);
    QSignalSpy due(&slow, &Throttle::due);
    slow.request();
    QVERIFY(due.wait());
    slow.request();
    // Another one, asked later and with a shorter interval, has its turn twice in the meantime.
    Throttle other(1ms);
    QSignalSpy otherDue(&other, &Throttle::due);
    for (int i = 1; i <= 2; ++i) {
        other.request();
        WAIT_FOR_EQUAL(otherDue.count(), i);
    }
    QCOMPARE(due.count(), 1);
}

void TestThrottle::makesUpForWhatItHeldBack()
{
    Throttle throttle(20ms);
    QSignalSpy due(&throttle, &Throttle::due);
    throttle.request();
    QVERIFY(due.wait());
    throttle.request();
    throttle.request();
    QVERIFY(due.wait());
    QCOMPARE(due.count(), 2);
}

void TestThrottle::isSilentUnasked()
{
    Throttle asked(1ms);
    Throttle unasked(1ms);
    QSignalSpy due(&asked, &Throttle::due);
    QSignalSpy silent(&unasked, &Throttle::due);
    asked.request();
    QVERIFY(due.wait());
    asked.request();
    QVERIFY(due.wait());
    QCOMPARE(silent.count(), 0);
}

QTEST_GUILESS_MAIN(TestThrottle)
#include "tst_throttle.moc"
