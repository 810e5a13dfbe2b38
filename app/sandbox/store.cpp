#include "sandbox/store.h"

#include <QDir>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode::sandbox {

namespace {

using State = Attachment::State;

/// As such stores answer.
HttpReply xml(int status, const QString &message)
{
    HttpReply reply;
    reply.status = status;
    reply.contentType = "application/xml";
    reply.body = u"<?xml version=\"1.0\"?><Error><Message>%1</Message></Error>"_s.arg(message.toHtmlEscaped())
                     .toUtf8();
    return reply;
}

QJsonObject aboutStore(QJsonObject more)
{
    more[u"operation"_s] = toString(Operation::Store);
    return more;
}

struct Problem {
    int status;
    QString text;
};

/// What is wrong with the head, whatever its URL is.
std::optional<Problem> problemOf(const HttpHead &head)
{
    if (head.method != "PUT")
        return Problem{405, u"%1 is not a method of the store"_s.arg(QString::fromLatin1(head.method))};
    if (head.headers.contains("authorization"))
        return Problem{400, u"a signed URL takes no Authorization"_s};
    if (head.headers.contains("transfer-encoding") || !head.contentLength())
        return Problem{411, u"there is no Content-Length"_s};
    const QByteArray type = head.headers.value("content-type");
    if (type != "application/octet-stream")
        return Problem{400, u"Content-Type is \"%1\", expected \"application/octet-stream\""_s.arg(
                                QString::fromLatin1(type))};
    return std::nullopt;
}

} // namespace

Store::Store(QString folder, Attachments &attachments, Faults &faults, EventLog &events)
    : m_folder(std::move(folder)),
      m_attachments(attachments),
      m_faults(faults),
      m_events(events)
{
}

Store::Delivery Store::admit(const HttpHead &head)
{
    if (const auto problem = problemOf(head))
        return breach(problem->status, problem->text);
    const auto found = m_attachments.find(head.target);
    if (!found)
        return breach(403, found.error().text());
    Attachment &attachment = m_attachments.at(*found);
    switch (attachment.state) {
    case State::Given:
        attachment.state = State::Receiving;
        return accept(attachment);
    case State::Receiving:
        return refused(409, u"Somebody is storing there already"_s);
    case State::Expired:
        return refused(403, u"Request has expired"_s);
    case State::Stored:
    case State::Confirmed:
        return breach(403, u"the URL has been used before, and what came was stored: "_s + attachment.uuid);
    }
    Q_UNREACHABLE();
}

Store::Delivery Store::breach(int status, const QString &problem)
{
    m_events.addBreach(problem, aboutStore({{u"status"_s, status}}));
    return {.answer = xml(status, problem)};
}

Store::Delivery Store::refused(int status, const QString &message)
{
    m_events.add(u"refused"_s, aboutStore({{u"status"_s, status}, {u"message"_s, message}}));
    return {.answer = xml(status, message)};
}

Store::Delivery Store::accept(const Attachment &attachment)
{
    Delivery delivery{.attachment = attachment.uuid};
    if (!m_folder.isEmpty())
        delivery.path = QDir(m_folder).filePath(attachment.name);
    const auto fault = m_faults.take(Operation::Store);
    if (!fault)
        return delivery;
    m_events.add(u"fault"_s,
                 aboutStore({{u"effect"_s, fault->effect()}, {u"attachment"_s, attachment.uuid}}));
    return meet(*fault, delivery);
}

Store::Delivery Store::meet(const Fault &fault, Delivery delivery)
{
    delivery.fault = fault;
    if (!fault.acts())
        delivery.path.clear();
    switch (fault.kind) {
    case Fault::Kind::Status:
        delivery.answer = xml(fault.status, u"The sandbox was told to answer %1"_s.arg(fault.status));
        break;
    case Fault::Kind::Expired:
        delivery.answer = xml(403, u"Request has expired"_s);
        break;
    case Fault::Kind::Hang:
        delivery.answer = HttpReply{.delivery = HttpReply::Delivery::Never};
        break;
    case Fault::Kind::Close:
        delivery.answer = HttpReply{.delivery = HttpReply::Delivery::Half};
        break;
    default:
        break;
    }
    return delivery;
}

HttpReply Store::finish(const Delivery &delivery, qint64 bytes, const QString &sha256)
{
    if (delivery.answer) {
        giveUp(delivery, bytes);
        return *delivery.answer;
    }
    Attachment &attachment = m_attachments.at(delivery.attachment);
    attachment.state = State::Stored;
    QJsonObject data{{u"workload_uuid"_s, attachment.workloadUuid},
                     {u"filename"_s, attachment.fileName},
                     {u"attachment"_s, attachment.uuid},
                     {u"bytes"_s, bytes},
                     {u"sha256"_s, sha256}};
    if (!delivery.path.isEmpty())
        data[u"path"_s] = delivery.path;
    m_events.add(u"stored"_s, data);
    HttpReply reply;
    if (delivery.fault && delivery.fault->kind == Fault::Kind::Lost)
        reply.delivery = HttpReply::Delivery::Never;
    if (delivery.fault)
        reply.delay = delivery.fault->delay;
    return reply;
}

void Store::giveUp(const Delivery &delivery, qint64 bytes)
{
    if (delivery.attachment.isEmpty())
        return;
    const bool isExpired = delivery.fault && delivery.fault->kind == Fault::Kind::Expired;
    m_attachments.at(delivery.attachment).state = isExpired ? State::Expired : State::Given;
    if (!delivery.answer)
        m_events.add(u"store_interrupted"_s, {{u"attachment"_s, delivery.attachment}, {u"bytes"_s, bytes}});
}

} // namespace cloudnode::sandbox
