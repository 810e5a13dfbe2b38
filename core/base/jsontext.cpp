#include "base/jsontext.h"

#include "base/isotime.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLocale>
#include <QStringEncoder>

#include <array>

namespace cloudnode {

namespace {

std::string_view viewOf(const QByteArray &text)
{
    return {text.constData(), static_cast<std::size_t>(text.size())};
}

QByteArray textOf(double value)
{
    constexpr double mostWhole = 9007199254740992; // beyond 2^53 not every whole number is one
    if (value == static_cast<double>(static_cast<qint64>(value)) && value > -mostWhole && value < mostWhole)
        return QByteArray::number(static_cast<qint64>(value));
    return QByteArray::number(value, 'g', QLocale::FloatingPointShortest);
}

} // namespace

JsonText &JsonText::add(const char *key, const QString &text)
{
    constexpr qsizetype usual = 256;
    if (text.size() > usual) {
        m_object.add(key, viewOf(text.toUtf8()));
        return *this;
    }
    std::array<char, 3 * usual> utf8; // no more is needed of it, so none is allocated
    QStringEncoder encode(QStringEncoder::Utf8);
    const char *const end = encode.appendToBuffer(utf8.data(), text);
    m_object.add(key, std::string_view(utf8.data(), static_cast<std::size_t>(end - utf8.data())));
    return *this;
}

JsonText &JsonText::add(const char *key, const char *text)
{
    m_object.add(key, text);
    return *this;
}

JsonText &JsonText::add(const char *key, bool value)
{
    m_object.add(key, value);
    return *this;
}

JsonText &JsonText::add(const char *key, double value)
{
    return addText(key, textOf(value));
}

JsonText &JsonText::add(const char *key, const QDateTime &time)
{
    m_object.add(key, isoTimestamp(time));
    return *this;
}

JsonText &JsonText::add(const char *key, const QJsonValue &value)
{
    switch (value.type()) {
    case QJsonValue::Null:
    case QJsonValue::Undefined:
        return addNull(key);
    case QJsonValue::Bool:
        return add(key, value.toBool());
    case QJsonValue::String:
        return add(key, value.toString());
    case QJsonValue::Object:
        return addText(key, QJsonDocument(value.toObject()).toJson(QJsonDocument::Compact));
    case QJsonValue::Array:
        return addText(key, QJsonDocument(value.toArray()).toJson(QJsonDocument::Compact));
    case QJsonValue::Double:
        break;
    }
    // A whole number that Qt holds as one: a double may be too short for it.
    const qint64 whole = value.toInteger();
    return static_cast<double>(whole) == value.toDouble() ? add(key, whole) : add(key, value.toDouble());
}

JsonText &JsonText::add(const char *key, const JsonText &object)
{
    m_object.add(key, object.m_object);
    return *this;
}

JsonText &JsonText::add(const char *key, const QList<JsonText> &objects)
{
    if (objects.isEmpty()) {
        m_object.addRaw(key, "[]");
        return *this;
    }
    std::string array;
    for (const JsonText &object : objects)
        (array += array.empty() ? "[{" : ",{").append(object.m_object.members()) += '}';
    m_object.addRaw(key, array += ']');
    return *this;
}

JsonText &JsonText::addAll(const JsonText &object)
{
    m_object.addAll(object.m_object);
    return *this;
}

JsonText &JsonText::addNull(const char *key)
{
    m_object.addNull(key);
    return *this;
}

JsonText &JsonText::addText(const char *key, const QByteArray &json)
{
    m_object.addRaw(key, viewOf(json));
    return *this;
}

JsonText &JsonText::addTexts(const char *key, const QByteArrayList &objects)
{
    return addText(key, '[' + objects.join(',') + ']');
}

QByteArray JsonText::object() const
{
    const std::string_view members = m_object.members();
    QByteArray text;
    text.reserve(static_cast<qsizetype>(members.size()) + 3); // with a line break
    return text.append('{').append(members.data(), static_cast<qsizetype>(members.size())).append('}');
}

} // namespace cloudnode
