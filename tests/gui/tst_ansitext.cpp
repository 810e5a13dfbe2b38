#include "ui/logview/ansitext.h"

#include <QTest>

using namespace Qt::Literals::StringLiterals;
using namespace cloudnode;

using Spans = QList<AnsiText::Span>;
Q_DECLARE_METATYPE(Spans)

class TestAnsiText : public QObject {
    Q_OBJECT

private slots:
    void parses_data();
    void parses();
};

namespace {

AnsiStyle foreground(int index)
{
    return {.foreground = AnsiColor{index, 0}};
}

} // namespace

void TestAnsiText::parses_data()
{
    QTest::addColumn<QString>("raw");
    QTest::addColumn<QString>("text");
    QTest::addColumn<Spans>("spans");
    AnsiStyle boldRed = foreground(1);
    boldRed.bold = true;
    QTest::newRow("plain") << u"epoch 1"_s << u"epoch 1"_s << Spans();
    QTest::newRow("one colour") << u"a\x1b[32mgood\x1b[0mz"_s << u"agoodz"_s << Spans{{1, 4, foreground(2)}};
    QTest::newRow("short reset") << u"\x1b[32mg\x1b[mz"_s << u"gz"_s << Spans{{0, 1, foreground(2)}};
    QTest::newRow("colour never ended") << u"\x1b[91mbad"_s << u"bad"_s << Spans{{0, 3, foreground(9)}};
    QTest::newRow("several at once") << u"\x1b[1;31mx"_s << u"x"_s << Spans{{0, 1, boldRed}};
    QTest::newRow("default foreground") << u"\x1b[31ma\x1b[39mb"_s << u"ab"_s << Spans{{0, 1, foreground(1)}};
    QTest::newRow("one of 256") << u"\x1b[38;5;196mx"_s << u"x"_s
                                << Spans{{0, 1, {.foreground = AnsiColor{std::nullopt, 0xff0000}}}};
    QTest::newRow("grey of 256") << u"\x1b[38;5;232mx"_s << u"x"_s
                                 << Spans{{0, 1, {.foreground = AnsiColor{std::nullopt, 0x080808}}}};
    QTest::newRow("direct background") << u"\x1b[48;2;1;2;3mx"_s << u"x"_s
                                       << Spans{{0, 1, {.background = AnsiColor{std::nullopt, 0x010203}}}};
    QTest::newRow("incomplete direct colour") << u"\x1b[38;2;1mx"_s << u"x"_s << Spans();
    QTest::newRow("cursor movement is dropped") << u"a\x1b[2K\x1b[1Gb"_s << u"ab"_s << Spans();
    QTest::newRow("title is dropped") << u"\x1b]0;title\ab"_s << u"b"_s << Spans();
    QTest::newRow("link keeps its text")
        << u"\x1b]8;;http://x\x1b\\text\x1b]8;;\x1b\\"_s << u"text"_s << Spans();
    QTest::newRow("cut sequence") << u"a\x1b[3"_s << u"a"_s << Spans();
    QTest::newRow("lone escape at the end") << u"a\x1b"_s << u"a"_s << Spans();
    QTest::newRow("bell and backspace") << u"a\a\bb"_s << u"ab"_s << Spans();
    QTest::newRow("tab") << u"ab\tc"_s << u"ab      c"_s << Spans();
    QTest::newRow("progress bar") << u"10 %\r20 %\r30 %"_s << u"30 %"_s << Spans();
    QTest::newRow("Windows line end") << u"text\r"_s << u"text"_s << Spans();
}

void TestAnsiText::parses()
{
    QFETCH(QString, raw);
    const AnsiText parsed = AnsiText::parse(raw);
    QTEST(parsed.text, "text");
    QTEST(parsed.spans, "spans");
}

QTEST_MAIN(TestAnsiText)
#include "tst_ansitext.moc"
