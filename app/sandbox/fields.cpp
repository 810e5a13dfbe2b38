#include "sandbox/fields.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <algorithm>
#include <cmath>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode::sandbox {

namespace {

Result<void> checkText(const Field &field, const QJsonValue &value, const QString &where)
{
    if (!value.isString())
        return fail(u"\"%1\" is not a string"_s.arg(field.name), where);
    const QString text = value.toString();
    if (text.isEmpty() && !field.mayBeEmpty)
        return fail(u"\"%1\" is empty"_s.arg(field.name), where);
    if (field.longest >= 0 && text.size() > field.longest)
        return fail(u"\"%1\" has %2 characters, at most %3 are allowed"_s.arg(field.name)
                        .arg(text.size())
                        .arg(field.longest),
                    where);
    if (!field.allowed.isEmpty() && !field.allowed.contains(text))
        return fail(
            u"\"%1\" is \"%2\", expected one of %3"_s.arg(field.name, text, field.allowed.join(u", "_s)),
            where);
    return {};
}

Result<void> checkTexts(const Field &field, const QJsonValue &value, const QString &where)
{
    const QJsonArray items = value.toArray();
    const bool allTexts = std::all_of(items.cbegin(), items.cend(), [](const QJsonValue &item) {
        return item.isString() && !item.toString().isEmpty();
    });
    if (!value.isArray() || !allTexts)
        return fail(u"\"%1\" is not an array of strings"_s.arg(field.name), where);
    if (items.isEmpty() && !field.mayBeEmpty)
        return fail(u"\"%1\" is empty"_s.arg(field.name), where);
    return {};
}

bool isWhole(const QJsonValue &value)
{
    return value.isDouble() && std::trunc(value.toDouble()) == value.toDouble();
}

Result<void> checkValue(const Field &field, const QJsonValue &value, const QString &where)
{
    switch (field.kind) {
    case Field::Kind::Text:
        return checkText(field, value, where);
    case Field::Kind::Texts:
        return checkTexts(field, value, where);
    case Field::Kind::Whole:
        return isWhole(value) ? Result<void>()
                              : fail(u"\"%1\" is not a whole number"_s.arg(field.name), where);
    case Field::Kind::Truth:
        return value.isBool() ? Result<void>()
                              : fail(u"\"%1\" is neither true nor false"_s.arg(field.name), where);
    case Field::Kind::Object:
        return value.isObject() ? Result<void>() : fail(u"\"%1\" is not an object"_s.arg(field.name), where);
    }
    Q_UNREACHABLE();
}

} // namespace

Result<void> checkFields(const QList<Field> &fields, const QJsonObject &object, const QString &where)
{
    for (const QString &key : object.keys()) {
        if (std::none_of(fields.cbegin(), fields.cend(),
                         [&](const Field &field) { return field.name == key; }))
            return fail(u"\"%1\" does not belong there"_s.arg(key), where);
    }
    for (const Field &field : fields) {
        if (!object.contains(field.name)) {
            if (field.required)
                return fail(u"\"%1\" is missing"_s.arg(field.name), where);
            continue;
        }
        if (auto checked = checkValue(field, object.value(field.name), where); !checked)
            return checked;
    }
    return {};
}

Result<QJsonObject> parseObject(const QByteArray &json, const QString &where)
{
    QJsonParseError problem;
    const QJsonDocument document = QJsonDocument::fromJson(json, &problem);
    if (problem.error != QJsonParseError::NoError)
        return fail(u"it is not JSON: "_s + problem.errorString(), where);
    if (!document.isObject())
        return fail(u"it is not a JSON object"_s, where);
    return document.object();
}

} // namespace cloudnode::sandbox
