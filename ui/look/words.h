#pragma once

#include <QCoreApplication>
#include <QDateTime>
#include <QString>

namespace cloudnode {

/// Times and amounts, as people say them.
class Words {
    Q_DECLARE_TR_FUNCTIONS(cloudnode::Words)

public:
    static QString elapsed(double seconds); ///< "0:00:03", "1:12:40", "26:05:00"
    static QString span(double seconds);    ///< "4 s", "3 min", "3 h 12 min", "5 d 2 h"
    static QString ago(const QDateTime &then, const QDateTime &now); ///< "4 s ago", "just now"
    static QString absolute(const QDateTime &moment);                ///< in local time, with the date
    static QString bytes(qint64 count);                              ///< "6.1 GB"
    static QString percent(double fraction);                         ///< 0.58: "58 %"
    static QString milliseconds(double seconds);                     ///< "23 ms"
    /// The node's words begin small, as they may go on after others. What begins with a name stays as it is.
    static QString sentence(const QString &text);
    /// "training": "Training". A type this version does not know stays as it is.
    static QString type(const QString &name);
};

} // namespace cloudnode
