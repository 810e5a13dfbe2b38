#include "sandbox/httpreply.h"

#include <QDateTime>
#include <QLocale>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode::sandbox {

/// As HTTP writes it (RFC 9110, 5.6.7).
static QByteArray now()
{
    return QLocale::c()
        .toString(QDateTime::currentDateTimeUtc(), QStringLiteral("ddd, dd MMM yyyy hh:mm:ss 'GMT'"))
        .toLatin1();
}

QByteArray HttpReply::toWire() const
{
    QByteArray wire = "HTTP/1.1 " + QByteArray::number(status) + " Sandbox\r\n";
    if (!body.isEmpty())
        wire += "Content-Type: " + contentType + "\r\n";
    wire += "Date: " + now() + "\r\n";
    for (const auto &[name, value] : moreHeaders)
        wire += name + ": " + value + "\r\n";
    wire += "Content-Length: " + QByteArray::number(body.size()) + "\r\n\r\n";
    return wire + body;
}

HttpReply HttpReply::json(int status, const QJsonDocument &document)
{
    HttpReply reply;
    reply.status = status;
    reply.body = document.toJson(QJsonDocument::Compact);
    return reply;
}

HttpReply HttpReply::message(int status, const QString &text)
{
    return json(status, QJsonDocument(QJsonObject{{u"message"_s, text}}));
}

} // namespace cloudnode::sandbox
