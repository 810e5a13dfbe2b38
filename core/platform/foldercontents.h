#pragma once

#include "base/error.h"

#include <QStringList>

/// What is in folders of any size. Symbolic links are not followed.
namespace cloudnode::foldercontents {

/// Names of the folders in it, in no order. Errors: it cannot be read.
Result<QStringList> folders(const QString &path);
/// Bytes that a file, or a folder with the files right in it, takes of the disk; 0 if there is none.
qint64 bytesOnDisk(const QString &path);
/// Bytes that a folder and all that is below it takes; 0 if there is none. Of more than `mostEntries` the
/// first that are found have to do, so that this stays a quick look.
qint64 bytesOfTree(const QString &path, int mostEntries = 4096);
/// Removes a folder with all that is below it. One that is missing is no error. Errors: the system's reason;
/// something of it may be left then.
Result<void> removeTree(const QString &path);

} // namespace cloudnode::foldercontents
