#pragma once

#include <QDateTime>
#include <QString>

#include <string>

namespace cloudnode {

/// As the wire, the records and the log say a time: UTC, "2026-02-28T09:30:00.125Z". Empty if it is none.
QString isoTime(const QDateTime &moment);
std::string isoTimestamp(const QDateTime &moment); ///< the same

} // namespace cloudnode
