#include "node/linefile.h"

#include "workload/logtail.h"

#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>

namespace cloudnode::linefile {

QByteArrayList readLast(const QString &path, qint64 maxBytes, qsizetype maxLines, const QByteArray &more)
{
    const QByteArray text = LogTail::last(path, maxBytes).value_or(LogTail::Tail()).text + more;
    QByteArrayList lines = text.split('\n');
    lines.removeAll(QByteArray());
    return lines.last(std::min(maxLines, lines.size()));
}

QJsonArray objectsOf(const QByteArrayList &lines)
{
    QJsonArray found;
    for (const QByteArray &line : lines) {
        const QJsonDocument document = QJsonDocument::fromJson(line);
        if (document.isObject())
            found.append(document.object());
    }
    return found;
}

void keepObjects(QByteArrayList &lines)
{
    lines.removeIf([](const QByteArray &line) { return !QJsonDocument::fromJson(line).isObject(); });
}

} // namespace cloudnode::linefile
