#include "sandbox/contract.h"

#include <QJsonDocument>
#include <QUrl>

#include <algorithm>
#include <array>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode::sandbox {

namespace {

/// A key of a body or a query. All values are strings.
struct Field {
    QString name;
    bool required = false;
    bool mayBeEmpty = false;
    QStringList allowed = {}; ///< empty: any text
};

struct Endpoint {
    Operation operation;
    QByteArray method;
    QString path; ///< "{uuid}" stands for one part
    QList<Field> body = {};
    QList<Field> query = {};
};

const Field workspace{u"workspace_slug"_s};
const Field requiredProfile{u"profile_slug"_s, true};

QList<Field> bodyAboutInstance(const QList<Field> &more)
{
    return QList<Field>{{u"slug"_s}, {u"instance_uuid"_s}, workspace} + more;
}

QList<Endpoint> makeEndpoints()
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

const QList<Endpoint> &endpoints()
{
    static const QList<Endpoint> all = makeEndpoints();
    return all;
}

struct Match {
    const Endpoint *endpoint;
    QString uuid;
};

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

Result<Match> findEndpoint(const Request &request)
{
    bool pathExists = false;
    for (const Endpoint &endpoint : endpoints()) {
        const auto uuid = matchPath(endpoint.path, request.path);
        pathExists |= uuid.has_value();
        if (uuid && endpoint.method == request.method)
            return Match{&endpoint, *uuid};
    }
    if (pathExists)
        return fail(u"%1 is not a method of this path"_s.arg(QString::fromLatin1(request.method)),
                    request.path);
    return fail(u"there is no such path in the contract"_s, request.path);
}

/// The one value of a header that must be there once.
Result<QByteArray> header(const Request &request, const QByteArray &name)
{
    QList<QByteArray> values;
    for (const auto &[key, value] : request.headers) {
        if (key.compare(name, Qt::CaseInsensitive) == 0)
            values << value.trimmed();
    }
    if (values.size() != 1)
        return fail(
            u"header %1 came %2 times, expected once"_s.arg(QString::fromLatin1(name)).arg(values.size()),
            request.path);
    return values.first();
}

Result<void> checkHeader(const Request &request, const QByteArray &name, const QByteArray &expected)
{
    const auto value = header(request, name);
    if (!value)
        return tl::make_unexpected(value.error());
    if (value->toLower() != expected)
        return fail(u"header %1 is \"%2\", expected \"%3\""_s.arg(QString::fromLatin1(name),
                                                                  QString::fromLatin1(*value),
                                                                  QString::fromLatin1(expected)),
                    request.path);
    return {};
}

Result<QString> tokenOf(const Request &request)
{
    const QByteArray scheme = "Token ";
    const auto value = header(request, "Authorization");
    if (!value)
        return tl::make_unexpected(value.error());
    if (!value->startsWith(scheme) || value->size() == scheme.size() || value->count(' ') != 1)
        return fail(u"header Authorization is not of the form \"Token <token>\""_s, request.path);
    return QString::fromLatin1(value->mid(scheme.size()));
}

Result<void> checkValue(const Field &field, const QJsonValue &value, const QString &where)
{
    if (!value.isString())
        return fail(u"\"%1\" is not a string"_s.arg(field.name), where);
    const QString text = value.toString();
    if (text.isEmpty() && !field.mayBeEmpty)
        return fail(u"\"%1\" is empty"_s.arg(field.name), where);
    if (!field.allowed.isEmpty() && !field.allowed.contains(text))
        return fail(
            u"\"%1\" is \"%2\", expected one of %3"_s.arg(field.name, text, field.allowed.join(u", "_s)),
            where);
    return {};
}

Result<void> checkFields(const QList<Field> &fields, const QJsonObject &object, const QString &where)
{
    for (const QString &key : object.keys()) {
        if (std::none_of(fields.cbegin(), fields.cend(),
                         [&](const Field &field) { return field.name == key; }))
            return fail(u"\"%1\" does not belong there"_s.arg(key), where);
    }
    for (const Field &field : fields) {
        if (!object.contains(field.name)) {
            if (field.required)
                return fail(u"\"%1\" is missing"_s.arg(field.name), where);
            continue;
        }
        if (auto checked = checkValue(field, object.value(field.name), where); !checked)
            return checked;
    }
    return {};
}

Result<void> checkQuery(const Endpoint &endpoint, const Request &request)
{
    QJsonObject asObject;
    for (const auto &[key, value] : request.query.queryItems(QUrl::FullyDecoded)) {
        if (asObject.contains(key))
            return fail(u"\"%1\" came twice"_s.arg(key), u"the query of "_s + request.path);
        asObject[key] = value;
    }
    return checkFields(endpoint.query, asObject, u"the query of "_s + request.path);
}

Result<QJsonObject> bodyOf(const Endpoint &endpoint, const Request &request)
{
    const QString where = u"the body of "_s + request.path;
    if (endpoint.method == "GET") {
        if (!request.body.isEmpty())
            return fail(u"a GET has no body"_s, where);
        return QJsonObject{};
    }
    if (auto checked = checkHeader(request, "Content-Type", "application/json"); !checked)
        return tl::make_unexpected(checked.error());
    QJsonParseError problem;
    const QJsonDocument document = QJsonDocument::fromJson(request.body, &problem);
    if (problem.error != QJsonParseError::NoError)
        return fail(u"it is not JSON: "_s + problem.errorString(), where);
    if (!document.isObject())
        return fail(u"it is not a JSON object"_s, where);
    if (auto checked = checkFields(endpoint.body, document.object(), where); !checked)
        return tl::make_unexpected(checked.error());
    return document.object();
}

bool isAboutInstance(Operation operation)
{
    return operation == Operation::Log || operation == Operation::Terminated ||
           operation == Operation::Failed;
}

/// Which instance is meant must be said once, or twice the same.
Result<void> checkInstanceNamed(const Match &match, const QJsonObject &body, const Request &request)
{
    if (!isAboutInstance(match.endpoint->operation))
        return {};
    const QString where = u"the body of "_s + request.path;
    const QString named = body.value(u"instance_uuid"_s).toString();
    if (match.uuid.isEmpty() && named.isEmpty() && !body.contains(u"slug"_s))
        return fail(u"neither \"instance_uuid\" nor \"slug\" says which instance is meant"_s, where);
    if (!match.uuid.isEmpty() && !named.isEmpty() && named != match.uuid)
        return fail(u"\"instance_uuid\" is \"%1\", the path says otherwise"_s.arg(named), where);
    return {};
}

constexpr std::array allOperations = {Operation::Create,   Operation::Register,   Operation::Heartbeat,
                                      Operation::Log,      Operation::Terminated, Operation::Failed,
                                      Operation::Instances};

} // namespace

