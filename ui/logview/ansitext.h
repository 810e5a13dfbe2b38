#pragma once

#include <QList>
#include <QString>
#include <QStringView>

#include <optional>

namespace cloudnode {

/// A colour a terminal program asked for: one of the palette of 16, or an exact one.
struct AnsiColor {
    std::optional<int> index; ///< 0 to 15
    quint32 rgb = 0;          ///< 0xrrggbb, where index is none

    bool operator==(const AnsiColor &other) const = default;
};

struct AnsiStyle {
    std::optional<AnsiColor> foreground;
    std::optional<AnsiColor> background;
    bool bold = false;
    bool faint = false;
    bool italic = false;
    bool underline = false;
    bool inverse = false;

    bool operator==(const AnsiStyle &other) const = default;
};

/// One line as a terminal would show it: plain text, and which parts of it are styled.
struct AnsiText {
    struct Span {
        qsizetype start = 0;
        qsizetype length = 0;
        AnsiStyle style;

        bool operator==(const Span &other) const = default;
    };

    QString text;
    QList<Span> spans; ///< in order, without overlap; text between them is plain

    /// Understands SGR (colours and font), drops every other escape sequence and control character, spreads
    /// tabs over 8 columns. A carriage return starts the line over, as progress bars want it.
    /// Source: ECMA-48, 8.3.117 (SGR), with xterm's 256 and direct colours.
    static AnsiText parse(QStringView raw);
};

} // namespace cloudnode
