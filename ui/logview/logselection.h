#pragma once

#include <QtGlobal>

#include <utility>

namespace cloudnode {

/// A place between two characters of a log document.
struct LogPosition {
    qint64 line = 0; ///< begin of its line
    int column = 0;  ///< in the line's plain text

    auto operator<=>(const LogPosition &other) const = default; // NOLINT(modernize-use-nullptr): it has none
};

/// From where to where text is marked; either may come first.
struct LogSelection {
    LogPosition anchor;
    LogPosition cursor;

    bool isEmpty() const { return anchor == cursor; }
    LogPosition first() const { return std::min(anchor, cursor); }
    LogPosition last() const { return std::max(anchor, cursor); }
    /// The marked columns of one line, as [from, to).
    std::pair<int, int> columnsOf(qint64 line, int length) const;
};

} // namespace cloudnode
