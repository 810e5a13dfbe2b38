#include "cloud/autocontrolplane.h"

namespace cloudnode {

namespace {

constexpr int noSuchMethod = 405;

} // namespace

AutoControlPlane::AutoControlPlane(std::unique_ptr<ControlPlane> rest, std::unique_ptr<ControlPlane> mqtt,
                                   const QString &remembered,
                                   std::function<void(const QString &name)> decided, QObject *parent)
    : ControlPlane(parent),
      m_rest(std::move(rest)),
      m_mqtt(std::move(mqtt)),
      m_tellDecided(std::move(decided))
{
    for (ControlPlane *plane : {m_rest.get(), m_mqtt.get()}) {
        if (plane->name() == remembered)
            m_decided = plane;
    }
}

void AutoControlPlane::createInstance(const QString &profileSlug, const QString &slugHint, QObject *context,
                                      CloudCallback<Instance> done)
{
    ask(
        [=](ControlPlane &plane, QObject *asker, CloudCallback<Instance> answered) {
            plane.createInstance(profileSlug, slugHint, asker, std::move(answered));
        },
        Missing::MayBeTheCall, context, std::move(done));
}

void AutoControlPlane::registerInstance(const QString &uuid, const QString &profileSlug, QObject *context,
                                        CloudCallback<Instance> done)
{
    ask(
        [=](ControlPlane &plane, QObject *asker, CloudCallback<Instance> answered) {
            plane.registerInstance(uuid, profileSlug, asker, std::move(answered));
        },
        Missing::IsTheInstance, context, std::move(done));
}

void AutoControlPlane::ask(const Question &question, Missing missing, QObject *context,
                           CloudCallback<Instance> done)
{
    ControlPlane &first = current();
    question(first, context, [=, this, &first, done = std::move(done)](const CloudResult<Instance> &answer) {
        if (answer) {
            decide(first);
            done(answer);
        } else if (isWorthAskingOther(answer.error(), missing)) {
            askOther(question, answer.error(), context, done);
        } else {
            done(answer);
        }
    });
}

void AutoControlPlane::askOther(const Question &question, const CloudError &firstError, QObject *context,
                                CloudCallback<Instance> done)
{
    ControlPlane &second = other();
    question(second, context,
             [=, this, &second, done = std::move(done)](const CloudResult<Instance> &answer) {
                 if (answer)
                     decide(second);
                 // Where neither takes it, the one that was believed in knows better what is wrong.
                 const bool secondSaysMore = answer || answer.error().kind == CloudError::Kind::Unauthorized;
                 done(secondSaysMore ? answer : tl::make_unexpected(firstError));
             });
}

bool AutoControlPlane::isWorthAskingOther(const CloudError &error, Missing missing)
{
    m_unanswered = error.kind == CloudError::Kind::Unavailable ? m_unanswered + 1 : 0;
    const bool mayHaveNoSuchCall = !m_decided || missing == Missing::MayBeTheCall;
    const bool hasNoSuchCall =
        error.httpStatus == noSuchMethod || (error.kind == CloudError::Kind::NotFound && mayHaveNoSuchCall);
    // Not from REST to MQTT for silence alone: the token would show there.
    return hasNoSuchCall || (&current() == m_mqtt.get() && m_unanswered >= patience);
}

void AutoControlPlane::decide(ControlPlane &plane)
{
    m_unanswered = 0;
    if (m_decided == &plane)
        return;
    m_decided = &plane;
    m_tellDecided(plane.name());
}

void AutoControlPlane::heartbeat(const QString &uuid, QObject *context, CloudCallback<void> done)
{
    current().heartbeat(uuid, context, std::move(done));
}

void AutoControlPlane::sendLog(const Instance &instance, LogStream stream, const QByteArray &content,
                               QObject *context, CloudCallback<void> done)
{
    current().sendLog(instance, stream, content, context, std::move(done));
}

void AutoControlPlane::reportTerminated(const Instance &instance, QObject *context, CloudCallback<void> done)
{
    current().reportTerminated(instance, context, std::move(done));
}

void AutoControlPlane::reportFailed(const Instance &instance, const QString &reason, QObject *context,
                                    CloudCallback<void> done)
{
    current().reportFailed(instance, reason, context, std::move(done));
}

void AutoControlPlane::updateWorkload(const QString &workloadUuid, const QString &instanceUuid,
                                      const WorkloadUpdate &update, QObject *context,
                                      CloudCallback<void> done)
{
    current().updateWorkload(workloadUuid, instanceUuid, update, context, std::move(done));
}

void AutoControlPlane::fetchWorkload(const QString &workloadUuid, QObject *context,
                                     CloudCallback<CloudWorkload> done)
{
    current().fetchWorkload(workloadUuid, context, std::move(done));
}

void AutoControlPlane::requestUpload(const QString &workloadUuid, const QString &filename, QObject *context,
                                     CloudCallback<UploadTarget> done)
{
    current().requestUpload(workloadUuid, filename, context, std::move(done));
}

void AutoControlPlane::confirmUploads(const QString &workloadUuid, const QList<UploadedFile> &files,
                                      QObject *context, CloudCallback<void> done)
{
    current().confirmUploads(workloadUuid, files, context, std::move(done));
}

} // namespace cloudnode
