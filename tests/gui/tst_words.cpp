#include "ui/look/words.h"

#include <QLocale>
#include <QTest>

using namespace Qt::Literals::StringLiterals;
using namespace cloudnode;

class TestWords : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { QLocale::setDefault(QLocale::c()); }
    void spans_data();
    void spans();
    void amounts();
    void past();
    void beginsSentences_data();
    void beginsSentences();
};

void TestWords::spans_data()
{
    QTest::addColumn<double>("seconds");
    QTest::addColumn<QString>("elapsed");
    QTest::addColumn<QString>("span");
    QTest::newRow("a moment") << 3.9 << u"0:00:03"_s << u"3 s"_s;
    QTest::newRow("before it began") << -5.0 << u"0:00:00"_s << u"0 s"_s;
    QTest::newRow("minutes") << 190.0 << u"0:03:10"_s << u"3 min"_s;
    QTest::newRow("hours") << 11520.0 << u"3:12:00"_s << u"3 h 12 min"_s;
    QTest::newRow("days") << 439200.0 << u"122:00:00"_s << u"5 d 2 h"_s;
}

void TestWords::spans()
{
    QFETCH(double, seconds);
    QTEST(Words::elapsed(seconds), "elapsed");
    QTEST(Words::span(seconds), "span");
}

void TestWords::amounts()
{
    QCOMPARE(Words::bytes(512), u"512 bytes"_s);
    QCOMPARE(Words::bytes(6'100'000'000), u"6.1 GB"_s);
    QCOMPARE(Words::percent(0.576), u"58 %"_s);
    QCOMPARE(Words::milliseconds(0.0234), u"23 ms"_s);
    QCOMPARE(Words::type(u"quantum"_s), u"quantum"_s);
}

void TestWords::past()
{
    const QDateTime now = QDateTime::currentDateTimeUtc();
    QCOMPARE(Words::ago(now.addSecs(-4), now), u"4 s ago"_s);
    QCOMPARE(Words::ago(now.addSecs(5), now), u"just now"_s);
    QCOMPARE(Words::ago({}, now), QString());
}

void TestWords::beginsSentences_data()
{
    QTest::addColumn<QString>("said");
    QTest::addColumn<QString>("sentence");
    QTest::newRow("word") << u"the disk is full"_s << u"The disk is full"_s;
    QTest::newRow("one word") << u"failed"_s << u"Failed"_s;
    QTest::newRow("host") << u"mqtt.example.com:8883: refused"_s << u"mqtt.example.com:8883: refused"_s;
    QTest::newRow("file") << u"/etc/x: unreadable"_s << u"/etc/x: unreadable"_s;
    QTest::newRow("already") << u"DNS failed"_s << u"DNS failed"_s;
    QTest::newRow("nothing") << QString() << QString();
}

void TestWords::beginsSentences()
{
    QFETCH(QString, said);
    QTEST(Words::sentence(said), "sentence");
}

QTEST_MAIN(TestWords)
#include "tst_words.moc"
