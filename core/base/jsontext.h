#pragma once

#include "base/jsonobject.h"

#include <QByteArray>
#include <QByteArrayList>
#include <QDateTime>
#include <QJsonValue>
#include <QList>
#include <QString>

#include <concepts>
#include <optional>

namespace cloudnode {

/// A JSON object as text, written member by member: for what is written often and never looked into here.
/// QJsonObject and QJsonDocument take ten times as long for it. Keys are written as they are: they have
/// nothing in them that JSON has another use for.
class JsonText {
public:
    JsonText &add(const char *key, const QString &text);
    JsonText &add(const char *key, const char *text);
    JsonText &add(const char *key, bool value);
    JsonText &add(const char *key, double value);            ///< finite; as short as it can be read back
    JsonText &add(const char *key, const QDateTime &time);   ///< as isoTime() says it
    JsonText &add(const char *key, const QJsonValue &value); ///< null if it is undefined
    JsonText &add(const char *key, const JsonText &object);
    JsonText &add(const char *key, const QList<JsonText> &objects);
    template <std::integral Number>
    JsonText &add(const char *key, Number value)
    {
        m_object.add(key, static_cast<long long>(value));
        return *this;
    }
    /// Null if there is none.
    template <typename T>
    JsonText &add(const char *key, const std::optional<T> &value)
    {
        return value ? add(key, *value) : addNull(key);
    }
    JsonText &addAll(const JsonText &object); ///< its members
    JsonText &addNull(const char *key);
    /// An object that is text already, and an array of such.
    JsonText &addText(const char *key, const QByteArray &json);
    JsonText &addTexts(const char *key, const QByteArrayList &objects);

    QByteArray object() const; ///< compact, UTF-8
    QByteArray line() const { return object() + '\n'; }

private:
    JsonObject m_object;
};

} // namespace cloudnode
