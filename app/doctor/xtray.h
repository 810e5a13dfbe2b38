#pragma once

namespace cloudnode {

/// Whether somebody holds the tray of the X display that DISPLAY names. Waits for the X server.
/// Source: freedesktop.org System Tray Protocol.
bool hasXTray();

} // namespace cloudnode
