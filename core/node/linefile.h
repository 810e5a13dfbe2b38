#pragma once

#include <QByteArray>
#include <QJsonArray>

/// Files that grow by one JSON object a line (LineWriter).
namespace cloudnode::linefile {

/// The last `maxLines` objects of the last `maxBytes`, oldest first. A line that is none is left out: a crash
/// may have cut it off. A missing file is an empty one. `more`: lines that are not in the file yet.
QJsonArray readLast(const QString &path, qint64 maxBytes, int maxLines, const QByteArray &more = {});

} // namespace cloudnode::linefile
