#include "sandbox/cloudmodel.h"

#include <QUuid>

#include <algorithm>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode::sandbox {

namespace {

QString toString(InstanceState state)
{
    switch (state) {
    case InstanceState::Provisioning:
        return u"provisioning"_s;
    case InstanceState::Ready:
        return u"ready"_s;
    case InstanceState::Terminated:
        return u"terminated"_s;
    case InstanceState::Failed:
        return u"failed"_s;
    }
    Q_UNREACHABLE();
}

QString text(const ApiCall &call, const QString &key)
{
    return call.body.value(key).toString();
}

CloudReply unknownInstance()
{
    return CloudReply::refusal(404, u"Cloud node instance not found"_s);
}

CloudReply done(const CloudInstance &instance, const QString &message, QJsonObject more = {})
{
    more[u"success"_s] = true;
    more[u"message"_s] = message;
    return {200, QJsonDocument(more), instance.uuid};
}

QJsonObject summary(const CloudInstance &instance)
{
    return {{u"uuid"_s, instance.uuid},
            {u"slug"_s, instance.slug},
            {u"status"_s, toString(instance.state)},
            {u"profile_slug"_s, instance.profileSlug},
            {u"provider"_s, instance.provider}};
}

QString workspaceInQuery(const ApiCall &call)
{
    return call.query.queryItemValue(u"workspace_slug"_s, QUrl::FullyDecoded);
}

} // namespace

CloudReply CloudModel::apply(const ApiCall &call)
{
    switch (call.operation) {
    case Operation::Create:
        return create(call);
    case Operation::Register:
        return registerInstance(call);
    case Operation::Heartbeat:
        return heartbeat(call);
    case Operation::Log:
        return log(call);
    case Operation::Terminated:
        return terminated(call);
    case Operation::Failed:
        return failed(call);
    case Operation::Instances:
        return list(call);
    case Operation::Workload:
    case Operation::WorkloadStatus:
    case Operation::SignedUrl:
    case Operation::UploadResults:
        return m_workloads.apply(call);
    case Operation::Store:
        break; // no call
    }
    Q_UNREACHABLE();
}

CloudReply CloudModel::create(const ApiCall &call)
{
    const QString workspaceSlug = workspaceInQuery(call);
    const QString hint = text(call, u"slug"_s);
    if (!hint.isEmpty() && findSlug(workspaceSlug, hint))
        return CloudReply::refusal(
            400, u"A cloud node with slug '%1' already exists in this workspace"_s.arg(hint));
    CloudInstance instance;
    instance.uuid = QUuid::createUuid().toString(QUuid::WithoutBraces);
    instance.slug = hint.isEmpty() ? freeSlug(workspaceSlug) : hint;
    instance.profileSlug = text(call, u"profile_slug"_s);
    instance.workspaceSlug = workspaceSlug;
    instance.provider = call.body.value(u"provider"_s).toString(u"self-hosted"_s);
    m_instances << instance;
    return {200, QJsonDocument(summary(instance)), instance.uuid};
}

CloudReply CloudModel::registerInstance(const ApiCall &call)
{
    CloudInstance *instance = meant(call);
    if (!instance)
        return unknownInstance();
    instance->state = InstanceState::Ready;
    instance->profileSlug = text(call, u"profile_slug"_s);
    return done(
        *instance, u"Cloud node registered"_s,
        {{u"uuid"_s, instance->uuid}, {u"slug"_s, instance->slug}, {u"status"_s, toString(instance->state)}});
}

CloudReply CloudModel::heartbeat(const ApiCall &call)
{
    CloudInstance *instance = meant(call);
    if (!instance)
        return unknownInstance();
    if (instance->state != InstanceState::Ready)
        return CloudReply::refusal(400, u"Cloud node is %1, not ready"_s.arg(toString(instance->state)),
                                   instance->uuid);
    ++instance->heartbeats;
    return done(*instance, u"Heartbeat received"_s);
}

