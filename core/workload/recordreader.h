#pragma once

#include "base/error.h"

#include <QDateTime>
#include <QJsonObject>

#include <optional>

namespace cloudnode {

/// Takes the values out of one record and remembers the first thing that is wrong with it, so that the
/// caller can read on and ask once. A wrong value reads as empty, zero or none.
class RecordReader {
public:
    RecordReader(const QByteArray &json, QString where);

    QJsonValue value(const char *key) const { return m_object.value(QLatin1StringView(key)); }
    QString text(const char *key);            ///< empty if the key is missing
    QString requiredText(const char *key);    ///< not empty
    bool truth(const char *key);              ///< false if the key is missing
    double number(const char *key);           ///< 0 if the key is missing
    qint64 count(const char *key);            ///< a whole number, not negative; 0 if the key is missing
    qint64 positive(const char *key);         ///< a whole number above 0
    std::optional<int> code(const char *key); ///< none if missing or null
    QDateTime time(const char *key);          ///< required
    std::optional<QDateTime> optionalTime(const char *key);

    void complain(const char *key, const QString &expected);
    void complain(const Error &error);
    const std::optional<Error> &problem() const { return m_problem; }

private:
    QJsonObject m_object;
    QString m_where;
    std::optional<Error> m_problem;
};

} // namespace cloudnode
