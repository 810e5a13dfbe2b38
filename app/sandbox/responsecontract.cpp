#include "sandbox/responsecontract.h"

#include <QJsonDocument>
#include <QJsonObject>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode::sandbox {

namespace {

const QStringList workloadKeys = {
    u"pid"_s,    u"type"_s,       u"status"_s,   u"success"_s,          u"exit_code"_s,
    u"signal"_s, u"started_at"_s, u"ended_at"_s, u"duration_seconds"_s, u"output_truncated"_s};
const QStringList workloadStates = {u"running"_s, u"completed"_s, u"failed"_s, u"cancelled"_s, u"lost"_s};

Result<void> checkWorkload(const QJsonObject &workload)
{
    QStringList keys = workload.keys();
    for (const QString &key : workloadKeys) {
        if (!keys.removeOne(key))
            return fail(u"workload has no %1"_s.arg(key));
    }
    if (!keys.isEmpty())
        return fail(u"workload has the unknown key %1"_s.arg(keys.first()));
    const QString state = workload.value("status"_L1).toString();
    if (!workloadStates.contains(state))
        return fail(u"workload.status is '%1'"_s.arg(state));
    const bool success = workload.value("success"_L1).toBool();
    if (success != (state == u"completed"))
        return fail(u"workload.success does not fit its status %1"_s.arg(state));
    if (state == u"lost" && !workload.value("exit_code"_L1).isNull())
        return fail(u"a lost workload has an exit_code"_s);
    return {};
}

} // namespace

Result<void> checkResponse(const QString &instanceUuid, const QByteArray &payload)
{
    const QJsonDocument document = QJsonDocument::fromJson(payload);
    if (!document.isObject())
        return fail(u"the response is not a JSON object"_s);
    const QJsonObject response = document.object();
    const QString status = response.value("status"_L1).toString();
    if (status != u"ok" && status != u"error")
        return fail(u"status is '%1', expected ok or error"_s.arg(status));
    if (!response.contains("request_id"_L1))
        return fail(u"there is no request_id"_s);
    if (!response.value("slug"_L1).isString())
        return fail(u"there is no slug"_s);
    if (response.value("instance_uuid"_L1).toString() != instanceUuid)
        return fail(u"instance_uuid is not the one in the topic"_s);
    if ((status == u"error") != response.value("error"_L1).isString())
        return fail(u"error belongs into a response with status error, and only there"_s);
    const QJsonValue output = response.value("output"_L1);
    if (!output.isUndefined() && !output.isString() && !output.isObject())
        return fail(u"output is neither text nor an object"_s);
    const QJsonValue workload = response.value("workload"_L1);
    if (workload.isUndefined())
        return {};
    return workload.isObject() ? checkWorkload(workload.toObject())
                               : Result<void>(fail(u"workload is not an object"_s));
}

} // namespace cloudnode::sandbox
