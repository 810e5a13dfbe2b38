#include "config/credentials.h"

#include "platform/atomicfile.h"

#include <QDateTime>
#include <QFileInfo>
#include <QJsonDocument>
#include <QJsonObject>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

namespace {

constexpr qint64 maxBytes = 1 << 20;

void collect(const QJsonObject &json, QStringView prefix, QHash<QString, QString> &values)
{
    for (auto it = json.begin(); it != json.end(); ++it) {
        if (it.key().startsWith(prefix) && !it.value().toString().trimmed().isEmpty())
            values.insert(it.key(), it.value().toString().trimmed());
    }
}

Result<QJsonObject> readObject(const QString &path)
{
    const auto data = atomicfile::read(path, maxBytes);
    if (!data)
        return tl::make_unexpected(data.error());
    QJsonParseError problem;
    const QJsonDocument document = QJsonDocument::fromJson(*data, &problem);
    if (!document.isObject()) {
        const QString why = document.isNull() ? problem.errorString() : u"not a JSON object"_s;
        return fail(u"is not usable and ignored: "_s + why, path, u"Log in again."_s);
    }
    return document.object();
}

} // namespace

Result<Credentials> Credentials::read(const QString &path)
{
    return readObject(path).map([](const QJsonObject &json) {
        Credentials credentials;
        collect(json, {}, credentials.m_values);
        collect(json["envs"_L1].toObject(), u"CYBERWAVE_", credentials.m_values);
        return credentials;
    });
}

Result<void> Credentials::storeToken(const QString &path, const QString &token)
{
    QJsonObject json;
    if (QFileInfo::exists(path)) {
        const auto before = readObject(path);
        if (!before)
            return tl::make_unexpected(before.error());
        json = *before;
    }
    for (const QLatin1StringView key : {"email"_L1, "workspace_uuid"_L1, "workspace_name"_L1}) {
        if (!json.contains(key))
            json.insert(key, QJsonValue::Null);
    }
    json.insert("token"_L1, token);
    json.insert("created_at"_L1, QDateTime::currentDateTimeUtc().toString(u"yyyy-MM-ddTHH:mm:ss.zzz000"_s));
    return atomicfile::makePrivateFolder(QFileInfo(path).path()).and_then([&] {
        return atomicfile::write(path, QJsonDocument(json).toJson(QJsonDocument::Indented));
    });
}

} // namespace cloudnode
