#pragma once

#include "base/error.h"

#include <QJsonObject>
#include <QList>
#include <QStringList>

namespace cloudnode::sandbox {

/// A key that an object of the contract may have.
struct Field {
    enum class Kind { Text, Whole, Truth, Object, Texts };

    QString name;
    bool required = false;
    bool mayBeEmpty = false;  ///< Text and Texts
    QStringList allowed = {}; ///< Text; empty: any
    Kind kind = Kind::Text;   ///< Texts: an array of them
    qsizetype longest = -1;   ///< Text, in characters; -1: any length
};

/// Holds an object against the keys it may have. `where` is named in errors: the first key that is wrong,
/// missing or too much. Values are repeated only where they should have been one of a few words.
Result<void> checkFields(const QList<Field> &fields, const QJsonObject &object, const QString &where);

/// A body or payload as what it must be. Errors: it is no JSON, or no object.
Result<QJsonObject> parseObject(const QByteArray &json, const QString &where);

} // namespace cloudnode::sandbox
