#include "node/linefile.h"

#include "workload/logtail.h"

#include <QJsonDocument>
#include <QJsonObject>

namespace cloudnode::linefile {

QJsonArray readLast(const QString &path, qint64 maxBytes, int maxLines, const QByteArray &more)
{
    const QByteArray text = LogTail::last(path, maxBytes).value_or(LogTail::Tail()).text + more;
    QJsonArray found;
    for (const QByteArray &line : text.split('\n')) {
        const QJsonDocument document = QJsonDocument::fromJson(line);
        if (document.isObject())
            found.append(document.object());
    }
    while (found.size() > maxLines)
        found.removeFirst();
    return found;
}

} // namespace cloudnode::linefile
