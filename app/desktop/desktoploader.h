#pragma once

#include "base/error.h"

#include <QStringList>

namespace cloudnode {

class DesktopPlugin;

/// Whether this process has a screen to show a window on: a Wayland or X display, or a Qt platform that was
/// asked for.
bool hasDisplay();

/// Whether the desktop is installed.
bool hasDesktop();

/// Loads the desktop, which is installed apart from this program so that a server needs none of its
/// libraries. Looked for beside the program and in the library folder. It stays loaded.
/// Errors: it is not installed, naming the package that brings it, or does not fit this system.
Result<DesktopPlugin *> loadDesktop();

} // namespace cloudnode
