#pragma once

#include "base/error.h"

#include <QByteArray>

#include <optional>

/// Single steps with files, each told how it went. Symbolic links are not followed.
namespace cloudnode::fileoperations {

/// Something of that name is there.
bool exists(const QString &path);

/// The whole of a file; none if nothing of that name is there. It never waits, as a pipe would make a reader
/// wait. Errors: it is none that can be read to its end; it has more than `maxBytes`; the system's reason.
Result<std::optional<QByteArray>> read(const QString &path, qint64 maxBytes);
/// Makes an empty file, for its owner alone. Errors: there is one of that name; the system's reason.
Result<void> make(const QString &path);
/// Adds to the end of a file, in one piece, and makes it, for its owner alone, if there is none. Nothing is
/// added to one that has `fullAt` bytes or more. Errors: the system's reason.
Result<void> append(const QString &path, const QByteArray &data, qint64 fullAt);

/// Errors: the system's reason. What is in the way is replaced if it is of the same kind, and empty.
Result<void> rename(const QString &from, const QString &to);
/// A file. One that is missing is no error.
Result<void> remove(const QString &path);
/// Brings the names in a folder to the disk. Errors: the system's reason.
Result<void> syncFolder(const QString &path);

} // namespace cloudnode::fileoperations
