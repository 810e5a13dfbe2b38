#include "ui/logview/logdocument.h"

#include <algorithm>

namespace cloudnode {

namespace {

bool isContinuation(char byte)
{
    return (static_cast<unsigned char>(byte) & 0xc0) == 0x80;
}

/// A piece of a long line may be cut inside a character: that belongs to the piece it began in.
QString decoded(LogFile &file, qint64 begin, qint64 end, bool cutBefore, bool cutAfter)
{
    constexpr int longestTail = 3;
    QByteArray bytes = file.read(begin, end - begin);
    qsizetype skipped = 0;
    while (cutBefore && skipped < longestTail && skipped < bytes.size() && isContinuation(bytes[skipped]))
        ++skipped;
    if (cutAfter) {
        for (const char byte : file.read(end, longestTail)) {
            if (!isContinuation(byte))
                break;
            bytes += byte;
        }
    }
    if (bytes.endsWith('\n'))
        bytes.chop(1);
    return QString::fromUtf8(QByteArrayView(bytes).sliced(std::min(skipped, bytes.size())));
}

} // namespace

LogDocument::LogDocument(const LogPaths &paths, LogStreams streams)
    : m_files{LogFile(paths.out), LogFile(paths.err)},
      m_used{streams != LogStreams::Stderr, streams != LogStreams::Stdout}
{
    refresh();
}

LogDocument::Change LogDocument::refresh()
{
    const qint64 before = m_size;
    const bool mixed = m_used[0] && m_used[1] && m_opened;
    for (size_t file = 0; file < m_files.size(); ++file) {
        if (!m_used.at(file))
            continue;
        const qint64 size = m_files.at(file).refreshSize();
        if (size < m_taken.at(file))
            return Change::Replaced;
        extend(file, mixed ? takeable(file, m_taken.at(file), size) : size - m_taken.at(file));
    }
    m_opened = true;
    return m_size > before ? Change::Grown : Change::None;
}

/// Whole lines only, lest the other stream's output gets into the middle of one; but what stays incomplete
/// until the next look, such as a prompt, is shown as well.
qint64 LogDocument::takeable(size_t file, qint64 from, qint64 to)
{
    if (m_pending.at(file) == to || to - from > pieceBytes)
        return to - from;
    const QByteArray bytes = m_files.at(file).read(from, to - from);
    const qint64 whole = std::max(bytes.lastIndexOf('\n'), bytes.lastIndexOf('\r')) + 1;
    m_pending.at(file) = whole < bytes.size() ? to : 0;
    return whole;
}

void LogDocument::extend(size_t file, qint64 bytes)
{
    if (bytes <= 0)
        return;
    if (m_runs.isEmpty() || m_runs.last().file != file)
        m_runs.append({file, m_taken.at(file), m_size, 0});
    m_runs.last().length += bytes;
    m_taken.at(file) += bytes;
    m_size += bytes;
}

const LogDocument::Run &LogDocument::runAt(qint64 offset) const
{
    const auto after = std::upper_bound(m_runs.begin(), m_runs.end(), offset,
                                        [](qint64 at, const Run &run) { return at < run.begin; });
    return *std::prev(after);
}

/// Looks back two pieces at most: a line break further away no longer matters.
qint64 LogDocument::lineBeginIn(const Run &run, qint64 offset)
{
    const qint64 at = run.fileBegin + offset - run.begin;
    const qint64 from = std::max(run.fileBegin, at - 2 * pieceBytes);
    const qint64 lineBreak = m_files.at(run.file).read(from, at - from).lastIndexOf('\n');
    const qint64 begin = lineBreak < 0 ? from : from + lineBreak + 1;
    const qint64 cut = at / pieceBytes * pieceBytes;
    const bool isCut = cut - pieceBytes >= begin;
    return run.begin + (isCut ? cut : begin) - run.fileBegin;
}

qint64 LogDocument::lineEndIn(const Run &run, qint64 offset)
{
    const qint64 at = run.fileBegin + offset - run.begin;
    const qint64 cut = (at + pieceBytes - 1) / pieceBytes * pieceBytes + pieceBytes;
    const qint64 limit = std::min(run.fileBegin + run.length, cut);
    constexpr qint64 step = 512; // most lines are short
    for (qint64 from = at; from < limit; from += step) {
        const QByteArray bytes = m_files.at(run.file).read(from, std::min(step, limit - from));
        const qsizetype lineBreak = bytes.indexOf('\n');
        if (lineBreak >= 0)
            return run.begin + from + lineBreak + 1 - run.fileBegin;
        if (bytes.isEmpty())
            break;
    }
    return run.begin + limit - run.fileBegin;
}

qint64 LogDocument::lineBegin(qint64 offset)
{
    if (m_runs.isEmpty() || offset <= 0)
        return 0;
    return offset >= m_size ? m_size : lineBeginIn(runAt(offset), offset);
}

std::optional<LogLine> LogDocument::lineAt(qint64 begin)
{
    if (begin >= m_size)
        return std::nullopt;
    const Run &run = runAt(begin);
    const qint64 end = lineEndIn(run, begin);
    const qint64 shift = run.fileBegin - run.begin;
    const auto isCut = [&](qint64 at) {
        return (at + shift) % pieceBytes == 0 && at > run.begin && at < run.begin + run.length;
    };
    LogFile &file = m_files.at(run.file);
    return LogLine{begin, end, run.file == 1,
                   decoded(file, begin + shift, end + shift, isCut(begin), isCut(end))};
}

LogWindow LogDocument::window(qint64 anchor, int before, int after)
{
    LogWindow window;
    window.documentSize = m_size;
    window.anchor = lineBegin(std::clamp<qint64>(anchor, 0, m_size));
    qint64 begin = window.anchor;
    for (int i = 0; i < before && begin > 0 && window.anchor - begin < windowBytes; ++i)
        begin = lineBegin(begin - 1);
    const qint64 most = window.anchor + windowBytes;
    int rest = after;
    while (begin < most && rest > 0) {
        const std::optional<LogLine> line = lineAt(begin);
        if (!line)
            break;
        rest -= begin >= window.anchor ? 1 : 0;
        begin = line->end;
        window.lines.append(*line);
    }
    return window;
}

} // namespace cloudnode
