#pragma once

#include "ui/logview/ansitext.h"
#include "ui/logview/logline.h"

#include <algorithm>

namespace cloudnode {

/// One line, ready to be shown.
struct LogRow {
    qint64 begin = 0; ///< in the document's bytes
    qint64 end = 0;   ///< where the next one begins
    bool isError = false;
    AnsiText text;
};

/// The lines that a view holds, a few screens of a document of any size, and which of them are on the screen.
/// Where they come from is nothing to it: LogScroller fills and moves it.
class LogPage {
public:
    void setRows(const QList<LogLine> &lines); ///< setTop() shall follow
    void dropRows() { m_rows.clear(); }
    void setDocumentSize(qint64 bytes) { m_documentSize = bytes; }
    void setScreen(int lines) { m_screen = lines; }
    /// Puts this row at the top of the screen, or that next to it which leaves no space below the last.
    void setTop(int row);

    const QList<LogRow> &rows() const { return m_rows; }
    qint64 documentSize() const { return m_documentSize; }     ///< bytes
    int screen() const { return m_screen; }                    ///< how many lines have room on it, at least 1
    int pageStep() const { return std::max(1, m_screen - 1); } ///< lines to the next screenful
    int top() const { return m_top; }                          ///< index of the first row on the screen
    qsizetype bottom() const;                                  ///< index behind the last one on the screen
    int lastTop() const;                          ///< what top() is when the last row is at the bottom
    bool startsDocument() const;                  ///< whether there is nothing before the rows
    bool endsDocument() const;                    ///< whether there is nothing after them
    bool isAtEnd() const;                         ///< whether the document's last line is on the screen
    qint64 topOffset() const;                     ///< where the first line on the screen begins
    qint64 shownBytes() const;                    ///< of the lines on the screen
    bool shows(qint64 begin) const;               ///< whether the line that begins there is on the screen
    const LogRow *rowAt(qint64 begin) const;      ///< the one that begins there; nullptr: none does
    int indexFrom(qint64 offset) const;           ///< of the first row that begins at `offset` or later
    qsizetype widest() const { return m_widest; } ///< characters of the longest row it has held
    QString visibleText() const;                  ///< what is on the screen, one line each

private:
    QList<LogRow> m_rows;
    qint64 m_documentSize = 0;
    qsizetype m_widest = 0;
    int m_screen = 1;
    int m_top = 0;
};

} // namespace cloudnode
