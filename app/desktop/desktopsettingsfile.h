#pragma once

#include "control/desktop.h"

namespace cloudnode {

/// The owner's choices on disk: `desktop.json` in the state directory. It holds no secrets, and not whether
/// the program starts at login, which the desktop's own autostart file says.
class DesktopSettingsFile {
public:
    explicit DesktopSettingsFile(QString path) : m_path(std::move(path)) {}

    /// What is missing or of the wrong type has its default; so has everything if the file is of no use.
    DesktopSettings read() const;
    /// Errors: the path and the system's reason; the old file is then untouched.
    Result<void> write(const DesktopSettings &settings) const;

private:
    QString m_path;
};

} // namespace cloudnode
