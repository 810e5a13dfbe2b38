#pragma once

/// The memory of this process that is in use.
namespace cloudnode::workingset {

/// Lets go of what only the past has needed: pages of programs and libraries, which the system reads again or
/// still has when they are wanted, and memory that has been freed. To be called when there is nothing to do.
void shrink();

} // namespace cloudnode::workingset
