#pragma once

#include "ui/feed/face.h"

#include <QColor>
#include <QIcon>
#include <QPalette>

/// Pictures drawn from the SVG files in resources/icons, sharp at any size, in the colour asked for.
namespace cloudnode::icons {

QIcon application();
/// A line drawing such as "copy", in the palette's text colour.
QIcon glyph(const QString &name, const QPalette &palette);
/// The same in any colour.
QPixmap drawn(const QString &name, const QColor &ink, int pixels);
/// The node's hexagon in one colour. `count`: of running workloads, cut into the busy one.
QPixmap state(Face face, qsizetype count, const QColor &ink, int pixels);
/// All sizes a panel may ask for.
QIcon stateIcon(Face face, qsizetype count, const QColor &ink);
/// The same, edged so that it can be seen on a panel that is not as the ink expects.
QIcon panelIcon(Face face, qsizetype count, const QColor &ink);
/// The colour that goes with a face in windows and notifications.
QColor faceColor(const QPalette &palette, Face face);

} // namespace cloudnode::icons
