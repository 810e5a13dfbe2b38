#pragma once

#include "cloud/controlplane.h"

#include <QByteArray>
#include <QDateTime>
#include <QJsonObject>

namespace cloudnode {

/// What a backend sent back, as far as anyone here cares.
struct HttpAnswer {
    int status = 0;
    QByteArray body;
    QByteArray retryAfter; ///< the header's value, empty if there is none
    QByteArray location;   ///< likewise
};

/// The longest wait that a backend can talk us into.
inline constexpr std::chrono::seconds longestRetryAfter{3600};

/// What the caller can do about this status, which is none of 2xx. Redirects are not followed, so they count
/// as Unavailable: whoever answers there is not the API that was agreed.
CloudError::Kind kindOfStatus(int status);

/// The value of a Retry-After header as a wait from `now` on: whole seconds or an HTTP date (RFC 9110,
/// 10.2.3). Never negative, never more than longestRetryAfter; none for anything else.
std::optional<std::chrono::seconds> parseRetryAfter(const QByteArray &value, const QDateTime &now);

/// The JSON object of a 2xx, or why there is none. An object that says `"success": false` is an error too.
/// `url` is where it came from. Texts of the backend are cut short and cleaned of line breaks.
CloudResult<QJsonObject> judge(const HttpAnswer &answer, const QString &url);
/// The same where only the status counts: a 2xx without a JSON object is an empty one.
CloudResult<QJsonObject> judgeStatus(const HttpAnswer &answer, const QString &url);

} // namespace cloudnode
