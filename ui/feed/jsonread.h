#pragma once

#include <QDateTime>
#include <QJsonObject>
#include <QJsonValue>

#include <optional>

/// Reads what another program wrote: a missing or mistyped value is an absent one, never an error.
namespace cloudnode::jsonread {

QDateTime time(const QJsonValue &value); ///< ISO 8601, UTC; invalid if absent
std::optional<double> number(const QJsonValue &value);
std::optional<qint64> wholeNumber(const QJsonValue &value);

} // namespace cloudnode::jsonread
