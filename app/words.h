#pragma once

#include <QDateTime>
#include <QJsonValue>

/// Values of the node's snapshot as people read them. "-" where there is none.
namespace cloudnode::words {

QString duration(double seconds); ///< "4.2 s", "3 min 05 s", "2 h 07 min", "3 d 04 h"
QString duration(const QJsonValue &seconds);
QString bytes(double count);            ///< "12.5 GiB"
QString time(const QJsonValue &iso);    ///< local: "14:03:59" if today, else with the date
QString age(const QJsonValue &iso);     ///< "4.2 s ago"
QString plain(const QJsonValue &value); ///< a text, number or truth as it is
QString yesNo(bool truth);
QString controlPlane(const QString &name); ///< of "rest" or "mqtt"

} // namespace cloudnode::words
