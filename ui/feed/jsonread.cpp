#include "ui/feed/jsonread.h"

namespace cloudnode::jsonread {

QDateTime time(const QJsonValue &value)
{
    return QDateTime::fromString(value.toString(), Qt::ISODateWithMs).toUTC();
}

std::optional<double> number(const QJsonValue &value)
{
    return value.isDouble() ? std::optional(value.toDouble()) : std::nullopt;
}

std::optional<qint64> wholeNumber(const QJsonValue &value)
{
    return value.isDouble() ? std::optional(value.toInteger(static_cast<qint64>(value.toDouble())))
                            : std::nullopt;
}

} // namespace cloudnode::jsonread
