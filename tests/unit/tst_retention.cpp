#include "workload/retention.h"

#include <QTest>

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;
using namespace cloudnode;

class TestRetention : public QObject {
    Q_OBJECT

private slots:
    void namesTheOldestThatHasToGo_data();
    void namesTheOldestThatHasToGo();
    void keepsAllWithoutLimits();
    void leavesTheFutureAlone();
    void knowsTheLatest();
    void replacesWhatItKnows();
    void forgetsWhatIsRemoved();
};

namespace {

const QDateTime now(QDate(2026, 2, 4), QTime(12, 0), Qt::UTC);

/// Ended 1 to 5 hours ago, a kilobyte each, the names in the order of their end.
RetentionLedger fiveOfThem()
{
    RetentionLedger ledger;
    for (const int hours : {3, 5, 1, 4, 2})
        ledger.add({u"h%1"_s.arg(hours), now.addSecs(-3600 * hours), 1000});
    return ledger;
}

/// What is left when all that has to go is gone.
QStringList leftOf(RetentionLedger ledger, const RetentionLimits &limits)
{
    while (const auto oldest = ledger.surplus(limits, now))
        ledger.remove(oldest->key);
    return ledger.latest(100);
}

} // namespace

void TestRetention::namesTheOldestThatHasToGo_data()
{
    QTest::addColumn<int>("count");
    QTest::addColumn<int>("minutes");
    QTest::addColumn<qint64>("bytes");
    QTest::addColumn<QStringList>("left");
    const QStringList all = {u"h1"_s, u"h2"_s, u"h3"_s, u"h4"_s, u"h5"_s};
    QTest::newRow("as many as allowed") << 5 << 0 << qint64(0) << all;
    QTest::newRow("too many") << 3 << 0 << qint64(0) << all.first(3);
    QTest::newRow("as old as allowed") << 0 << 300 << qint64(0) << all;
    QTest::newRow("too old") << 0 << 299 << qint64(0) << all.first(4);
    QTest::newRow("as large as allowed") << 0 << 0 << qint64(5000) << all;
    QTest::newRow("too large") << 0 << 0 << qint64(4999) << all.first(4);
    QTest::newRow("even one is too large") << 0 << 0 << qint64(999) << QStringList();
    QTest::newRow("the narrowest limit counts") << 4 << 150 << qint64(3000) << all.first(2);
}

void TestRetention::namesTheOldestThatHasToGo()
{
    QFETCH(int, count);
    QFETCH(int, minutes);
    QFETCH(qint64, bytes);
    QTEST(leftOf(fiveOfThem(), {count, std::chrono::minutes(minutes), bytes}), "left");
}

void TestRetention::keepsAllWithoutLimits()
{
    QVERIFY(!fiveOfThem().surplus({0, 0s, 0}, now));
    QVERIFY(!RetentionLedger().surplus({1, 1s, 1}, now));
}

void TestRetention::leavesTheFutureAlone()
{
    RetentionLedger ledger;
    ledger.add({u"later"_s, now.addYears(1), 1}); // the clock has been set back meanwhile
    QVERIFY(!ledger.surplus({0, 1s, 0}, now));
}

void TestRetention::knowsTheLatest()
{
    QCOMPARE(fiveOfThem().latest(2), QStringList({u"h1"_s, u"h2"_s}));
    QCOMPARE(fiveOfThem().latest(0), QStringList());
}

void TestRetention::replacesWhatItKnows()
{
    RetentionLedger ledger = fiveOfThem();
    ledger.add({u"h5"_s, now, 10});
    QCOMPARE(leftOf(ledger, {0, 0s, 4010}).size(), 5);
    QCOMPARE(ledger.latest(1), QStringList(u"h5"_s));
}

void TestRetention::forgetsWhatIsRemoved()
{
    RetentionLedger ledger = fiveOfThem();
    ledger.remove(u"h5"_s);
    ledger.remove(u"h5"_s);
    ledger.remove(u"unheard of"_s);
    QCOMPARE(leftOf(ledger, {4, 240min, 4000}).size(), 4);
}

QTEST_GUILESS_MAIN(TestRetention)
#include "tst_retention.moc"
