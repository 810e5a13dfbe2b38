#pragma once

/// What a process that knows secrets, and that others rely on, does for itself.
namespace cloudnode::selfprotection {

/// From now on no core dump is written of this process, and nobody but root can look into its memory or its
/// environment. Children that exec are not affected.
void hideMemory();

/// Asks the system to look for memory elsewhere first when it runs out. Only root, or who has been given
/// CAP_SYS_RESOURCE, may ask; for others nothing changes. Call it before hideMemory(), which gives the file
/// it takes to root.
void surviveMemoryShortage();

} // namespace cloudnode::selfprotection
