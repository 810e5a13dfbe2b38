#include "sandbox/contract.h"

#include "sandbox/restendpoints.h"

using namespace Qt::Literals::StringLiterals;

namespace cloudnode::sandbox {

namespace {

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

Result<void> checkQuery(const RestEndpoint &endpoint, const Request &request)
{
    QJsonObject asObject;
    for (const auto &[key, value] : request.query.queryItems(QUrl::FullyDecoded)) {
        if (asObject.contains(key))
            return fail(u"\"%1\" came twice"_s.arg(key), u"the query of "_s + request.path);
        asObject[key] = value;
    }
    return checkFields(endpoint.query, asObject, u"the query of "_s + request.path);
}

Result<QJsonObject> bodyOf(const RestEndpoint &endpoint, const Request &request)
{
    const QString where = u"the body of "_s + request.path;
    if (endpoint.method == "GET") {
        if (!request.body.isEmpty())
            return fail(u"a GET has no body"_s, where);
        return QJsonObject{};
    }
    if (request.body.isEmpty() && endpoint.bodyOptional)
        return QJsonObject{};
    if (auto checked = checkHeader(request, "Content-Type", "application/json"); !checked)
        return tl::make_unexpected(checked.error());
    auto body = parseObject(request.body, where);
    if (!body)
        return body;
    const auto checked =
        endpoint.check ? endpoint.check(*body, where) : checkFields(endpoint.body, *body, where);
    if (!checked)
        return tl::make_unexpected(checked.error());
    return body;
}

/// What path and body say of the workload, put as an update over MQTT has it: the details of an end, which
/// lie in "result" here, stand beside the status there.
QJsonObject withStatus(QJsonObject body, const QString &status)
{
    if (status.isEmpty())
        return body;
    const QJsonObject details = body.value("result"_L1).toObject();
    for (auto it = details.begin(); it != details.end(); ++it) {
        if (!body.contains(it.key()))
            body[it.key()] = it.value();
    }
    body[u"status"_s] = status;
    if (status == u"completed" && !body.contains("success"_L1))
        body[u"success"_s] = true;
    return body;
}

bool isAboutInstance(Operation operation)
{
    return operation == Operation::Log || operation == Operation::Terminated ||
           operation == Operation::Failed;
}

/// Which instance is meant must be said once, or twice the same.
Result<void> checkInstanceNamed(const RestMatch &match, const QJsonObject &body, const Request &request)
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

} // namespace

Result<ApiCall> checkContract(const Request &request)
{
    const auto match = findEndpoint(request.method, request.path);
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
    return ApiCall{match->endpoint->operation, match->uuid, *token,
                   withStatus(*body, match->endpoint->status), request.query};
}

} // namespace cloudnode::sandbox
