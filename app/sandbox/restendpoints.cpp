#include "sandbox/restendpoints.h"

#include "sandbox/resultscontract.h"
#include "sandbox/statusupdate.h"

#include <QUrl>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode::sandbox {

namespace {

const Field workspace{u"workspace_slug"_s};
const Field requiredProfile{u"profile_slug"_s, true};

QList<Field> bodyAboutInstance(const QList<Field> &more)
{
    return QList<Field>{{u"slug"_s}, {u"instance_uuid"_s}, workspace} + more;
}

QList<RestEndpoint> endpointsOfInstances()
{
    const QList<Field> create = {requiredProfile,
                                 {u"slug"_s},
                                 {u"workspace_uuid"_s},
                                 {u"provider"_s, false, false, {u"self-hosted"_s, u"gcp"_s, u"crusoe"_s}},
                                 {u"visibility"_s}};
    const QList<Field> log = bodyAboutInstance(
        {{u"log_type"_s, true, false, {u"stdout"_s, u"stderr"_s}}, {u"log_content"_s, true, true}});
    const QList<Field> terminated = bodyAboutInstance({});
    const QList<Field> failed = bodyAboutInstance({{u"error"_s, true}});
    return {
        {Operation::Create, "POST", u"/api/v1/cloud-node"_s, create, {workspace}},
        {Operation::Instances,
         "GET",
         u"/api/v1/cloud-node/instances"_s,
         {},
         {{u"profile_slug"_s}, {u"status"_s}, workspace}},
        {Operation::Log, "POST", u"/api/v1/cloud-node/log"_s, log},
        {Operation::Terminated, "POST", u"/api/v1/cloud-node/terminated"_s, terminated},
        {Operation::Failed, "POST", u"/api/v1/cloud-node/failed"_s, failed},
        {Operation::Register, "POST", u"/api/v1/cloud-node/{uuid}/register"_s, {requiredProfile}},
        {Operation::Heartbeat, "POST", u"/api/v1/cloud-node/{uuid}/heartbeat"_s},
        {Operation::Log, "POST", u"/api/v1/cloud-node/{uuid}/log"_s, log},
        {Operation::Terminated, "POST", u"/api/v1/cloud-node/{uuid}/terminated"_s, terminated},
        {Operation::Failed, "POST", u"/api/v1/cloud-node/{uuid}/failed"_s, failed},
    };
}

/// What the reference never sends (PUT, complete, fail, cancel) may be as short as the API's schema has it,
/// and say as much as an update over MQTT.
QList<RestEndpoint> endpointsOfWorkloads()
{
    const QString root = u"/api/v1/cloud-node-workloads/{uuid}"_s;
    const QList<Field> update = {
        {u"status"_s,
         true,
         false,
         {u"running"_s, u"finalizing"_s, u"completed"_s, u"failed"_s, u"cancelled"_s}},
        {u"instance_uuid"_s, true}};
    const QList<Field> complete = {{.name = u"result"_s, .kind = Field::Kind::Object},
                                   {.name = u"success"_s, .kind = Field::Kind::Truth}};
    return {
        {Operation::Workload, "GET", root, {}, {workspace}},
        {Operation::WorkloadStatus, "PUT", root, update, {workspace}},
        {.operation = Operation::WorkloadStatus,
         .method = "POST",
         .path = root + u"/complete"_s,
         .body = complete,
         .query = {workspace},
         .bodyOptional = true,
         .status = u"completed"_s},
        {.operation = Operation::WorkloadStatus,
         .method = "POST",
         .path = root + u"/fail"_s,
         .body = detailsOf(u"failed"_s),
         .query = {workspace},
         .bodyOptional = true,
         .status = u"failed"_s},
        {.operation = Operation::WorkloadStatus,
         .method = "POST",
         .path = root + u"/cancel"_s,
         .body = detailsOf(u"cancelled"_s),
         .query = {workspace},
         .bodyOptional = true,
         .status = u"cancelled"_s},
        {.operation = Operation::SignedUrl,
         .method = "POST",
         .path = root + u"/attachments"_s,
         .query = {workspace},
         .check = checkSignedUrlRequest},
        {.operation = Operation::UploadResults,
         .method = "POST",
         .path = root + u"/upload-results"_s,
         .query = {workspace},
         .check = checkUploadResults},
    };
}

const QList<RestEndpoint> &endpoints()
{
    static const QList<RestEndpoint> all = endpointsOfInstances() + endpointsOfWorkloads();
    return all;
}

std::optional<QString> matchPath(const QString &pattern, const QString &path)
{
    const QStringList wanted = pattern.split(u'/');
    const QStringList parts = path.split(u'/');
    if (wanted.size() != parts.size())
        return std::nullopt;
    QString uuid = u""_s;
    for (qsizetype i = 0; i < parts.size(); ++i) {
        const bool placeholder = wanted[i] == u"{uuid}"_s;
        if (placeholder ? parts[i].isEmpty() : parts[i] != wanted[i])
            return std::nullopt;
        if (placeholder)
            uuid = QUrl::fromPercentEncoding(parts[i].toLatin1());
    }
    return uuid;
}

} // namespace

Result<RestMatch> findEndpoint(const QByteArray &method, const QString &path)
{
    bool pathExists = false;
    for (const RestEndpoint &endpoint : endpoints()) {
        const auto uuid = matchPath(endpoint.path, path);
        pathExists |= uuid.has_value();
        if (uuid && endpoint.method == method)
            return RestMatch{&endpoint, *uuid};
    }
    if (pathExists)
        return fail(u"%1 is not a method of this path"_s.arg(QString::fromLatin1(method)), path);
    return fail(u"there is no such path in the contract"_s, path);
}

bool usesPathOfInstance(const ApiCall &call)
{
    switch (call.operation) {
    case Operation::Log:
    case Operation::Terminated:
    case Operation::Failed:
        return !call.uuid.isEmpty();
    default:
        return false;
    }
}

bool isGoneInGeneration2(Operation operation)
{
    switch (operation) {
    case Operation::Create:
    case Operation::Register:
    case Operation::Heartbeat:
    case Operation::Log:
    case Operation::Terminated:
    case Operation::Failed:
        return true;
    default:
        return false;
    }
}

} // namespace cloudnode::sandbox
