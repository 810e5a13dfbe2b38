#include "ui/logview/sgr.h"

#include <array>

namespace cloudnode::sgr {

namespace {

using Numbers = QList<int>;

Numbers numbersOf(QStringView parameters)
{
    Numbers numbers;
    for (const QStringView part : parameters.split(u';'))
        for (const QStringView number : part.split(u':'))
            numbers.append(number.isEmpty() ? 0 : number.toInt());
    return numbers;
}

quint32 cubeColor(int index)
{
    static constexpr std::array<quint32, 6> levels = {0, 95, 135, 175, 215, 255};
    const auto level = [](int step) { return levels.at(static_cast<size_t>(step)); };
    return level(index / 36) << 16 | level(index / 6 % 6) << 8 | level(index % 6);
}

AnsiColor indexedColor(int index)
{
    if (index < 16)
        return {index, 0};
    if (index < 232)
        return {std::nullopt, cubeColor(index - 16)};
    const auto grey = static_cast<quint32>(8 + 10 * (index - 232));
    return {std::nullopt, grey << 16 | grey << 8 | grey};
}

/// What follows 38 or 48: "5;n" or "2;r;g;b". Moves `at` to its last number.
std::optional<AnsiColor> extendedColor(const Numbers &numbers, qsizetype &at)
{
    const int kind = numbers.value(at + 1);
    if (kind == 5 && at + 2 < numbers.size()) {
        at += 2;
        return indexedColor(qBound(0, numbers.at(at), 255));
    }
    if (kind == 2 && at + 4 < numbers.size()) {
        const auto channel = [&](int i) { return static_cast<quint32>(qBound(0, numbers.at(at + i), 255)); };
        const AnsiColor color{std::nullopt, channel(2) << 16 | channel(3) << 8 | channel(4)};
        at += 4;
        return color;
    }
    at = numbers.size();
    return std::nullopt;
}

bool applyFont(AnsiStyle &style, int number)
{
    switch (number) {
    case 0:
        style = {};
        return true;
    case 1:
        return style.bold = true;
    case 2:
        return style.faint = true;
    case 3:
        return style.italic = true;
    case 4:
        return style.underline = true;
    case 7:
        return style.inverse = true;
    case 22:
        style.bold = style.faint = false;
        return true;
    case 23:
        style.italic = false;
        return true;
    case 24:
        style.underline = false;
        return true;
    case 27:
        style.inverse = false;
        return true;
    default:
        return false;
    }
}

void applyColor(AnsiStyle &style, int number)
{
    if (number >= 30 && number <= 37)
        style.foreground = AnsiColor{number - 30, 0};
    else if (number >= 40 && number <= 47)
        style.background = AnsiColor{number - 40, 0};
    else if (number >= 90 && number <= 97)
        style.foreground = AnsiColor{number - 90 + 8, 0};
    else if (number >= 100 && number <= 107)
        style.background = AnsiColor{number - 100 + 8, 0};
    else if (number == 39)
        style.foreground.reset();
    else if (number == 49)
        style.background.reset();
}

} // namespace

void apply(AnsiStyle &style, QStringView parameters)
{
    const Numbers numbers = numbersOf(parameters);
    for (qsizetype at = 0; at < numbers.size(); ++at) {
        const int number = numbers.at(at);
        if (number == 38)
            style.foreground = extendedColor(numbers, at);
        else if (number == 48)
            style.background = extendedColor(numbers, at);
        else if (!applyFont(style, number))
            applyColor(style, number);
    }
}

} // namespace cloudnode::sgr