CloudReply CloudModel::log(const ApiCall &call)
{
    CloudInstance *instance = meant(call);
    if (!instance)
        return unknownInstance();
    QByteArray &stream = text(call, u"log_type"_s) == u"stdout"_s ? instance->stdoutLog : instance->stderrLog;
    const QByteArray content = text(call, u"log_content"_s).toUtf8();
    if (stream.size() + content.size() > largestLog)
        return CloudReply::refusal(413, u"The log of this instance is full"_s, instance->uuid);
    stream += content;
    return done(*instance, u"Log stored"_s);
}

CloudReply CloudModel::terminated(const ApiCall &call)
{
    CloudInstance *instance = meant(call);
    if (!instance)
        return unknownInstance();
    instance->state = InstanceState::Terminated;
    return done(*instance, u"Cloud node terminated"_s);
}

CloudReply CloudModel::failed(const ApiCall &call)
{
    CloudInstance *instance = meant(call);
    if (!instance)
        return unknownInstance();
    instance->state = InstanceState::Failed;
    instance->failure = text(call, u"error"_s);
    return done(*instance, u"Failure recorded"_s);
}

CloudReply CloudModel::list(const ApiCall &call) const
{
    const auto wanted = [&](const QString &key, const QString &value) {
        return !call.query.hasQueryItem(key) || call.query.queryItemValue(key, QUrl::FullyDecoded) == value;
    };
    QJsonArray found;
    for (const CloudInstance &instance : m_instances) {
        if (wanted(u"profile_slug"_s, instance.profileSlug) &&
            wanted(u"status"_s, toString(instance.state)) &&
            wanted(u"workspace_slug"_s, instance.workspaceSlug))
            found << summary(instance);
    }
    return {200, QJsonDocument(found), {}};
}

const CloudInstance *CloudModel::find(const QString &uuid) const
{
    const auto found = std::find_if(m_instances.cbegin(), m_instances.cend(),
                                    [&](const CloudInstance &instance) { return instance.uuid == uuid; });
    return found == m_instances.cend() ? nullptr : &*found;
}

bool CloudModel::forget(const QString &uuid)
{
    return m_instances.removeIf([&](const CloudInstance &instance) { return instance.uuid == uuid; }) > 0;
}

bool CloudModel::terminate(const QString &uuid)
{
    const CloudInstance *found = find(uuid);
    if (found)
        m_instances[found - m_instances.constData()].state = InstanceState::Terminated;
    return found != nullptr;
}

QJsonArray CloudModel::describe() const
{
    QJsonArray all;
    for (const CloudInstance &instance : m_instances) {
        QJsonObject object = summary(instance);
        object[u"workspace_slug"_s] = instance.workspaceSlug;
        object[u"heartbeats"_s] = instance.heartbeats;
        object[u"error"_s] = instance.failure;
        object[u"stdout_bytes"_s] = instance.stdoutLog.size();
        object[u"stderr_bytes"_s] = instance.stderrLog.size();
        all << object;
    }
    return all;
}

/// By the path, else by the body's uuid, else by its slug and workspace.
CloudInstance *CloudModel::meant(const ApiCall &call)
{
    const QString uuid = call.uuid.isEmpty() ? text(call, u"instance_uuid"_s) : call.uuid;
    const CloudInstance *found =
        uuid.isEmpty() ? findSlug(text(call, u"workspace_slug"_s), text(call, u"slug"_s)) : find(uuid);
    return found ? &m_instances[found - m_instances.constData()] : nullptr;
}

const CloudInstance *CloudModel::findSlug(const QString &workspaceSlug, const QString &slug) const
{
    const auto found =
        std::find_if(m_instances.cbegin(), m_instances.cend(), [&](const CloudInstance &instance) {
            return instance.workspaceSlug == workspaceSlug && instance.slug == slug;
        });
    return found == m_instances.cend() ? nullptr : &*found;
}

QString CloudModel::freeSlug(const QString &workspaceSlug) const
{
    for (int number = 1;; ++number) {
        QString slug = u"node-%1"_s.arg(number);
        if (!findSlug(workspaceSlug, slug))
            return slug;
    }
}

} // namespace cloudnode::sandbox
