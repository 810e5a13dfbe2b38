#pragma once

#include <QColor>
#include <QPalette>

namespace cloudnode {

/// What a colour means. Never the only carrier of that meaning.
enum class Tone { Good, Busy, Attention, Trouble };

/// The few colours that are not the platform's, and those made from the platform's. Text in any of them has
/// a contrast of at least 4.5 : 1 with the palette's Base and Window.
namespace colors {

inline constexpr double readableContrast = 4.5; ///< WCAG 2.1, 1.4.3

bool isDark(const QPalette &palette);
QColor tone(const QPalette &palette, Tone tone);
QColor secondaryText(const QPalette &palette); ///< for captions
QColor hairline(const QPalette &palette);      ///< for borders; not for text
QColor field(const QPalette &palette);         ///< behind what is typed, on a Base surface
QColor track(const QPalette &palette);         ///< behind bars and segments
/// `base` with `share` (0 to 1) of `top` in it.
QColor mix(const QColor &base, const QColor &top, double share);
/// Source: WCAG 2.1, contrast ratio; 1 to 21.
double contrast(const QColor &one, const QColor &other);
/// `color` made lighter or darker until it can be read on `background`.
QColor readable(const QColor &color, const QColor &background);

} // namespace colors
} // namespace cloudnode
