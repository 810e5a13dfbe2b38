#include "ui/tray/paneltone.h"

#include "ui/look/semanticcolors.h"

#include <QString>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

QColor panelInk(const QPalette &palette, const QString &desktop)
{
    const bool alwaysDark = desktop.contains("GNOME"_L1) || desktop.contains("Unity"_L1);
    return alwaysDark || colors::isDark(palette) ? QColor(0xf2, 0xf2, 0xf2) : QColor(0x2e, 0x34, 0x36);
}

} // namespace cloudnode
