#pragma once

#include "base/error.h"

#include <QByteArray>

#include <chrono>
#include <optional>

namespace cloudnode {

/// What came of handing one file to the store.
struct StoreVerdict {
    enum class Kind {
        Stored,
        Passing,   ///< no answer, or one that may be another next time: try again
        Torn,      ///< the file was written to meanwhile: what the store has may be of both
        Refused,   ///< the store will never take it
        Unreadable ///< there is nothing to hand over: the file is gone, or cannot be read
    };
    Kind kind = Kind::Passing;
    Error reason; ///< for people, unless Stored; holds nothing of the URL but its host
    std::optional<std::chrono::seconds> retryAfter; ///< the store's own wish
};

/// The verdict in an HTTP status, with the beginning of what the store said about it.
/// Source: WIRE contract, "Result files".
StoreVerdict verdictOf(int status, const QByteArray &body, const QByteArray &retryAfter, const QString &host);

} // namespace cloudnode
