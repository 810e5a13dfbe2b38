#include "node/linefile.h"

#include "workload/logtail.h"

#include <QFile>
#include <QJsonDocument>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode::linefile {

Result<void> append(const QString &path, const QJsonObject &object)
{
    QFile file(path);
    const auto owner = QFile::ReadOwner | QFile::WriteOwner;
    if (!file.open(QIODevice::WriteOnly | QIODevice::Append | QIODevice::Unbuffered, owner))
        return fail(u"cannot write: "_s + file.errorString(), path);
    // In one piece: a crash leaves a whole line, a full disk a broken one, which readers leave out.
    const QByteArray line = QJsonDocument(object).toJson(QJsonDocument::Compact) + '\n';
    if (file.write(line) != line.size())
        return fail(u"cannot write: "_s + file.errorString(), path);
    return {};
}

QJsonArray readLast(const QString &path, qint64 maxBytes, int maxLines)
{
    const auto tail = LogTail::last(path, maxBytes);
    if (!tail)
        return {};
    QJsonArray found;
    for (const QByteArray &line : tail->text.split('\n')) {
        const QJsonDocument document = QJsonDocument::fromJson(line);
        if (document.isObject())
            found.append(document.object());
    }
    while (found.size() > maxLines)
        found.removeFirst();
    return found;
}

} // namespace cloudnode::linefile
