#pragma once

#include <QString>

/// Who may do what with a file, as the bits of chmod(1). A system without such bits has none set, for
/// anybody.
namespace cloudnode::filemode {

inline constexpr uint ofOthers = 0007;     ///< who are neither the owner nor of the group
inline constexpr uint readByOthers = 0004; ///< one of them
inline constexpr uint ofAllButOwner = 0077;
inline constexpr uint sticky = 01000; ///< a folder for everybody, such as /tmp

/// None, too, if there is no such file.
uint of(const QString &path);
/// False with errno set if the system refuses.
bool set(const QString &path, uint mode);

} // namespace cloudnode::filemode
