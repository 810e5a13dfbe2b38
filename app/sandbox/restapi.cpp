#include "sandbox/restapi.h"

using namespace Qt::Literals::StringLiterals;

namespace cloudnode::sandbox {

namespace {

/// Where a redirect leads. There is nothing, so following one is a breach.
constexpr const char *redirectTarget = "/api/v1/cloud-node/redirected";

QJsonObject about(const ApiCall &call, const QString &path)
{
    return {{u"operation"_s, toString(call.operation)}, {u"path"_s, path}};
}

/// What was sent, and by whom.
QJsonObject tale(const ApiCall &call, const QString &path, const CloudInstance *instance)
{
    QJsonObject data = call.body;
    for (const auto &[key, value] : call.query.queryItems(QUrl::FullyDecoded))
        data[key] = value;
    data[u"path"_s] = path;
    if (instance) {
        data[u"uuid"_s] = instance->uuid;
        data[u"slug"_s] = instance->slug;
    }
    return data;
}

HttpReply answerWithStatus(int status)
{
    HttpReply reply = HttpReply::message(status, u"The sandbox was told to answer %1"_s.arg(status));
    if (status < 400)
        reply.moreHeaders << qMakePair(QByteArray("Location"), QByteArray(redirectTarget));
    if (status == 429)
        reply.moreHeaders << qMakePair(QByteArray("Retry-After"), QByteArray("1"));
    return reply;
}

} // namespace

RestApi::RestApi(QString token, bool legacyPaths, CloudModel &model, Faults &faults, EventLog &events)
    : m_token(std::move(token)),
      m_legacyPaths(legacyPaths),
      m_model(model),
      m_faults(faults),
      m_events(events)
{
}

HttpReply RestApi::answer(const Request &request)
{
    const auto call = checkContract(request);
    return call ? answerCall(*call, request.path) : breach(request, call.error());
}

HttpReply RestApi::breach(const Request &request, const Error &problem)
{
    m_events.addBreach(problem.text(),
                       {{u"method"_s, QString::fromLatin1(request.method)}, {u"path"_s, request.path}});
    return HttpReply::message(400, u"Contract breach: "_s + problem.text());
}

HttpReply RestApi::answerCall(const ApiCall &call, const QString &path)
{
    if (call.token != m_token)
        return unauthorized(call);
    const auto fault = m_faults.take(call.operation);
    if (fault)
        return faulty(*fault, call, path);
    return applied(call, path);
}

HttpReply RestApi::unauthorized(const ApiCall &call)
{
    m_events.add(u"unauthorized"_s, {{u"operation"_s, toString(call.operation)}});
    HttpReply reply = HttpReply::json(401, QJsonDocument(QJsonObject{{u"detail"_s, u"Invalid token."_s}}));
    reply.moreHeaders << qMakePair(QByteArray("WWW-Authenticate"), QByteArray("Token"));
    return reply;
}

HttpReply RestApi::refused(const ApiCall &call, const QString &path, const HttpReply &reply)
{
    QJsonObject data = about(call, path);
    data[u"status"_s] = reply.status;
    data[u"message"_s] = QJsonDocument::fromJson(reply.body).object().value(u"message"_s);
    m_events.add(u"refused"_s, data);
    return reply;
}

HttpReply RestApi::applied(const ApiCall &call, const QString &path)
{
    if (m_legacyPaths && usesPathOfInstance(call))
        return refused(call, path, HttpReply::message(404, u"Not Found"_s));
    const CloudReply reply = m_model.apply(call);
    HttpReply onTheWire = HttpReply::json(reply.status, reply.body);
    if (reply.status != 200)
        return refused(call, path, onTheWire);
    m_events.add(toString(call.operation), tale(call, path, m_model.find(reply.instanceUuid)));
    return onTheWire;
}

HttpReply RestApi::faulty(const Fault &fault, const ApiCall &call, const QString &path)
{
    QJsonObject data = about(call, path);
    data[u"effect"_s] = fault.effect();
    m_events.add(u"fault"_s, data);

    HttpReply reply = HttpReply::message(200, u"This answer does not arrive as a whole"_s);
    switch (fault.kind) {
    case Fault::Kind::Status:
        return answerWithStatus(fault.status);
    case Fault::Kind::Hang:
        reply.delivery = HttpReply::Delivery::Never;
        return reply;
    case Fault::Kind::Close:
        reply.delivery = HttpReply::Delivery::Half;
        return reply;
    case Fault::Kind::BadJson:
        reply.body = "{\"success\": true, <<<";
        return reply;
    case Fault::Kind::Empty:
        reply.body.clear();
        return reply;
    case Fault::Kind::Html:
        reply.contentType = "text/html; charset=utf-8";
        reply.body = "<!DOCTYPE html><title>Welcome</title><p>Please accept our terms.";
        return reply;
    case Fault::Kind::Slow:
        reply = applied(call, path);
        reply.delay = fault.delay;
        return reply;
    }
    Q_UNREACHABLE();
}

} // namespace cloudnode::sandbox
