#include "bench/floor/backend.h"

#include "bench/waiting.h"

#include <QJsonDocument>
#include <QNetworkReply>

#include <memory>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode::bench {

QNetworkReply *Backend::send(const QString &path, const QByteArray &body)
{
    QUrl url = m_apiUrl;
    url.setPath(u"/api/v1/cloud-node"_s + path);
    QNetworkRequest request(url);
    request.setRawHeader("Authorization", "Token " + m_token.toLatin1());
    request.setRawHeader("Content-Type", "application/json");
    request.setRawHeader("Accept", "application/json");
    return m_network.post(request, body);
}

std::optional<QJsonObject> Backend::post(const QString &path, const QJsonObject &body)
{
    const std::unique_ptr<QNetworkReply> reply(
        send(path, QJsonDocument(body).toJson(QJsonDocument::Compact)));
    if (!runUntil([&] { return reply->isFinished(); }) || reply->error() != QNetworkReply::NoError)
        return std::nullopt;
    return QJsonDocument::fromJson(reply->readAll()).object();
}

bool Backend::postAll(const QString &path, const QByteArrayList &bodies, int atOnce)
{
    qsizetype sent = 0;
    qsizetype done = 0;
    bool taken = true;
    const auto finish = [&](QNetworkReply *reply) {
        ++done;
        taken = taken && reply->error() == QNetworkReply::NoError;
        reply->deleteLater();
    };
    const QObject ears;
    QObject::connect(&m_network, &QNetworkAccessManager::finished, &ears, finish);
    return runUntil([&] {
               for (; sent < bodies.size() && sent - done < atOnce; ++sent)
                   send(path, bodies.at(sent));
               return done == bodies.size();
           }) &&
           taken;
}

std::optional<QString> Backend::registerInstance()
{
    const QJsonObject profile{{u"profile_slug"_s, u"default"_s}};
    const auto created = post({}, profile);
    if (!created)
        return std::nullopt;
    const QString uuid = created->value(u"uuid"_s).toString();
    return post(u'/' + uuid + u"/register"_s, profile) ? std::optional(uuid) : std::nullopt;
}

} // namespace cloudnode::bench
