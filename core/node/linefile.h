#pragma once

#include <QByteArray>
#include <QByteArrayList>
#include <QJsonArray>

/// Files that grow by one JSON object a line (LineWriter).
namespace cloudnode::linefile {

/// The last `maxLines` of the last `maxBytes`, oldest first, without their breaks. A missing file is an empty
/// one. `more`: lines that are not in the file yet.
QByteArrayList readLast(const QString &path, qint64 maxBytes, qsizetype maxLines,
                        const QByteArray &more = {});
/// What is none is left out: a crash may have cut it off.
QJsonArray objectsOf(const QByteArrayList &lines);
void keepObjects(QByteArrayList &lines); ///< the same, as text

} // namespace cloudnode::linefile
