#include "base/isotime.h"

#include <QTest>
#include <QTimeZone>

using namespace Qt::Literals::StringLiterals;
using cloudnode::isoTime;

/// The words for a time, against those of Qt.
class TestIsoTime : public QObject {
    Q_OBJECT

private slots:
    void saysWhatQtSays_data();
    void saysWhatQtSays();
    void saysNothingOfNoTime();
};

void TestIsoTime::saysWhatQtSays_data()
{
    QTest::addColumn<QDateTime>("time");
    const auto at = [](qint64 milliseconds) { return QDateTime::fromMSecsSinceEpoch(milliseconds, Qt::UTC); };
    QTest::newRow("the epoch") << at(0);
    QTest::newRow("a moment before it") << at(-1);
    QTest::newRow("a leap day") << at(1'709'164'799'999);
    QTest::newRow("the end of a year") << at(1'798'761'599'001);
    QTest::newRow("a century without a leap day") << at(4'107'542'400'000);
    QTest::newRow("another time zone")
        << QDateTime(QDate(2026, 2, 28), QTime(23, 30, 5, 7), QTimeZone(5 * 3600 + 1800));
    QTest::newRow("of this computer") << QDateTime(QDate(2026, 7, 1), QTime(0, 0));
}

void TestIsoTime::saysWhatQtSays()
{
    QFETCH(QDateTime, time);
    QCOMPARE(isoTime(time), time.toUTC().toString(Qt::ISODateWithMs));
}

void TestIsoTime::saysNothingOfNoTime()
{
    QCOMPARE(isoTime(QDateTime()), QString());
}

QTEST_GUILESS_MAIN(TestIsoTime)
#include "tst_isotime.moc"
