#include "ui/look/icons.h"

#include "ui/look/semanticcolors.h"

#include <QFile>
#include <QPainter>
#include <QPainterPath>
#include <QSvgRenderer>

#include <algorithm>
#include <array>

using namespace Qt::Literals::StringLiterals;

static void loadResources()
{
    Q_INIT_RESOURCE(cloudnode); // a static library's resources do not register themselves
}

namespace cloudnode::icons {

namespace {

constexpr std::array sizes = {16, 22, 24, 32, 48, 64, 128, 256};

QByteArray drawing(const QString &name)
{
    loadResources();
    QFile file(u":/cloudnode/icons/%1.svg"_s.arg(name));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// The files are drawn in black, which stands for the ink.
QByteArray inked(const QString &name, const QColor &ink)
{
    return drawing(name).replace("#000000", ink.name().toLatin1());
}

QPixmap rendered(const QByteArray &svg, int pixels)
{
    QPixmap pixmap(pixels, pixels);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    QSvgRenderer(svg).render(&painter);
    return pixmap;
}

/// Digits as an outline that fills most of the hexagon, whatever the font's own metrics are.
QPainterPath digits(qsizetype count, int pixels)
{
    QFont font;
    font.setBold(true);
    font.setPixelSize(64);
    QPainterPath path;
    path.addText(0, 0, font, count > 9 ? u"9+"_s : QString::number(count));
    const QRectF box = path.boundingRect();
    const qreal scale = std::min(pixels * 0.56 / box.height(), pixels * 0.58 / box.width());
    QTransform place;
    place.translate(pixels / 2.0, pixels / 2.0);
    place.scale(scale, scale);
    place.translate(-box.center().x(), -box.center().y());
    return place.map(path);
}

void cutOut(QPixmap &pixmap, const QPainterPath &path)
{
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setCompositionMode(QPainter::CompositionMode_DestinationOut);
    painter.fillPath(path, Qt::black);
}

/// The same shape in one colour.
QPixmap filled(QPixmap picture, const QColor &color)
{
    QPainter painter(&picture);
    painter.setCompositionMode(QPainter::CompositionMode_SourceIn);
    painter.fillRect(picture.rect(), color);
    return picture;
}

/// With a faint line in the opposite of the ink around everything.
QPixmap edged(const QPixmap &picture, const QColor &ink)
{
    const int line = std::max(1, picture.width() / 24);
    const QPixmap shade = filled(picture, ink.lightness() > 128 ? Qt::black : Qt::white);
    QPixmap edge(picture.size());
    edge.fill(Qt::transparent);
    QPainter around(&edge);
    for (const int x : {-line, 0, line})
        for (const int y : {-line, 0, line})
            around.drawPixmap(x, y, shade);
    around.end();
    QPixmap result(picture.size());
    result.fill(Qt::transparent);
    QPainter painter(&result);
    painter.setOpacity(0.6);
    painter.drawPixmap(0, 0, edge);
    painter.setOpacity(1);
    painter.drawPixmap(0, 0, picture);
    return result;
}

} // namespace

QIcon application()
{
    QIcon icon;
    for (const int size : sizes)
        icon.addPixmap(rendered(drawing(u"cloudnode"_s), size));
    return icon;
}

QIcon glyph(const QString &name, const QPalette &palette)
{
    QIcon icon;
    for (const int size : {16, 32, 64}) {
        icon.addPixmap(rendered(inked(name, palette.color(QPalette::ButtonText)), size));
        icon.addPixmap(rendered(inked(name, palette.color(QPalette::Disabled, QPalette::ButtonText)), size),
                       QIcon::Disabled);
    }
    return icon;
}

QPixmap drawn(const QString &name, const QColor &ink, int pixels)
{
    return rendered(inked(name, ink), pixels);
}

QPixmap state(Face face, qsizetype count, const QColor &ink, int pixels)
{
    QPixmap pixmap = rendered(inked(u"node-"_s + faceName(face), ink), pixels);
    if (face == Face::Busy && count > 0)
        cutOut(pixmap, digits(count, pixels));
    return pixmap;
}

QIcon stateIcon(Face face, qsizetype count, const QColor &ink)
{
    QIcon icon;
    for (const int size : sizes)
        icon.addPixmap(state(face, count, ink, size));
    return icon;
}

QIcon panelIcon(Face face, qsizetype count, const QColor &ink)
{
    QIcon icon;
    for (const int size : sizes)
        icon.addPixmap(edged(state(face, count, ink, size), ink));
    return icon;
}

QColor faceColor(const QPalette &palette, Face face)
{
    switch (face) {
    case Face::Starting:
    case Face::Busy:
        return colors::tone(palette, Tone::Busy);
    case Face::Ready:
        return colors::tone(palette, Tone::Good);
    case Face::Paused:
        return colors::tone(palette, Tone::Attention);
    case Face::Offline:
        return colors::secondaryText(palette);
    case Face::Failed:
        return colors::tone(palette, Tone::Trouble);
    }
    Q_UNREACHABLE();
}

} // namespace cloudnode::icons
