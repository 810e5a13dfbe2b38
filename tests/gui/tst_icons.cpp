#include "ui/look/icons.h"
#include "ui/look/semanticcolors.h"
#include "ui/tray/paneltone.h"

#include <QPainter>
#include <QTest>

using namespace Qt::Literals::StringLiterals;
using namespace cloudnode;

class TestIcons : public QObject {
    Q_OBJECT

private slots:
    void facesDifferInShape();
    void countsDiffer();
    void wearsTheInkOfThePanel_data();
    void wearsTheInkOfThePanel();
    void canBeSeenOnAnyPanel();
};

namespace {

constexpr int smallest = 16;
constexpr int largest = 256;

/// How many pixels of two pictures differ visibly in how much ink they hold.
int difference(const QPixmap &one, const QPixmap &other)
{
    const QImage a = one.toImage();
    const QImage b = other.toImage();
    int count = 0;
    for (int y = 0; y < a.height(); ++y)
        for (int x = 0; x < a.width(); ++x)
            count += qAbs(a.pixelColor(x, y).alpha() - b.pixelColor(x, y).alpha()) > 96 ? 1 : 0;
    return count;
}

} // namespace

void TestIcons::facesDifferInShape()
{
    for (const int size : {smallest, 22, 48, largest}) {
        const int visible = size * size / 64;
        for (const Face one : allFaces) {
            for (const Face other : allFaces) {
                const int pixels = difference(icons::state(one, 2, Qt::black, size),
                                              icons::state(other, 2, Qt::black, size));
                QVERIFY2(one == other || pixels >= visible, qPrintable(faceName(one) + faceName(other)));
            }
        }
    }
}

void TestIcons::countsDiffer()
{
    QVERIFY(difference(icons::state(Face::Busy, 1, Qt::black, smallest),
                       icons::state(Face::Busy, 4, Qt::black, smallest)) > 0);
    QCOMPARE(icons::state(Face::Busy, 10, Qt::black, smallest).toImage(),
             icons::state(Face::Busy, 99, Qt::black, smallest).toImage());
}

void TestIcons::wearsTheInkOfThePanel_data()
{
    QTest::addColumn<QColor>("window");
    QTest::addColumn<QString>("desktop");
    QTest::addColumn<bool>("light");
    QTest::newRow("light windows") << QColor(Qt::white) << u"KDE"_s << false;
    QTest::newRow("dark windows") << QColor(0x30, 0x30, 0x30) << u"KDE"_s << true;
    QTest::newRow("GNOME's panel is dark") << QColor(Qt::white) << u"ubuntu:GNOME"_s << true;
}

void TestIcons::wearsTheInkOfThePanel()
{
    QFETCH(QColor, window);
    QFETCH(QString, desktop);
    const QColor ink = panelInk(QPalette(window, window), desktop);
    QTEST(ink.lightness() > 128, "light");
    const QImage image = icons::state(Face::Ready, 0, ink, smallest).toImage();
    QCOMPARE(image.pixelColor(smallest / 2, smallest / 2).rgb(), ink.rgb());
    QCOMPARE(image.pixelColor(0, 0).alpha(), 0);
}

/// No desktop tells what colour its panel has.
void TestIcons::canBeSeenOnAnyPanel()
{
    for (const QColor &ink : {QColor(0xf2, 0xf2, 0xf2), QColor(0x2e, 0x34, 0x36)}) {
        for (const QColor &panel : {QColor(Qt::white), QColor(0x20, 0x20, 0x20)}) {
            for (const Face face : allFaces) {
                QImage image(smallest, smallest, QImage::Format_ARGB32_Premultiplied);
                image.fill(panel);
                QPainter(&image).drawPixmap(0, 0, icons::panelIcon(face, 2, ink).pixmap(smallest));
                int seen = 0;
                for (int y = 0; y < smallest; ++y)
                    for (int x = 0; x < smallest; ++x)
                        seen += colors::contrast(image.pixelColor(x, y), panel) >= 3 ? 1 : 0;
                QVERIFY2(
                    seen >= smallest * smallest / 10,
                    qPrintable(u"%1 %2 on %3: %4"_s.arg(faceName(face), ink.name(), panel.name()).arg(seen)));
            }
        }
    }
}

QTEST_MAIN(TestIcons)
#include "tst_icons.moc"
