#include "sandbox/adminapi.h"

#include "sandbox/fields.h"

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
    return HttpReply::message(404, u"The sandbox has GET events, instances, workloads, "
                                   "logs/{uuid}?stream=stdout and POST fail, workloads, "
                                   "forget/{uuid}, terminate/{uuid}"_s);
}

HttpReply noSuchInstance()
{
    return HttpReply::message(404, u"There is no such instance"_s);
}

HttpReply successIf(bool found)
{
    return found ? success() : noSuchInstance();
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
    if (request.method == "POST")
        return post(parts.first(), uuid, request.body);
    return noSuchThing();
}

HttpReply AdminApi::post(const QString &what, const QString &uuid, const QByteArray &body)
{
    if (what == u"fail"_s && uuid.isEmpty())
        return setFaults(body);
    if (what == u"workloads"_s && uuid.isEmpty())
        return putWorkload(body);
    if (what == u"forget"_s)
        return successIf(m_model.forget(uuid) || m_model.workloads().forget(uuid));
    if (what == u"terminate"_s)
        return successIf(m_model.terminate(uuid));
    return noSuchThing();
}

HttpReply AdminApi::get(const QString &what, const QString &uuid, const QUrlQuery &query) const
{
    if (what == u"events"_s)
        return HttpReply::json(200, QJsonDocument(m_events.events()));
    if (what == u"instances"_s)
        return HttpReply::json(200, QJsonDocument(m_model.describe()));
    if (what == u"workloads"_s)
        return HttpReply::json(200, QJsonDocument(m_model.workloads().describe()));
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

HttpReply AdminApi::putWorkload(const QByteArray &body)
{
    const QStringList states = {u"pending"_s,   u"assigned"_s, u"running"_s,  u"finalizing"_s,
                                u"completed"_s, u"failed"_s,   u"cancelled"_s};
    const QList<Field> fields = {{u"uuid"_s},
                                 {u"instance_uuid"_s},
                                 {u"profile_slug"_s},
                                 {u"command_type"_s},
                                 {.name = u"command_params"_s, .kind = Field::Kind::Object},
                                 {u"status"_s, false, false, states}};
    const auto wish = parseObject(body, u"the body"_s);
    if (!wish)
        return HttpReply::message(400, wish.error().text());
    if (const auto checked = checkFields(fields, *wish, u"the body"_s); !checked)
        return HttpReply::message(400, checked.error().text());
    return HttpReply::json(200, QJsonDocument(m_model.workloads().put(*wish)));
}

} // namespace cloudnode::sandbox
