#include "workload/recordreader.h"

#include "record/recordnames.h"

#include <QJsonDocument>

#include <cmath>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

namespace {

bool isAbsent(const QJsonValue &value)
{
    return value.isUndefined() || value.isNull();
}

bool isWhole(const QJsonValue &value)
{
    return value.isDouble() && std::floor(value.toDouble()) == value.toDouble() &&
           std::abs(value.toDouble()) <= 9007199254740992.0; // 2^53
}

QDateTime fromIso(const QJsonValue &value)
{
    const QDateTime time = QDateTime::fromString(value.toString(), Qt::ISODateWithMs);
    return time.isValid() && time.timeSpec() == Qt::UTC ? time : QDateTime();
}

} // namespace

RecordReader::RecordReader(const QByteArray &json, QString where) : m_where(std::move(where))
{
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(json, &error);
    if (!document.isObject()) {
        complain(Error{u"is no JSON object: "_s + error.errorString(), m_where, {}});
        return;
    }
    m_object = document.object();
    if (const qint64 version = positive(recordnames::version); version > recordnames::formatVersion)
        complain(Error{u"has format version %1, of which this node knows nothing"_s.arg(version), m_where,
                       u"A newer cloudnode wrote it; use that one."_s});
}

QString RecordReader::text(const char *key)
{
    const QJsonValue found = value(key);
    if (!isAbsent(found) && !found.isString())
        complain(key, u"a text"_s);
    return found.toString();
}

QString RecordReader::requiredText(const char *key)
{
    QString found = text(key);
    if (found.isEmpty())
        complain(key, u"a text"_s);
    return found;
}

bool RecordReader::truth(const char *key)
{
    const QJsonValue found = value(key);
    if (!isAbsent(found) && !found.isBool())
        complain(key, u"true or false"_s);
    return found.toBool();
}

double RecordReader::number(const char *key)
{
    const QJsonValue found = value(key);
    if (!isAbsent(found) && !found.isDouble())
        complain(key, u"a number"_s);
    return found.toDouble();
}

qint64 RecordReader::count(const char *key)
{
    const QJsonValue found = value(key);
    if (isAbsent(found))
        return 0;
    if (!isWhole(found) || found.toInteger() < 0) {
        complain(key, u"a whole number, not negative"_s);
        return 0;
    }
    return found.toInteger();
}

qint64 RecordReader::positive(const char *key)
{
    const qint64 found = count(key);
    if (found == 0)
        complain(key, u"a whole number above 0"_s);
    return found;
}

std::optional<int> RecordReader::code(const char *key)
{
    const QJsonValue found = value(key);
    if (isAbsent(found))
        return std::nullopt;
    if (!isWhole(found) || found.toInteger() < 0 || found.toInteger() > 255) {
        complain(key, u"a whole number from 0 to 255"_s);
        return std::nullopt;
    }
    return static_cast<int>(found.toInteger());
}

QDateTime RecordReader::time(const char *key)
{
    QDateTime found = fromIso(value(key));
    if (!found.isValid())
        complain(key, u"a time in UTC, as ISO 8601"_s);
    return found;
}

std::optional<QDateTime> RecordReader::optionalTime(const char *key)
{
    return isAbsent(value(key)) ? std::nullopt : std::optional(time(key));
}

void RecordReader::complain(const char *key, const QString &expected)
{
    complain(Error{u"%1: expected %2"_s.arg(QLatin1StringView(key), expected), m_where, {}});
}

void RecordReader::complain(const Error &error)
{
    if (!m_problem)
        m_problem = error;
}

} // namespace cloudnode
