#include "sandbox/restapi.h"

#include "sandbox/restendpoints.h"

using namespace Qt::Literals::StringLiterals;

namespace cloudnode::sandbox {

namespace {

/// Where a redirect leads. There is nothing, so following one is a breach.
constexpr const char *redirectTarget = "/api/v1/cloud-node/redirected";

HttpReply answerWithStatus(int status)
{
    HttpReply reply = HttpReply::message(status, u"The sandbox was told to answer %1"_s.arg(status));
    if (status < 400)
        reply.moreHeaders << qMakePair(QByteArray("Location"), QByteArray(redirectTarget));
    if (status == 429)
        reply.moreHeaders << qMakePair(QByteArray("Retry-After"), QByteArray("1"));
    return reply;
}

HttpReply brokenAnswer(const Fault &fault)
{
    HttpReply reply = HttpReply::message(200, u"This answer does not arrive as a whole"_s);
    switch (fault.kind) {
    case Fault::Kind::Hang:
        reply.delivery = HttpReply::Delivery::Never;
        break;
    case Fault::Kind::Close:
        reply.delivery = HttpReply::Delivery::Half;
        break;
    case Fault::Kind::BadJson:
        reply.body = "{\"success\": true, <<<";
        break;
    case Fault::Kind::Empty:
        reply.body.clear();
        break;
    case Fault::Kind::Html:
        reply.contentType = "text/html; charset=utf-8";
        reply.body = "<!DOCTYPE html><title>Welcome</title><p>Please accept our terms.";
        break;
    default:
        return answerWithStatus(fault.status);
    }
    return reply;
}

HttpReply onTheWire(const HandledCall &handled)
{
    if (handled.fault && !handled.fault->acts())
        return brokenAnswer(*handled.fault);
    HttpReply reply = HttpReply::json(handled.reply.status, handled.reply.body);
    if (handled.reply.status == 401)
        reply.moreHeaders << qMakePair(QByteArray("WWW-Authenticate"), QByteArray("Token"));
    if (handled.fault && handled.fault->kind == Fault::Kind::Slow)
        reply.delay = handled.fault->delay;
    if (handled.fault && handled.fault->kind == Fault::Kind::Lost)
        reply.delivery = HttpReply::Delivery::Never;
    return reply;
}

} // namespace

RestApi::RestApi(Paths paths, CallHandler &handler, EventLog &events)
    : m_paths(paths),
      m_handler(handler),
      m_events(events)
{
}

HttpReply RestApi::answer(const Request &request)
{
    const auto call = checkContract(request);
    if (!call)
        return breach(request, call.error());
    const QJsonObject door{{u"path"_s, request.path}};
    if (exists(*call))
        return onTheWire(m_handler.handle(*call, door));
    const CloudReply reply = m_handler.refuse(*call, door, CloudReply::refusal(404, u"Not Found"_s));
    return HttpReply::json(reply.status, reply.body);
}

HttpReply RestApi::breach(const Request &request, const Error &problem)
{
    m_events.addBreach(problem.text(),
                       {{u"method"_s, QString::fromLatin1(request.method)}, {u"path"_s, request.path}});
    return HttpReply::message(400, u"Contract breach: "_s + problem.text());
}

bool RestApi::exists(const ApiCall &call) const
{
    if (m_paths.controlPlane == ControlPlane::Mqtt)
        return !isGoneInGeneration2(call.operation);
    return !m_paths.legacy || !usesPathOfInstance(call);
}

} // namespace cloudnode::sandbox
