#pragma once

#include "doctor/finding.h"

/// Looks at this computer. Each may take as long as the system lets it wait.
namespace cloudnode::machine {

Finding diskSpace(const QString &stateDir); ///< of the file system that has, or would have, this folder
Finding descriptorLimit();
Finding runner();
Finding trayHost(); ///< who would show an icon: by D-Bus (StatusNotifierItem) or X11 (XEmbed)

} // namespace cloudnode::machine
