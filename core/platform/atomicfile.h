#pragma once

#include "base/error.h"

#include <QByteArray>

/// Small files that are either whole or absent, whatever is killed in between. Owner-only, always.
namespace cloudnode::atomicfile {

/// Whether the data must outlive a power cut, or only the death of this process.
enum class Durability { PowerLoss, ProcessDeath };

/// Replaces `path` with `data`, mode 0600: temporary file beside it, fsync, rename, fsync of the folder.
/// With Durability::ProcessDeath both fsyncs are left out; the rename stays atomic.
/// Errors: the path and the system's reason; the old file is then untouched.
Result<void> write(const QString &path, const QByteArray &data,
                   Durability durability = Durability::PowerLoss);

/// Makes a file of `data`, mode 0600, and brings its content to the disk. Its name is there only once its
/// folder has been brought there too, and until then it may be found half written: for files that nobody
/// looks for before something else says that they are there. Errors: there is one of that name; the system's
/// reason.
Result<void> writeNew(const QString &path, const QByteArray &data);

/// Writes `data` into a file that is there and empty; as with writeNew(), it may be found half written.
/// Errors: the path and the system's reason.
Result<void> fill(const QString &path, const QByteArray &data, Durability durability);

/// Takes all out of a file that is there, and brings that to the disk. Errors: the path and the system's
/// reason.
Result<void> empty(const QString &path);

/// The whole of a file of at most `maxBytes`. Errors: missing, unreadable, larger than that.
Result<QByteArray> read(const QString &path, qint64 maxBytes);

/// Makes `path` and its parents, mode 0700. An existing folder keeps its mode. Errors: path and reason.
Result<void> makePrivateFolder(const QString &path);

} // namespace cloudnode::atomicfile
