#include "control/controlprotocol.h"

#include "wire/jsondepth.h"

#include <QJsonDocument>

#include <algorithm>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode::controlprotocol {

namespace {

tl::unexpected<Rejection> reject(Code code, const QString &what, const QJsonValue &id = QJsonValue::Null,
                                 const QString &where = {})
{
    return tl::make_unexpected(Rejection{{code, Error{what, where, {}}}, id});
}

bool isId(const QJsonValue &value)
{
    return value.isUndefined() || value.isNull() || value.isString() || value.isDouble();
}

tl::expected<Request, Rejection> readRequest(const QJsonObject &message)
{
    const QJsonValue id = message.value("id"_L1);
    if (!isId(id))
        return reject(Code::InvalidRequest, u"id is neither a string nor a number"_s);
    const QJsonValue answerTo = id.isUndefined() ? QJsonValue(QJsonValue::Null) : id;
    if (message.value("jsonrpc"_L1).toString() != u"2.0")
        return reject(Code::InvalidRequest, u"jsonrpc is not \"2.0\""_s, answerTo);
    const QString method = message.value("method"_L1).toString();
    if (method.isEmpty())
        return reject(Code::InvalidRequest, u"method is missing, or is not a string"_s, answerTo);
    const QJsonValue params = message.value("params"_L1);
    if (!params.isUndefined() && !params.isObject())
        return reject(Code::InvalidParams, u"params are not an object with names"_s, answerTo, u"params"_s);
    return Request{id, method, params.toObject()};
}

QByteArray line(QJsonObject message)
{
    message.insert("jsonrpc"_L1, u"2.0"_s);
    return QJsonDocument(message).toJson(QJsonDocument::Compact) + '\n';
}

Error readError(const QJsonObject &error)
{
    const QJsonObject data = error.value("data"_L1).toObject();
    return {error.value("message"_L1).toString(u"unknown reason"_s), data.value("where"_L1).toString(),
            data.value("remedy"_L1).toString()};
}

} // namespace

Rejection tooLarge()
{
    const Error error{u"the request is larger than %1 KiB"_s.arg(maxRequestBytes >> 10), {}, {}};
    return {{Code::RequestTooLarge, error}, QJsonValue::Null};
}

tl::expected<Request, Rejection> parseRequest(const QByteArray &line)
{
    if (line.size() > maxRequestBytes)
        return tl::make_unexpected(tooLarge());
    if (jsonDepth(line) > maxRequestDepth)
        return reject(Code::InvalidRequest, u"the request nests more than %1 levels"_s.arg(maxRequestDepth));
    QJsonParseError problem;
    const QJsonDocument document = QJsonDocument::fromJson(line, &problem);
    if (problem.error != QJsonParseError::NoError)
        return reject(
            Code::ParseError,
            u"the request is not JSON: %1 at byte %2"_s.arg(problem.errorString()).arg(problem.offset));
    if (document.isArray())
        return reject(Code::InvalidRequest, u"batches are not supported, send one request a line"_s);
    if (!document.isObject())
        return reject(Code::InvalidRequest, u"the request is not a JSON object"_s);
    return readRequest(document.object());
}

QByteArray request(qint64 id, const QString &method, const QJsonObject &params)
{
    return line({{u"id"_s, id}, {u"method"_s, method}, {u"params"_s, params}});
}

QByteArray result(const QJsonValue &id, const JsonText &object)
{
    return JsonText().add("jsonrpc", "2.0").add("id", id).add("result", object).line();
}

QByteArray failure(const QJsonValue &id, const Failure &failure)
{
    QJsonObject data;
    if (!failure.error.where.isEmpty())
        data.insert("where"_L1, failure.error.where);
    if (!failure.error.remedy.isEmpty())
        data.insert("remedy"_L1, failure.error.remedy);
    QJsonObject error{{u"code"_s, static_cast<int>(failure.code)}, {u"message"_s, failure.error.what}};
    if (!data.isEmpty())
        error.insert("data"_L1, data);
    return line({{u"id"_s, id}, {u"error"_s, error}});
}

QByteArray notification(const char *method, const QByteArray &params)
{
    return JsonText().add("jsonrpc", "2.0").add("method", method).addText("params", params).line();
}

Result<std::variant<Reply, Notification>> parseMessage(const QByteArray &line)
{
    using Message = std::variant<Reply, Notification>;
    const QJsonObject message = QJsonDocument::fromJson(line).object();
    if (const QString method = message.value("method"_L1).toString(); !method.isEmpty())
        return Message(Notification{method, message.value("params"_L1).toObject()});

    std::optional<qint64> id;
    if (const QJsonValue value = message.value("id"_L1); value.isDouble())
        id = value.toInteger();
    if (const QJsonValue error = message.value("error"_L1); error.isObject())
        return Message(Reply{id, tl::make_unexpected(readError(error.toObject()))});
    if (message.contains("result"_L1))
        return Message(Reply{id, message.value("result"_L1)});
    return fail(u"the node's message is neither a reply nor a notification"_s);
}

} // namespace cloudnode::controlprotocol
