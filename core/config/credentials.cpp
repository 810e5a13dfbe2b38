#include "config/credentials.h"

#include "base/atomicfile.h"

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

} // namespace

Result<Credentials> Credentials::read(const QString &path)
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
    Credentials credentials;
    collect(document.object(), {}, credentials.m_values);
    collect(document["envs"_L1].toObject(), u"CYBERWAVE_", credentials.m_values);
    return credentials;
}

} // namespace cloudnode
