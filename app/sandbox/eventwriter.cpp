#include "sandbox/eventwriter.h"

#include <QDateTime>
#include <QJsonDocument>

#include <cstdio>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode::sandbox {

namespace {

QString text(const QJsonObject &event, const QString &key)
{
    return event.value(key).toVariant().toString();
}

QString readyDetails(const QJsonObject &event)
{
    QString details = u"API at %1, control plane %2, token \"%3\""_s.arg(
        text(event, u"api_url"_s), text(event, u"control_plane"_s), text(event, u"token"_s));
    if (event.contains(u"mqtt_port"_s))
        details += u", MQTT broker at %1:%2"_s.arg(text(event, u"mqtt_host"_s), text(event, u"mqtt_port"_s));
    return details;
}

/// The values of the named keys, as far as there are any.
QString values(const QJsonObject &event, const QStringList &keys)
{
    QStringList found;
    for (const QString &key : keys) {
        if (event.contains(key))
            found << text(event, key).simplified();
    }
    return found.join(u"  "_s);
}

QString details(const QJsonObject &event)
{
    const QString name = text(event, u"event"_s);
    if (name == u"ready"_s)
        return readyDetails(event);
    if (name == u"log"_s)
        return text(event, u"log_type"_s) + u": "_s +
               text(event, u"log_content"_s).trimmed().replace(u"\n"_s, u"\n    "_s);
    return values(event, {u"topic"_s,    u"command"_s, u"request_id"_s, u"workload"_s,   u"workload_uuid"_s,
                          u"slug"_s,     u"uuid"_s,    u"operation"_s,  u"status"_s,     u"exit_code"_s,
                          u"effect"_s,   u"message"_s, u"error"_s,      u"method"_s,     u"path"_s,
                          u"filename"_s, u"bytes"_s,   u"sha256"_s,     u"attachment"_s, u"reason"_s,
                          u"breaches"_s});
}

} // namespace

QString sentence(const QJsonObject &event)
{
    const QDateTime time = QDateTime::fromString(text(event, u"time"_s), Qt::ISODateWithMs).toLocalTime();
    const QString name = text(event, u"event"_s);
    return u"%1  %2  %3"_s.arg(time.toString(u"hh:mm:ss"_s), name.leftJustified(12), details(event));
}

EventWriter::EventWriter(Format format) : m_format(format)
{
    m_file.open(stdout, QIODevice::WriteOnly);
}

Result<std::unique_ptr<EventWriter>> EventWriter::toFile(const QString &path, Format format)
{
    auto writer = std::unique_ptr<EventWriter>(new EventWriter(path, format));
    if (!writer->m_file.open(QIODevice::WriteOnly | QIODevice::Truncate))
        return fail(u"cannot write: "_s + writer->m_file.errorString(), path);
    return writer;
}

void EventWriter::write(const QJsonObject &event)
{
    const QByteArray line = m_format == Format::JsonLines
                                ? QJsonDocument(event).toJson(QJsonDocument::Compact)
                                : sentence(event).toUtf8();
    m_file.write(line + '\n');
    m_file.flush();
}

} // namespace cloudnode::sandbox
