#include "sandbox/callhandler.h"

using namespace Qt::Literals::StringLiterals;

namespace cloudnode::sandbox {

namespace {

QJsonObject about(const ApiCall &call, QJsonObject door)
{
    door[u"operation"_s] = toString(call.operation);
    return door;
}

void addAll(QJsonObject &object, const QJsonObject &more)
{
    for (auto it = more.begin(); it != more.end(); ++it)
        object[it.key()] = it.value();
}

} // namespace

CallHandler::CallHandler(QString token, CloudModel &model, Faults &faults, EventLog &events)
    : m_token(std::move(token)),
      m_model(model),
      m_faults(faults),
      m_events(events)
{
}

HandledCall CallHandler::handle(const ApiCall &call, const QJsonObject &door)
{
    if (call.token != m_token) {
        m_events.add(u"unauthorized"_s, about(call, door));
        const QJsonObject body{{u"detail"_s, u"Invalid token."_s}, {u"message"_s, u"Invalid token."_s}};
        return {{.status = 401, .body = QJsonDocument(body)}};
    }
    const auto fault = m_faults.take(call.operation);
    if (!fault)
        return {apply(call, door)};
    QJsonObject data = about(call, door);
    data[u"effect"_s] = fault->effect();
    m_events.add(u"fault"_s, data);
    return {fault->acts() ? apply(call, door) : CloudReply(), fault};
}

CloudReply CallHandler::refuse(const ApiCall &call, const QJsonObject &door, const CloudReply &reply)
{
    QJsonObject data = about(call, door);
    data[u"status"_s] = reply.status;
    const QJsonValue message = reply.body.object().value(u"message"_s);
    if (reply.breach) {
        m_events.addBreach(message.toString(), data);
    } else {
        data[u"message"_s] = message;
        m_events.add(u"refused"_s, data);
    }
    return reply;
}

CloudReply CallHandler::apply(const ApiCall &call, const QJsonObject &door)
{
    CloudReply reply = m_model.apply(call);
    if (reply.status != 200)
        return refuse(call, door, reply);
    tellOf(call, door, reply);
    return reply;
}

void CallHandler::tellOf(const ApiCall &call, const QJsonObject &door, const CloudReply &reply)
{
    QJsonObject data = call.body;
    for (const auto &[key, value] : call.query.queryItems(QUrl::FullyDecoded))
        data[key] = value;
    data.remove(u"signed_urls"_s); // whoever reads them could store there
    addAll(data, door);
    addAll(data, reply.told);
    if (const CloudInstance *instance = m_model.find(reply.instanceUuid)) {
        data[u"uuid"_s] = instance->uuid;
        data[u"slug"_s] = instance->slug;
    }
    m_events.add(reply.event.isEmpty() ? toString(call.operation) : reply.event, data);
}

} // namespace cloudnode::sandbox
