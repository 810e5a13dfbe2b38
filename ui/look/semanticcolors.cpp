#include "ui/look/semanticcolors.h"

#include <algorithm>
#include <cmath>

namespace cloudnode::colors {

namespace {

struct Pair {
    QRgb onLight;
    QRgb onDark;
};

Pair valuesOf(Tone tone)
{
    switch (tone) {
    case Tone::Good:
        return {0xff17692f, 0xff63cf82};
    case Tone::Busy:
        return {0xff0b57a4, 0xff7dbbff};
    case Tone::Attention:
        return {0xff7a5200, 0xffe8b84a};
    case Tone::Trouble:
        return {0xffb3261e, 0xffff938a};
    }
    Q_UNREACHABLE();
}

double linear(double channel)
{
    return channel <= 0.03928 ? channel / 12.92 : std::pow((channel + 0.055) / 1.055, 2.4);
}

double luminance(const QColor &color)
{
    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) + 0.0722 * linear(color.blueF());
}

} // namespace

bool isDark(const QPalette &palette)
{
    return luminance(palette.color(QPalette::Window)) < luminance(palette.color(QPalette::WindowText));
}

QColor mix(const QColor &base, const QColor &top, double share)
{
    const auto channel = [share](float a, float b) {
        return static_cast<float>(a * (1 - share) + b * share);
    };
    return QColor::fromRgbF(channel(base.redF(), top.redF()), channel(base.greenF(), top.greenF()),
                            channel(base.blueF(), top.blueF()));
}

double contrast(const QColor &one, const QColor &other)
{
    const double a = luminance(one);
    const double b = luminance(other);
    return (std::max(a, b) + 0.05) / (std::min(a, b) + 0.05);
}

QColor readable(const QColor &color, const QColor &background)
{
    const QColor goal = luminance(background) < 0.18 ? QColor(Qt::white) : QColor(Qt::black);
    QColor result = color;
    for (double share = 0.1; contrast(result, background) < readableContrast && share <= 1; share += 0.1)
        result = mix(color, goal, share);
    return result;
}

QColor tone(const QPalette &palette, Tone tone)
{
    const Pair values = valuesOf(tone);
    const QColor color = QColor::fromRgb(isDark(palette) ? values.onDark : values.onLight);
    return readable(readable(color, palette.color(QPalette::Base)), palette.color(QPalette::Window));
}

QColor secondaryText(const QPalette &palette)
{
    const QColor window = palette.color(QPalette::Window);
    const QColor faint = mix(window, palette.color(QPalette::WindowText), 0.66);
    return readable(readable(faint, palette.color(QPalette::Base)), window);
}

QColor hairline(const QPalette &palette)
{
    return mix(palette.color(QPalette::Window), palette.color(QPalette::WindowText), 0.14);
}

QColor field(const QPalette &palette)
{
    const QColor base = palette.color(QPalette::Base);
    return isDark(palette) ? mix(base, palette.color(QPalette::Text), 0.1) : base;
}

QColor track(const QPalette &palette)
{
    return mix(palette.color(QPalette::Window), palette.color(QPalette::WindowText), 0.09);
}

} // namespace cloudnode::colors
