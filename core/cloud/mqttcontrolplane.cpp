#include "cloud/mqttcontrolplane.h"

#include "cloud/commandlink.h"
#include "cloud/uploadmessages.h"

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace cloudnode {

namespace {

constexpr auto quickLimit = 10s; // of what is said about an instance, WIRE contract, "Requests"

CloudResult<Instance> createdInstance(const CloudResult<QJsonObject> &answer)
{
    if (!answer)
        return tl::make_unexpected(answer.error());
    const Instance instance = {answer->value("uuid"_L1).toString(), answer->value("slug"_L1).toString()};
    if (Topics::isUsable(instance.uuid) && !instance.slug.isEmpty())
        return instance;
    return tl::make_unexpected(CloudError{
        CloudError::Kind::Unavailable,
        0,
        {u"the backend's answer to the creation of an instance names no usable uuid and slug"_s, {}, {}},
        {}});
}

CloudResult<void> withoutValue(const CloudResult<QJsonObject> &answer)
{
    return answer.map([](const QJsonObject &) {});
}

MqttRequests::Done plain(CloudCallback<void> done)
{
    return [done = std::move(done)](const CloudResult<QJsonObject> &answer) { done(withoutValue(answer)); };
}

/// Nobody has answered, so it may be worth asking elsewhere.
bool isUnanswered(const CloudError &error)
{
    return error.kind == CloudError::Kind::Unavailable && error.httpStatus == 0;
}

} // namespace

MqttControlPlane::MqttControlPlane(MqttControlPlaneSettings settings, CommandLink &link, CloudApi &rest,
                                   QObject *parent)
    : ControlPlane(parent),
      m_settings(std::move(settings)),
      m_link(link),
      m_rest(rest),
      m_requests(link, m_settings.topics.answersPrefix(), m_settings.token)
{
}

void MqttControlPlane::createInstance(const QString &profileSlug, const QString &slugHint, QObject *context,
                                      CloudCallback<Instance> done)
{
    QJsonObject payload{
        {u"profile_slug"_s, profileSlug}, {u"provider"_s, u"self-hosted"_s}, {u"visibility"_s, u"private"_s}};
    if (!slugHint.isEmpty())
        payload[u"slug"_s] = slugHint;
    const bool usable = Topics::isUsable(m_settings.token);
    ask({.topic = usable ? m_settings.topics.createInstance(m_settings.token) : QString(),
         .payload = payload,
         .what = u"request-instance"_s},
        context, [done = std::move(done)](const auto &answer) { done(createdInstance(answer)); });
}

void MqttControlPlane::registerInstance(const QString &uuid, const QString &profileSlug, QObject *context,
                                        CloudCallback<Instance> done)
{
    const auto read = [uuid](const QJsonObject &answer) {
        const QString newUuid = answer.value("uuid"_L1).toString();
        return Instance{Topics::isUsable(newUuid) ? newUuid : uuid, answer.value("slug"_L1).toString()};
    };
    ask(aboutInstance(uuid, u"register"_s, {{u"profile_slug"_s, profileSlug}}), context,
        [done = std::move(done), read](const auto &answer) { done(answer.map(read)); });
}

void MqttControlPlane::heartbeat(const QString &uuid, QObject *context, CloudCallback<void> done)
{
    MqttRequest request = aboutInstance(uuid, u"heartbeat"_s, {});
    request.limit = quickLimit;
    ask(request, context, plain(std::move(done)));
}

void MqttControlPlane::sendLog(const Instance &instance, LogStream stream, const QByteArray &content,
                               QObject *context, CloudCallback<void> done)
{
    MqttRequest request =
        aboutInstance(instance.uuid, u"logs"_s,
                      {{u"instance_uuid"_s, instance.uuid},
                       {u"log_type"_s, stream == LogStream::Stdout ? u"stdout"_s : u"stderr"_s},
                       {u"log_content"_s, QString::fromUtf8(content)}});
    request.limit = quickLimit;
    ask(request, context, plain(std::move(done)));
}

void MqttControlPlane::reportTerminated(const Instance &instance, QObject *context, CloudCallback<void> done)
{
    MqttRequest request = aboutInstance(instance.uuid, u"terminate"_s, {});
    request.limit = quickLimit;
    ask(request, context, plain(std::move(done)));
}

void MqttControlPlane::reportFailed(const Instance &instance, const QString &reason, QObject *context,
                                    CloudCallback<void> done)
{
    MqttRequest request =
        aboutInstance(instance.uuid, u"fail"_s, {{u"instance_uuid"_s, instance.uuid}, {u"error"_s, reason}});
    request.limit = quickLimit;
    ask(request, context, plain(std::move(done)));
}

void MqttControlPlane::updateWorkload(const QString &workloadUuid, const QString &,
                                      const WorkloadUpdate &update, QObject *context,
                                      CloudCallback<void> done)
{
    ask(aboutWorkload(workloadUuid, u"update-status"_s, update.toJson()), context, plain(std::move(done)));
}

void MqttControlPlane::fetchWorkload(const QString &workloadUuid, QObject *context,
                                     CloudCallback<CloudWorkload> done)
{
    m_rest.fetchWorkload(workloadUuid, context, std::move(done));
}

void MqttControlPlane::requestUpload(const QString &workloadUuid, const QString &filename, QObject *context,
                                     CloudCallback<UploadTarget> done)
{
    MqttRequest request = aboutWorkload(workloadUuid, u"request-signed-url"_s, {{u"filename"_s, filename}});
    request.successMayBeMissing = true;
    ask(request, context, [=, this, done = std::move(done)](const CloudResult<QJsonObject> &answer) {
        if (!answer && isUnanswered(answer.error()))
            m_rest.requestUpload(workloadUuid, filename, context, done);
        else
            done(answer.and_then(uploadmessages::readTarget));
    });
}

void MqttControlPlane::confirmUploads(const QString &workloadUuid, const QList<UploadedFile> &files,
                                      QObject *context, CloudCallback<void> done)
{
    const MqttRequest request =
        aboutWorkload(workloadUuid, u"upload-results"_s, uploadmessages::confirmation(files));
    ask(request, context, [=, this, done = std::move(done)](const CloudResult<QJsonObject> &answer) {
        if (!answer && isUnanswered(answer.error()))
            m_rest.confirmUploads(workloadUuid, files, context, done);
        else
            done(withoutValue(answer));
    });
}

MqttRequest MqttControlPlane::aboutInstance(const QString &uuid, const QString &action,
                                            const QJsonObject &payload) const
{
    return {.topic = Topics::isUsable(uuid) ? m_settings.topics.instanceRequest(uuid, action) : QString(),
            .payload = payload,
            .what = u"%1 of %2"_s.arg(action, uuid)};
}

MqttRequest MqttControlPlane::aboutWorkload(const QString &uuid, const QString &action,
                                            const QJsonObject &payload) const
{
    return {.topic = Topics::isUsable(uuid) ? m_settings.topics.workloadRequest(uuid, action) : QString(),
            .payload = payload,
            .what = u"%1 of workload %2"_s.arg(action, uuid)};
}

void MqttControlPlane::ask(const MqttRequest &request, QObject *context, MqttRequests::Done done)
{
    if (!m_link.isOpen())
        m_link.open(m_settings.wayIn);
    m_requests.send(request, context, std::move(done));
}

} // namespace cloudnode
