#include "cloud/controlplanememory.h"

#include "platform/atomicfile.h"

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>

namespace cloudnode {

namespace {

constexpr qint64 largestFile = 64 * 1024;

QString nameOf(const QUrl &apiUrl)
{
    return apiUrl.toString(QUrl::RemoveUserInfo | QUrl::StripTrailingSlash);
}

QJsonObject read(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? QJsonDocument::fromJson(file.read(largestFile)).object()
                                          : QJsonObject();
}

} // namespace

QString ControlPlaneMemory::recall(const QUrl &apiUrl) const
{
    return read(m_path).value(nameOf(apiUrl)).toString();
}

Result<void> ControlPlaneMemory::note(const QUrl &apiUrl, const QString &plane) const
{
    QJsonObject all = read(m_path);
    if (all.value(nameOf(apiUrl)).toString() == plane)
        return {};
    all[nameOf(apiUrl)] = plane;
    return atomicfile::write(m_path, QJsonDocument(all).toJson(QJsonDocument::Indented));
}

} // namespace cloudnode
