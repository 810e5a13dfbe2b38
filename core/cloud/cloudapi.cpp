#include "cloud/cloudapi.h"

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

namespace {

const QString root = u"/api/v1/cloud-node"_s;

QString pathOf(const QString &uuid, const QString &action)
{
    return root + u'/' + QString::fromLatin1(QUrl::toPercentEncoding(uuid)) + u'/' + action;
}

QString stringIn(const QJsonObject &object, const QString &key)
{
    return object.value(key).toString();
}

CloudResult<Instance> createdInstance(const CloudResult<QJsonObject> &answer)
{
    if (!answer)
        return tl::make_unexpected(answer.error());
    const Instance instance = {stringIn(*answer, u"uuid"_s), stringIn(*answer, u"slug"_s)};
    if (!instance.uuid.isEmpty() && !instance.slug.isEmpty())
        return instance;
    const QString missing = instance.uuid.isEmpty() ? u"uuid"_s : u"slug"_s;
    return tl::make_unexpected(
        CloudError{CloudError::Kind::Unavailable,
                   200,
                   {u"the backend's answer to the creation of an instance has no \"%1\""_s.arg(missing), root,
                    u"Check the API URL (CYBERWAVE_API_URL)."_s},
                   {}});
}

CloudResult<void> withoutValue(const CloudResult<QJsonObject> &answer)
{
    return answer.map([](const QJsonObject &) {});
}

bool isMissingPath(const CloudError &error)
{
    return error.httpStatus == 404 || error.httpStatus == 405;
}

} // namespace

/// Something said about an instance, which can be said at either path.
struct CloudApi::Report {
    QString action; ///< last part of the path
    Instance instance;
    QJsonObject body;
    QObject *context;
    CloudCallback<void> done;
};

CloudApi::CloudApi(CloudApiSettings settings, QObject *parent)
    : ControlPlane(parent),
      m_workspaceSlug(std::move(settings.workspaceSlug)),
      m_rest(std::move(settings.rest))
{
}

void CloudApi::createInstance(const QString &profileSlug, const QString &slugHint, QObject *context,
                              CloudCallback<Instance> done)
{
    QUrlQuery query;
    if (!m_workspaceSlug.isEmpty())
        query.addQueryItem(u"workspace_slug"_s,
                           QString::fromLatin1(QUrl::toPercentEncoding(m_workspaceSlug)));
    QJsonObject body{{u"profile_slug"_s, profileSlug}};
    if (!slugHint.isEmpty())
        body[u"slug"_s] = slugHint;
    m_rest.post(root, query, body, context,
                [done = std::move(done)](const auto &answer) { done(createdInstance(answer)); });
}

void CloudApi::registerInstance(const QString &uuid, const QString &profileSlug, QObject *context,
                                CloudCallback<Instance> done)
{
    const QJsonObject body{{u"profile_slug"_s, profileSlug}};
    const auto read = [uuid](const QJsonObject &answer) {
        const QString newUuid = stringIn(answer, u"uuid"_s);
        return Instance{newUuid.isEmpty() ? uuid : newUuid, stringIn(answer, u"slug"_s)};
    };
    m_rest.post(pathOf(uuid, u"register"_s), {}, body, context,
                [done = std::move(done), read](const auto &answer) { done(answer.map(read)); });
}

void CloudApi::heartbeat(const QString &uuid, QObject *context, CloudCallback<void> done)
{
    m_rest.post(pathOf(uuid, u"heartbeat"_s), {}, {}, context,
                [done = std::move(done)](const auto &answer) { done(withoutValue(answer)); });
}

void CloudApi::sendLog(const Instance &instance, LogStream stream, const QByteArray &content,
                       QObject *context, CloudCallback<void> done)
{
    QJsonObject body = bodyOf(instance);
    body[u"log_type"_s] = stream == LogStream::Stdout ? u"stdout"_s : u"stderr"_s;
    body[u"log_content"_s] = QString::fromUtf8(content);
    send({u"log"_s, instance, body, context, std::move(done)});
}

void CloudApi::reportTerminated(const Instance &instance, QObject *context, CloudCallback<void> done)
{
    send({u"terminated"_s, instance, bodyOf(instance), context, std::move(done)});
}

void CloudApi::reportFailed(const Instance &instance, const QString &reason, QObject *context,
                            CloudCallback<void> done)
{
    QJsonObject body = bodyOf(instance);
    body[u"error"_s] = reason;
    send({u"failed"_s, instance, body, context, std::move(done)});
}

QJsonObject CloudApi::bodyOf(const Instance &instance) const
{
    QJsonObject body;
    if (!instance.slug.isEmpty())
        body[u"slug"_s] = instance.slug;
    if (!instance.uuid.isEmpty())
        body[u"instance_uuid"_s] = instance.uuid;
    if (!m_workspaceSlug.isEmpty())
        body[u"workspace_slug"_s] = m_workspaceSlug;
    return body;
}

void CloudApi::send(const Report &report)
{
    const bool nameless = report.instance.uuid.isEmpty(); // known by its slug only
    const PathStyle first =
        nameless ? PathStyle::Common : m_worked.value(report.action, PathStyle::OfInstance);
    sendTo(first, report, [this, first, nameless, report](const CloudResult<QJsonObject> &answer) {
        if (answer || nameless || !isMissingPath(answer.error()))
            report.done(withoutValue(answer));
        else
            sendToOther(first, answer.error(), report);
    });
}

void CloudApi::sendTo(PathStyle style, const Report &report, RestClient::Done done)
{
    const QString path = style == PathStyle::OfInstance ? pathOf(report.instance.uuid, report.action)
                                                        : root + u'/' + report.action;
    m_rest.post(path, {}, report.body, report.context,
                [this, style, action = report.action, done = std::move(done)](const auto &answer) {
                    if (answer)
                        m_worked[action] = style;
                    done(answer);
                });
}

void CloudApi::sendToOther(PathStyle tried, const CloudError &firstError, const Report &report)
{
    const PathStyle other = tried == PathStyle::Common ? PathStyle::OfInstance : PathStyle::Common;
    sendTo(other, report, [firstError, done = report.done](const CloudResult<QJsonObject> &answer) {
        // Both missing: a 404 says more than a 405.
        const bool firstSaysMore = !answer && isMissingPath(answer.error()) && firstError.httpStatus == 404;
        done(firstSaysMore ? tl::make_unexpected(firstError) : withoutValue(answer));
    });
}

} // namespace cloudnode
