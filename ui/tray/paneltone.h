#pragma once

#include <QColor>
#include <QPalette>

namespace cloudnode {

/// The ink that can be seen on this desktop's panel. No desktop tells; GNOME's panel is dark whatever the
/// windows are, the others follow them. `desktop`: the value of $XDG_CURRENT_DESKTOP.
QColor panelInk(const QPalette &palette, const QString &desktop);

} // namespace cloudnode
