#include "sandbox/workloadmodel.h"

#include "sandbox/statusupdate.h"

#include <QUuid>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode::sandbox {

namespace {

QStringList texts(const QJsonObject &body, const QString &key)
{
    QStringList all;
    for (const QJsonValue value : body.value(key).toArray())
        all << value.toString();
    return all;
}

/// The workload object of the API, as far as its fields matter.
QJsonObject asJson(const CloudWorkload &workload)
{
    QJsonObject object{{u"uuid"_s, workload.uuid},
                       {u"profile_slug"_s, u"default"_s},
                       {u"instance_uuid"_s, QJsonValue::Null},
                       {u"instance_slug"_s, QJsonValue::Null},
                       {u"workspace_uuid"_s, QJsonValue::Null},
                       {u"command_type"_s, QJsonValue::Null},
                       {u"command_params"_s, QJsonValue::Null},
                       {u"status"_s, workload.status},
                       {u"results"_s, QJsonArray::fromStringList(workload.results)}};
    for (auto it = workload.assignment.begin(); it != workload.assignment.end(); ++it)
        object[it.key()] = it.value();
    const bool hasFailed = workload.status == u"failed" || workload.last.value("success"_L1) == false;
    const QJsonValue reason = workload.last.value("error"_L1);
    object[u"failure_message"_s] = hasFailed && reason.isString() ? reason : QJsonValue::Null;
    return object;
}

} // namespace

CloudReply WorkloadModel::apply(const ApiCall &call)
{
    CloudWorkload *workload = meant(call);
    if (!workload)
        return CloudReply::refusal(404, u"Workload not found"_s);
    CloudReply reply;
    switch (call.operation) {
    case Operation::Workload:
        reply = get(*workload);
        break;
    case Operation::WorkloadStatus:
        reply = update(*workload, call);
        break;
    case Operation::SignedUrl:
        reply = signUrl(*workload, call);
        break;
    case Operation::UploadResults:
        reply = confirm(*workload, call);
        break;
    default:
        Q_UNREACHABLE();
    }
    reply.told[u"workload_uuid"_s] = workload->uuid;
    return reply;
}

CloudReply WorkloadModel::get(const CloudWorkload &workload) const
{
    return {.body = QJsonDocument(asJson(workload))};
}

CloudReply WorkloadModel::update(CloudWorkload &workload, const ApiCall &call)
{
    const QString next = call.body.value("status"_L1).toString();
    const QJsonValue owner = workload.assignment.value("instance_uuid"_L1);
    const QJsonValue sender = call.body.value("instance_uuid"_L1);
    if (owner.isString() && sender.isString() && owner != sender)
        return CloudReply::refusal(409, u"The workload is another instance's"_s);
    if (mayFollow(workload.status, next))
        return accept(workload, call);
    const bool isOursToSay = workload.last.isEmpty(); // the node has not brought it there
    if (next == workload.status && (isOursToSay || sayTheSame(workload.last, call.body))) {
        CloudReply reply = get(workload);
        reply.event = u"workload_status_repeated"_s;
        return reply;
    }
    const QString message = u"The workload is %1 and cannot become %2"_s.arg(workload.status, next);
    return isOursToSay ? CloudReply::refusal(409, message) : CloudReply::breachOfContract(message);
}

CloudReply WorkloadModel::accept(CloudWorkload &workload, const ApiCall &call)
{
    workload.status = call.body.value("status"_L1).toString();
    workload.last = call.body;
    return get(workload);
}

CloudReply WorkloadModel::signUrl(const CloudWorkload &workload, const ApiCall &call)
{
    const Attachment &given = m_attachments.give(workload.uuid, call.body.value("filename"_L1).toString());
    return {.body = QJsonDocument(QJsonObject{{u"signed_url"_s, given.url.toString(QUrl::FullyEncoded)},
                                              {u"filename"_s, given.name},
                                              {u"expiration_hours"_s, Attachments::expirationHours}}),
            .told = {{u"attachment"_s, given.uuid}}};
}

CloudReply WorkloadModel::confirm(CloudWorkload &workload, const ApiCall &call)
{
    const ResultList results{texts(call.body, u"filenames"_s), texts(call.body, u"signed_urls"_s),
                             texts(call.body, u"attachment_uuids"_s)};
    const auto confirmed = m_attachments.confirm(workload.uuid, results);
    if (!confirmed)
        return CloudReply::breachOfContract(confirmed.error().text());
    const bool isNew = *confirmed == Attachments::Confirmation::Now;
    if (isNew)
        workload.results << results.fileNames;
    return {.body = QJsonDocument(QJsonObject{{u"message"_s, u"Results confirmed"_s}}),
            .event = isNew ? u"results_confirmed"_s : u"results_confirmed_repeated"_s};
}

QJsonObject WorkloadModel::put(const QJsonObject &wish)
{
    QJsonObject assignment = wish;
    const QString given = assignment.take(u"uuid"_s).toString();
    const QString uuid = given.isEmpty() ? QUuid::createUuid().toString(QUuid::WithoutBraces) : given;
    CloudWorkload &workload = m_workloads[uuid];
    workload.uuid = uuid;
    if (const QJsonValue status = assignment.take(u"status"_s); status.isString()) {
        workload.status = status.toString();
        workload.last = {}; // the backend's own word now
    }
    for (auto it = assignment.begin(); it != assignment.end(); ++it)
        workload.assignment[it.key()] = it.value();
    return asJson(workload);
}

bool WorkloadModel::forget(const QString &uuid)
{
    return m_workloads.remove(uuid);
}

QJsonArray WorkloadModel::describe() const
{
    QJsonArray all;
    for (const CloudWorkload &workload : m_workloads) {
        QJsonObject object = asJson(workload);
        object[u"last_update"_s] = workload.last;
        all << object;
    }
    return all;
}

CloudWorkload *WorkloadModel::meant(const ApiCall &call)
{
    const auto found = m_workloads.find(call.uuid);
    if (found != m_workloads.end())
        return &*found;
    if (!m_takesAny || call.operation == Operation::Workload)
        return nullptr;
    put({{u"uuid"_s, call.uuid}});
    return &m_workloads[call.uuid];
}

} // namespace cloudnode::sandbox
