#include "ui/logview/ansipalette.h"

#include "ui/look/semanticcolors.h"

#include <array>

namespace cloudnode {

namespace {

constexpr std::array<QRgb, 16> terminalColors = {
    0xff1e1e1e, 0xffc0392b, 0xff218a45, 0xff9a6a00, 0xff1f63b5, 0xff8e44ad, 0xff0e7f86, 0xffc8c8c8,
    0xff7f7f7f, 0xffe5534b, 0xff2fae5d, 0xffd0a215, 0xff4a90e2, 0xffb36ae2, 0xff2bb3bd, 0xfff5f5f5,
};

QColor colorOf(const AnsiColor &color)
{
    return QColor::fromRgb(color.index ? terminalColors.at(static_cast<size_t>(*color.index)) : color.rgb);
}

} // namespace

AnsiLook AnsiLook::of(const AnsiStyle &style, const QPalette &palette)
{
    const QColor base = palette.color(QPalette::Base);
    QColor foreground = style.foreground ? colorOf(*style.foreground) : palette.color(QPalette::Text);
    QColor background = style.background ? colorOf(*style.background) : QColor();
    if (style.inverse) {
        const QColor swapped = background.isValid() ? background : base;
        background = foreground;
        foreground = swapped;
    }
    const QColor behind = background.isValid() ? background : base;
    if (style.faint)
        foreground = colors::mix(foreground, behind, 0.35);
    return {colors::readable(foreground, behind), background};
}

} // namespace cloudnode
