#include "sandbox/adminapi.h"

using namespace Qt::Literals::StringLiterals;

namespace cloudnode::sandbox {

namespace {

const QString root = u"/sandbox/"_s;

HttpReply success()
{
    return HttpReply::json(200, QJsonDocument(QJsonObject{{u"success"_s, true}}));
}

HttpReply noSuchThing()
{
    return HttpReply::message(404, u"The sandbox has GET events, instances, logs/{uuid}?stream=stdout and "
                                   "POST fail, forget/{uuid}"_s);
}

HttpReply noSuchInstance()
{
    return HttpReply::message(404, u"There is no such instance"_s);
}

/// What one entry of "fail" asks for: an operation to clear, and perhaps what is to happen instead.
struct Wish {
    Operation operation;
    std::optional<Fault> fault;
};

Result<Wish> parseWish(const QString &text)
{
    const QString none = u"=none"_s;
    const auto cleared =
        text.endsWith(none) ? operationFromString(QStringView(text).chopped(none.size())) : std::nullopt;
    if (cleared)
        return Wish{*cleared, {}};
    return Fault::parse(text).map([](const Fault &fault) { return Wish{fault.operation, fault}; });
}

Result<QList<Wish>> parseWishes(const QByteArray &body)
{
    const QJsonValue value = QJsonDocument::fromJson(body).object().value(u"fail"_s);
    const QJsonArray texts = value.isString() ? QJsonArray{value} : value.toArray();
    if (texts.isEmpty())
        return fail(u"the body must be {\"fail\": [\"OPERATION=STATUS[:COUNT]\", ...]}"_s);
    QList<Wish> wishes;
    for (const QJsonValue text : texts) {
        const auto wish = parseWish(text.toString());
        if (!wish)
            return tl::make_unexpected(wish.error());
        wishes << *wish;
    }
    return wishes;
}

} // namespace

AdminApi::AdminApi(CloudModel &model, Faults &faults, EventLog &events)
    : m_model(model),
      m_faults(faults),
      m_events(events)
{
}

bool AdminApi::isForAdmin(const Request &request)
{
    return request.path.startsWith(root);
}

HttpReply AdminApi::answer(const Request &request)
{
    const QStringList parts = request.path.mid(root.size()).split(u'/');
    const QString uuid = parts.value(1);
    if (request.method == "GET")
        return get(parts.first(), uuid, request.query);
    if (request.method == "POST" && parts == QStringList{u"fail"_s})
        return setFaults(request.body);
    if (request.method == "POST" && parts.first() == u"forget"_s)
        return forget(uuid);
    return noSuchThing();
}

HttpReply AdminApi::get(const QString &what, const QString &uuid, const QUrlQuery &query) const
{
    if (what == u"events"_s)
        return HttpReply::json(200, QJsonDocument(m_events.events()));
    if (what == u"instances"_s)
        return HttpReply::json(200, QJsonDocument(m_model.describe()));
    if (what == u"logs"_s)
        return log(uuid, query.queryItemValue(u"stream"_s));
    return noSuchThing();
}

HttpReply AdminApi::log(const QString &uuid, const QString &stream) const
{
    const CloudInstance *instance = m_model.find(uuid);
    if (!instance)
        return noSuchInstance();
    HttpReply reply;
    reply.contentType = "text/plain; charset=utf-8";
    reply.body = stream == u"stderr"_s ? instance->stderrLog : instance->stdoutLog;
    return reply;
}

HttpReply AdminApi::setFaults(const QByteArray &body)
{
    const auto wishes = parseWishes(body);
    if (!wishes)
        return HttpReply::message(400, wishes.error().text());
    for (const Wish &wish : *wishes)
        m_faults.clear(wish.operation);
    for (const Wish &wish : *wishes) {
        if (wish.fault)
            m_faults.add(*wish.fault);
    }
    return success();
}

HttpReply AdminApi::forget(const QString &uuid)
{
    return m_model.forget(uuid) ? success() : noSuchInstance();
}

} // namespace cloudnode::sandbox
