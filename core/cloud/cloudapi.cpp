#include "cloud/cloudapi.h"

#include "cloud/uploadmessages.h"

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

namespace {

const QString root = u"/api/v1/cloud-node"_s;
const QString workloadsRoot = u"/api/v1/cloud-node-workloads"_s;

QString encoded(const QString &part)
{
    return QString::fromLatin1(QUrl::toPercentEncoding(part));
}

QString pathOf(const QString &uuid, const QString &action)
{
    return root + u'/' + encoded(uuid) + u'/' + action;
}

QString workloadPath(const QString &uuid, const QString &action = {})
{
    const QString path = workloadsRoot + u'/' + encoded(uuid);
    return action.isEmpty() ? path : path + u'/' + action;
}

QString stringIn(const QJsonObject &object, const QString &key)
{
    return object.value(key).toString();
}

bool isMissingPath(const CloudError &error)
{
    return error.httpStatus == 404 || error.httpStatus == 405;
}

CloudResult<Instance> createdInstance(const CloudResult<QJsonObject> &answer)
{
    if (!answer) {
        CloudError error = answer.error();
        if (isMissingPath(error)) // there is nothing that could be missing but the call itself
            error.error.remedy = u"Check the API URL (CYBERWAVE_API_URL). A backend that is spoken to over "
                                 u"MQTT needs control_plane: auto or mqtt."_s;
        return tl::make_unexpected(error);
    }
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
    QJsonObject body{{u"profile_slug"_s, profileSlug}};
    if (!slugHint.isEmpty())
        body[u"slug"_s] = slugHint;
    m_rest.post(root, workspaceQuery(), body, context,
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

void CloudApi::updateWorkload(const QString &workloadUuid, const QString &instanceUuid,
                              const WorkloadUpdate &update, QObject *context, CloudCallback<void> done)
{
    RestRequest request{.query = workspaceQuery(), .anyAnswer = true};
    QJsonObject details = update.toJson();
    details.remove(u"status"_s);
    switch (update.status) {
    case WorkloadUpdate::Status::Running:
    case WorkloadUpdate::Status::Finalizing:
        request.method = RestRequest::Method::Put;
        request.path = workloadPath(workloadUuid);
        request.body = {{u"status"_s, toString(update.status)}, {u"instance_uuid"_s, instanceUuid}};
        break;
    case WorkloadUpdate::Status::Completed:
        request.path = workloadPath(workloadUuid, u"complete"_s);
        request.body = {{u"result"_s, details}, {u"success"_s, update.success.value_or(false)}};
        break;
    case WorkloadUpdate::Status::Failed:
        request.path = workloadPath(workloadUuid, u"fail"_s);
        request.body = details;
        break;
    case WorkloadUpdate::Status::Cancelled:
        request.path = workloadPath(workloadUuid, u"cancel"_s);
        request.body = details;
        break;
    }
    m_rest.send(request, context,
                [done = std::move(done)](const auto &answer) { done(withoutValue(answer)); });
}

void CloudApi::fetchWorkload(const QString &workloadUuid, QObject *context, CloudCallback<CloudWorkload> done)
{
    const auto read = [](const QJsonObject &answer) {
        return CloudWorkload{stringIn(answer, u"status"_s), stringIn(answer, u"instance_uuid"_s)};
    };
    m_rest.send(
        {.method = RestRequest::Method::Get, .path = workloadPath(workloadUuid), .query = workspaceQuery()},
        context, [done = std::move(done), read](const auto &answer) { done(answer.map(read)); });
}

void CloudApi::requestUpload(const QString &workloadUuid, const QString &filename, QObject *context,
                             CloudCallback<UploadTarget> done)
{
    m_rest.send({.path = workloadPath(workloadUuid, u"attachments"_s),
                 .query = workspaceQuery(),
                 .body = {{u"filename"_s, filename}}},
                context, [done = std::move(done)](const auto &answer) {
                    done(answer.and_then(uploadmessages::readTarget));
                });
}

void CloudApi::confirmUploads(const QString &workloadUuid, const QList<UploadedFile> &files, QObject *context,
                              CloudCallback<void> done)
{
    m_rest.send({.path = workloadPath(workloadUuid, u"upload-results"_s),
                 .query = workspaceQuery(),
                 .body = uploadmessages::confirmation(files),
                 .anyAnswer = true},
                context, [done = std::move(done)](const auto &answer) { done(withoutValue(answer)); });
}

QUrlQuery CloudApi::workspaceQuery() const
{
    QUrlQuery query;
    if (!m_workspaceSlug.isEmpty())
        query.addQueryItem(u"workspace_slug"_s, encoded(m_workspaceSlug));
    return query;
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