QString toString(Operation operation)
{
    switch (operation) {
    case Operation::Create:
        return u"create"_s;
    case Operation::Register:
        return u"register"_s;
    case Operation::Heartbeat:
        return u"heartbeat"_s;
    case Operation::Log:
        return u"log"_s;
    case Operation::Terminated:
        return u"terminated"_s;
    case Operation::Failed:
        return u"failed"_s;
    case Operation::Instances:
        return u"instances"_s;
    }
    Q_UNREACHABLE();
}

std::optional<Operation> operationFromString(QStringView name)
{
    for (const Operation operation : allOperations) {
        if (name == toString(operation))
            return operation;
    }
    return std::nullopt;
}

Result<ApiCall> checkContract(const Request &request)
{
    const auto match = findEndpoint(request);
    if (!match)
        return tl::make_unexpected(match.error());
    const auto token = tokenOf(request);
    if (!token)
        return tl::make_unexpected(token.error());
    if (auto checked = checkHeader(request, "Accept", "application/json"); !checked)
        return tl::make_unexpected(checked.error());
    if (auto checked = checkQuery(*match->endpoint, request); !checked)
        return tl::make_unexpected(checked.error());
    const auto body = bodyOf(*match->endpoint, request);
    if (!body)
        return tl::make_unexpected(body.error());
    if (auto checked = checkInstanceNamed(*match, *body, request); !checked)
        return tl::make_unexpected(checked.error());
    return ApiCall{match->endpoint->operation, match->uuid, *token, *body, request.query};
}

bool usesPathOfInstance(const ApiCall &call)
{
    return isAboutInstance(call.operation) && !call.uuid.isEmpty();
}

} // namespace cloudnode::sandbox
