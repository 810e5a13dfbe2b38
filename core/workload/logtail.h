#pragma once

#include "base/error.h"

#include <QByteArray>
#include <QString>

#include <functional>

namespace cloudnode {

/// Reads a growing log file piece by piece from an offset, never more than asked for, and never splits a
/// UTF-8 character. Bytes that are no UTF-8 become U+FFFD, so every piece is valid UTF-8.
class LogTail {
public:
    struct Piece {
        QByteArray text;      ///< valid UTF-8; empty: nothing (complete) there yet
        qint64 endOffset = 0; ///< in the file; where the next piece starts
    };

    explicit LogTail(QString path) : m_path(std::move(path)) {}

    /// At most `maxBytes` (at least 4) of the file from `offset` on. Prefers to end behind a line break if
    /// there is one. `final`: nothing will follow, so an incomplete character at the end is handed out too
    /// (as U+FFFD). A missing file is an empty one. Errors: unreadable; shorter than `offset`.
    /// `unfinished` says how many bytes at the end of those it is shown should wait for what follows them.
    using Unfinished = std::function<qsizetype(QByteArrayView)>;
    Result<Piece> read(qint64 offset, qint64 maxBytes, bool final, const Unfinished &unfinished = {}) const;

    /// The last `maxBytes` of the file, cut at a character, and whether something was left out before it.
    struct Tail {
        QByteArray text;
        bool truncated = false;
    };
    static Result<Tail> last(const QString &path, qint64 maxBytes);

private:
    QString m_path;
};

} // namespace cloudnode
