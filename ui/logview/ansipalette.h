#pragma once

#include "ui/logview/ansitext.h"

#include <QColor>
#include <QPalette>

namespace cloudnode {

/// How a style looks on this palette: colours moved until they can be read.
struct AnsiLook {
    QColor foreground;
    QColor background; ///< invalid: none

    static AnsiLook of(const AnsiStyle &style, const QPalette &palette);
};

} // namespace cloudnode
