#pragma once

#include "ui/logview/logfile.h"
#include "ui/logview/logline.h"

#include <array>
#include <optional>

namespace cloudnode {

/// The output of one workload as one sequence of lines, addressed by byte and read only where it is looked
/// at. With both streams it begins with what stdout and then stderr held when it was opened, and goes on in
/// the order in which they grow: the files themselves hold no times.
///
/// A line that is too long falls into pieces at fixed offsets, so that it is cut alike from either side.
class LogDocument {
public:
    static constexpr qint64 pieceBytes = 8 * 1024; ///< a line is shorter than twice this

    LogDocument(const LogPaths &paths, LogStreams streams);

    enum class Change { None, Grown, Replaced };
    /// Looks for what was written meanwhile. Replaced: a file is shorter than it was; start over.
    Change refresh();

    qint64 size() const { return m_size; }
    qint64 bytesRead() const { return m_files[0].bytesRead() + m_files[1].bytesRead(); }

    /// Where the line with this byte begins; size() stays size().
    qint64 lineBegin(qint64 offset);
    /// The line that begins there; none at the end.
    std::optional<LogLine> lineAt(qint64 begin);
    /// Around the line that holds `anchor`. Bounded by the number of lines and by windowBytes.
    LogWindow window(qint64 anchor, int before, int after);

private:
    static constexpr qint64 windowBytes = 4 * 1024 * 1024;
    struct Run {
        size_t file = 0; ///< 0 stdout, 1 stderr
        qint64 fileBegin = 0;
        qint64 begin = 0; ///< in the document
        qint64 length = 0;
    };

    const Run &runAt(qint64 offset) const;
    qint64 lineBeginIn(const Run &run, qint64 offset);
    qint64 lineEndIn(const Run &run, qint64 offset);
    qint64 takeable(size_t file, qint64 from, qint64 to);
    void extend(size_t file, qint64 bytes);

    std::array<LogFile, 2> m_files;
    std::array<bool, 2> m_used;
    std::array<qint64, 2> m_taken{};   ///< bytes of each file that are in the document
    std::array<qint64, 2> m_pending{}; ///< size at the last look, if an incomplete line was left then
    QList<Run> m_runs;
    qint64 m_size = 0;
    bool m_opened = false;
};

} // namespace cloudnode
