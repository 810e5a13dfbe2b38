#include "ui/logview/ansipalette.h"
#include "ui/look/semanticcolors.h"

#include <QTest>

using namespace Qt::Literals::StringLiterals;
using namespace cloudnode;

class TestSemanticColors : public QObject {
    Q_OBJECT

private slots:
    void canBeRead_data();
    void canBeRead();
    void terminalColorsCanBeRead_data() { canBeRead_data(); }
    void terminalColorsCanBeRead();
    void tonesDiffer();
};

void TestSemanticColors::canBeRead_data()
{
    QTest::addColumn<QPalette>("palette");
    QTest::newRow("light") << QPalette(QColor(0xef, 0xef, 0xef), QColor(0xef, 0xef, 0xef));
    QTest::newRow("white") << QPalette(Qt::white, Qt::white);
    QTest::newRow("dark") << QPalette(QColor(0x32, 0x32, 0x32), QColor(0x2d, 0x2d, 0x2d));
    QTest::newRow("black") << QPalette(Qt::black, Qt::black);
}

void TestSemanticColors::canBeRead()
{
    QFETCH(QPalette, palette);
    for (const auto role : {QPalette::Base, QPalette::Window}) {
        const QColor behind = palette.color(role);
        for (const Tone tone : {Tone::Good, Tone::Busy, Tone::Attention, Tone::Trouble})
            QVERIFY(colors::contrast(colors::tone(palette, tone), behind) >= colors::readableContrast);
        QVERIFY(colors::contrast(colors::secondaryText(palette), behind) >= colors::readableContrast);
    }
}

void TestSemanticColors::terminalColorsCanBeRead()
{
    QFETCH(QPalette, palette);
    for (int foreground = 0; foreground < 16; ++foreground) {
        for (int background = -1; background < 16; ++background) {
            AnsiStyle style{.foreground = AnsiColor{foreground, 0}};
            if (background >= 0)
                style.background = AnsiColor{background, 0};
            const AnsiLook look = AnsiLook::of(style, palette);
            const QColor behind = look.background.isValid() ? look.background : palette.color(QPalette::Base);
            QVERIFY(colors::contrast(look.foreground, behind) >= colors::readableContrast);
        }
    }
}

void TestSemanticColors::tonesDiffer()
{
    const QPalette palette(Qt::white, Qt::white);
    QVERIFY(colors::tone(palette, Tone::Good) != colors::tone(palette, Tone::Trouble));
    QCOMPARE(colors::contrast(Qt::black, Qt::white), 21.0);
}

QTEST_MAIN(TestSemanticColors)
#include "tst_semanticcolors.moc"
