#pragma once

#include "base/error.h"

#include <QJsonArray>
#include <QJsonObject>

/// Files that grow by one JSON object a line, for their owner only.
namespace cloudnode::linefile {

/// Adds a line. It survives the death of this process, not a power cut. Errors: path and the system's reason.
Result<void> append(const QString &path, const QJsonObject &object);

/// The last `maxLines` objects of the last `maxBytes`, oldest first. A line that is none is left out: a crash
/// may have cut it off. A missing file is an empty one.
QJsonArray readLast(const QString &path, qint64 maxBytes, int maxLines);

} // namespace cloudnode::linefile
