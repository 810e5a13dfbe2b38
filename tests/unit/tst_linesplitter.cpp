#include "control/linesplitter.h"

#include <QTest>

using namespace Qt::Literals::StringLiterals;
using cloudnode::LineSplitter;

class TestLineSplitter : public QObject {
    Q_OBJECT

private slots:
    void cutsHoweverTheBytesCome_data();
    void cutsHoweverTheBytesCome();
    void refusesWhatIsTooLong_data();
    void refusesWhatIsTooLong();
    void staysOverflown();
};

static QList<QByteArray> allLines(LineSplitter &splitter, const QList<QByteArray> &pieces)
{
    QList<QByteArray> lines;
    for (const QByteArray &piece : pieces) {
        splitter.append(piece);
        while (const auto line = splitter.next())
            lines << *line;
    }
    return lines;
}

void TestLineSplitter::cutsHoweverTheBytesCome_data()
{
    QTest::addColumn<QList<QByteArray>>("pieces");
    QTest::addColumn<QList<QByteArray>>("lines");
    using List = QList<QByteArray>;
    QTest::newRow("one line at once") << List{"ab\n"} << List{"ab"};
    QTest::newRow("byte by byte") << List{"a", "b", "\n", "c", "\n"} << List{"ab", "c"};
    QTest::newRow("many lines at once") << List{"a\nb\n\nc\n"} << List{"a", "b", "", "c"};
    QTest::newRow("the rest waits") << List{"a\nb", "c", "d\ne"} << List{"a", "bcd"};
    QTest::newRow("nothing") << List{"", ""} << List{};
}

void TestLineSplitter::cutsHoweverTheBytesCome()
{
    QFETCH(QList<QByteArray>, pieces);
    LineSplitter splitter(10);
    QTEST(allLines(splitter, pieces), "lines");
    QVERIFY(!splitter.hasOverflown());
}

void TestLineSplitter::refusesWhatIsTooLong_data()
{
    QTest::addColumn<QList<QByteArray>>("pieces");
    QTest::addColumn<int>("linesBefore");
    QTest::addColumn<bool>("overflown");
    using List = QList<QByteArray>;
    QTest::newRow("as long as allowed") << List{"1234\n"} << 1 << false;
    QTest::newRow("as long as allowed, its end missing") << List{"1234"} << 0 << false;
    QTest::newRow("one byte more") << List{"12345\n"} << 0 << true;
    QTest::newRow("one byte more, its end missing") << List{"12345"} << 0 << true;
    QTest::newRow("one byte more, in pieces") << List{"1", "2", "34", "5"} << 0 << true;
    QTest::newRow("after lines that are short enough") << List{"1234\n1234\n12345\n1\n"} << 2 << true;
}

void TestLineSplitter::refusesWhatIsTooLong()
{
    QFETCH(QList<QByteArray>, pieces);
    LineSplitter splitter(4);
    QTEST(static_cast<int>(allLines(splitter, pieces).size()), "linesBefore");
    QTEST(splitter.hasOverflown(), "overflown");
}

void TestLineSplitter::staysOverflown()
{
    LineSplitter splitter(1);
    QCOMPARE(allLines(splitter, {"12", "\n", "1\n"}), QList<QByteArray>());
    QVERIFY(splitter.hasOverflown());
}

QTEST_GUILESS_MAIN(TestLineSplitter)
#include "tst_linesplitter.moc"
