#pragma once

#include "base/error.h"

/// Single steps with files, each told how it went. Symbolic links are not followed.
namespace cloudnode::fileoperations {

/// Something of that name is there.
bool exists(const QString &path);
/// A file that can be read to its end: no folder, pipe, device or link.
bool isPlainFile(const QString &path);

/// Errors: the system's reason. What is in the way is replaced if it is of the same kind, and empty.
Result<void> rename(const QString &from, const QString &to);
/// A file. One that is missing is no error.
Result<void> remove(const QString &path);
/// Brings the names in a folder to the disk. Errors: the system's reason.
Result<void> syncFolder(const QString &path);

} // namespace cloudnode::fileoperations
