#include "workload/progressparser.h"

#include <QTest>

using namespace Qt::Literals::StringLiterals;
using namespace cloudnode;

class TestProgressParser : public QObject {
    Q_OBJECT

private slots:
    void finds_data();
    void finds();
    void prefersStatementsOfEitherOutput();
};

void TestProgressParser::finds_data()
{
    QTest::addColumn<QByteArray>("tail");
    QTest::addColumn<double>("fraction"); // negative: none
    QTest::addColumn<QString>("text");
    const auto row = [](const char *name, const QByteArray &tail, double fraction, const QString &text = {}) {
        QTest::newRow(name) << tail << fraction << text;
    };
    row("nothing", "", -1);
    row("ordinary output", "loss 0.42\n100% sure\n", -1);
    row("a statement", "CYBERWAVE_PROGRESS 0.42 epoch 5 of 12\n", 0.42, u"epoch 5 of 12"_s);
    row("a statement without words", "CYBERWAVE_PROGRESS 1\n", 1);
    row("the latest of several", "CYBERWAVE_PROGRESS 0.1 a\nhello\nCYBERWAVE_PROGRESS 0.2 b\nbye\n", 0.2,
        u"b"_s);
    row("a statement half written", "CYBERWAVE_PROGRESS 0.1 a\nCYBERWAVE_PROGRESS 0.4", 0.1, u"a"_s);
    row("a statement with a carriage return", "CYBERWAVE_PROGRESS 0.5 a\r\n", 0.5, u"a"_s);
    row("a tail cut in the middle of a line", "S 0.1 a\nCYBERWAVE_PROGRESS 0.2 b\n", 0.2, u"b"_s);
    row("more than all", "CYBERWAVE_PROGRESS 1.01 a\n", -1);
    row("less than nothing", "CYBERWAVE_PROGRESS -0.1 a\n", -1);
    row("no number", "CYBERWAVE_PROGRESS nan\nCYBERWAVE_PROGRESS soon\n", -1);
    row("a wrong one after a right one", "CYBERWAVE_PROGRESS 0.3\nCYBERWAVE_PROGRESS inf\n", 0.3);
    row("the word within a line", "print CYBERWAVE_PROGRESS 0.3\n", -1);
    row("no UTF-8", "\xff\xfe\nCYBERWAVE_PROGRESS 0.3 \xc3\xa9\n", 0.3, u"\u00e9"_s);
    row("a bar", " 58%|\xe2\x96\x88\xe2\x96\x8c   | 58/100 [00:05<00:03, 11.2it/s]", 0.58,
        u"58/100 [00:05<00:03, 11.2it/s]"_s);
    row("a bar with a description", "epoch 3:  58%|#####     | 58/100 [00:05<00:03]", 0.58,
        u"epoch 3 58/100 [00:05<00:03]"_s);
    row("a bar that was drawn again", "\r 10%|#    | 1/10\r 20%|##   | 2/10", 0.2, u"2/10"_s);
    row("a bar being drawn", "\r 10%|#    | 1/10\r 20%|##", 0.2);
    row("a coloured bar", " 30%|\x1b[32m###  \x1b[0m| 3/10", 0.3, u"3/10"_s);
    row("a bar above 100", "250%|#####| 5/2", -1);
    row("a statement beats a later bar", "CYBERWAVE_PROGRESS 0.4 a\n 90%|#### | 9/10\n", 0.4, u"a"_s);
    row("words without end", "CYBERWAVE_PROGRESS 0.4 " + QByteArray(5000, 'x') + '\n', 0.4,
        QString(200, u'x'));
}

void TestProgressParser::finds()
{
    QFETCH(QByteArray, tail);
    QFETCH(double, fraction);
    const auto progress = progressparser::lastIn(tail);
    QCOMPARE(progress.has_value(), fraction >= 0);
    if (!progress)
        return;
    QCOMPARE(progress->fraction, fraction);
    QTEST(progress->text, "text");
}

void TestProgressParser::prefersStatementsOfEitherOutput()
{
    const QByteArray bar = " 90%|#### | 9/10";
    const QByteArray statement = "CYBERWAVE_PROGRESS 0.4\n";
    QCOMPARE(progressparser::lastIn(bar, statement)->fraction, 0.4);
    QCOMPARE(progressparser::lastIn(statement, bar)->fraction, 0.4);
    QCOMPARE(progressparser::lastIn("hello", bar)->fraction, 0.9);
    QVERIFY(!progressparser::lastIn("hello", "world"));
}

QTEST_GUILESS_MAIN(TestProgressParser)
#include "tst_progressparser.moc"
