#pragma once

#include "base/error.h"

#include <QJsonValue>
#include <QString>

namespace cloudnode {

/// The name a caller gave one request: opaque text from outside, never a path. Callers write it as a JSON
/// string or number; it is answered in the form it came in, and compared by its text.
class RequestId {
public:
    static constexpr qsizetype maxLength = 512; ///< in UTF-16 units; longer ones are refused

    /// Fails unless `value` is a string of 1 to maxLength printable characters or a whole number.
    static Result<RequestId> parse(const QJsonValue &value);
    /// A fresh one, for a command that came without.
    static RequestId generate();

    const QString &text() const { return m_text; }
    /// As the caller wrote it.
    QJsonValue toJson() const { return m_json; }
    /// A name for files and folders that no caller can aim: the text itself when it consists of
    /// [A-Za-z0-9._-], starts with a letter or digit and has at most 100 characters; otherwise its harmless
    /// characters and a hash of the whole. Different texts never share a key.
    const QString &key() const { return m_key; }

    bool operator==(const RequestId &other) const { return m_text == other.m_text; }

private:
    RequestId(const QString &text, QJsonValue json);

    QString m_text;
    QJsonValue m_json;
    QString m_key;
};

} // namespace cloudnode
