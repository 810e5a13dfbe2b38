#pragma once

#include "base/error.h"

#include <QByteArray>
#include <QHash>
#include <QUrl>

#include <optional>

namespace cloudnode::sandbox {

/// The head of an HTTP/1.1 request: all that comes before its body.
struct HttpHead {
    static constexpr qsizetype longest = 16 * 1024; ///< bytes

    QByteArray method;
    QUrl target;                           ///< path and query
    QHash<QByteArray, QByteArray> headers; ///< names in small letters; values of repeated ones joined by ", "

    /// `text` ends with the empty line. Errors: it is no HTTP/1.1 request.
    static Result<HttpHead> parse(const QByteArray &text);

    /// None if the header is missing, or no number.
    std::optional<qint64> contentLength() const;
};

} // namespace cloudnode::sandbox
