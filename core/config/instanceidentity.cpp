#include "config/instanceidentity.h"

#include "config/setting.h"
#include "platform/atomicfile.h"

#include <QFileInfo>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTimeZone>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

namespace {

constexpr qint64 maxBytes = 64 * 1024;

InstanceIdentity::Loaded unusable(const QString &path, const QString &why)
{
    return {std::nullopt, Error{u"is not usable and ignored: "_s + why, path,
                                u"The node will register as a new instance and write a new file."_s}};
}

/// Both go into topics and URLs.
bool isName(const QString &text, const QString &settingKey)
{
    NodeConfig scratch;
    return findSetting(settingKey)->assign(text, scratch).has_value();
}

QDateTime timestamp(const QString &text)
{
    QDateTime time = QDateTime::fromString(text, Qt::ISODateWithMs);
    if (time.timeSpec() == Qt::LocalTime)
        time.setTimeSpec(Qt::UTC); // written without a zone, meant as UTC
    return time.toUTC();
}

} // namespace

InstanceIdentity::Loaded InstanceIdentity::load(const QString &path)
{
    if (!QFileInfo::exists(path))
        return {};
    const auto data = atomicfile::read(path, maxBytes);
    if (!data)
        return unusable(path, data.error().what);
    QJsonParseError problem;
    const QJsonDocument document = QJsonDocument::fromJson(*data, &problem);
    if (!document.isObject())
        return unusable(path, problem.error == QJsonParseError::NoError ? u"not a JSON object"_s
                                                                        : problem.errorString());
    const QJsonObject json = document.object();
    const InstanceIdentity identity = {.uuid = json["uuid"_L1].toString(),
                                       .slug = json["slug"_L1].toString(),
                                       .workspaceSlug = json["workspace_slug"_L1].toString(),
                                       .registeredAt = timestamp(json["registered_at"_L1].toString())};
    if (!isName(identity.uuid, u"instance_uuid"_s))
        return unusable(path, u"\"uuid\" is not the name of an instance"_s);
    if (!identity.slug.isEmpty() && !isName(identity.slug, u"slug"_s))
        return unusable(path, u"\"slug\" is not the name of an instance"_s);
    return {identity, std::nullopt};
}

Result<void> InstanceIdentity::save(const QString &path) const
{
    if (auto made = atomicfile::makePrivateFolder(QFileInfo(path).path()); !made)
        return made;
    const QString time = registeredAt.toUTC().toString(u"yyyy-MM-ddTHH:mm:ss.zzz000"_s);
    const QJsonObject json = {
        {u"uuid"_s, uuid},
        {u"slug"_s, slug},
        {u"workspace_slug"_s, workspaceSlug.isEmpty() ? QJsonValue() : QJsonValue(workspaceSlug)},
        {u"registered_at"_s, time}};
    return atomicfile::write(path, QJsonDocument(json).toJson());
}

} // namespace cloudnode
