#pragma once

#include <QByteArray>

#include <optional>

namespace cloudnode {

/// Cuts a stream of bytes into lines. What has no line break yet is kept, within bounds.
class LineSplitter {
public:
    /// `maxBytes`: the longest line there may be, without its line break.
    explicit LineSplitter(qsizetype maxBytes) : m_maxBytes(maxBytes) {}

    void append(const QByteArray &bytes);
    /// The next whole line, without its line break; none if more bytes are needed, or hasOverflown().
    std::optional<QByteArray> next();
    /// A line is longer than allowed. Nothing more will come out; stop feeding it.
    bool hasOverflown() const { return m_overflown; }

private:
    qsizetype m_maxBytes;
    QByteArray m_bytes;
    qsizetype m_start = 0;    ///< of the next line
    qsizetype m_searched = 0; ///< no line break before here, so that a long line is looked at only once
    bool m_overflown = false;
};

} // namespace cloudnode
