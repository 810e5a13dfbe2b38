#include "ui/logview/logreader.h"

#include "ui/logview/ansitext.h"

using namespace std::chrono_literals;

namespace cloudnode {

namespace {

constexpr auto lookInterval = 100ms;
constexpr qint64 searchSlice = 1 << 20;  ///< bytes at a time, so that a search can be called off
constexpr qint64 extractBytes = 8 << 20; ///< the most that is copied

} // namespace

LogReader::LogReader(QObject *parent) : QObject(parent), m_look(this), m_searchOn(this)
{
    m_look.setInterval(lookInterval);
    m_searchOn.setInterval(0);
    connect(&m_look, &QTimer::timeout, this, &LogReader::look);
    connect(&m_searchOn, &QTimer::timeout, this, &LogReader::searchOn);
}

void LogReader::open(const LogPaths &paths, LogStreams streams)
{
    cancelFind();
    m_paths = paths;
    m_streams = streams;
    m_document = std::make_unique<LogDocument>(paths, streams);
    emit grown(m_document->size());
}

void LogReader::watch(bool on)
{
    if (on)
        m_look.start();
    else
        m_look.stop();
}

void LogReader::look()
{
    if (!m_document)
        return;
    const LogDocument::Change change = m_document->refresh();
    if (change == LogDocument::Change::Grown)
        emit grown(m_document->size());
    if (change != LogDocument::Change::Replaced)
        return;
    open(m_paths, m_streams);
    emit replaced();
}

void LogReader::load(int serial, qint64 anchor, int before, int after)
{
    LogWindow window = m_document ? m_document->window(anchor, before, after) : LogWindow();
    window.serial = serial;
    emit loaded(window);
}

void LogReader::find(int serial, const QString &text, qint64 from, bool forward)
{
    if (!m_document)
        return;
    const qint64 size = m_document->size();
    m_search = {serial, text, m_document->lineBegin(from), forward, size, size};
    m_searchOn.start();
}

void LogReader::cancelFind()
{
    m_searchOn.stop();
}

void LogReader::searchOn()
{
    const bool hit = m_search.forward ? searchForward() : searchBackward();
    if (hit || m_search.left <= 0) {
        m_searchOn.stop();
        emit found(m_search.serial, hit ? m_search.at : -1);
        return;
    }
    emit searching(m_search.serial, static_cast<int>(100 - m_search.left * 100 / m_search.all));
}

bool LogReader::matches(const LogLine &line) const
{
    return line.text.contains(m_search.text, Qt::CaseInsensitive) &&
           AnsiText::parse(line.text).text.contains(m_search.text, Qt::CaseInsensitive);
}

/// A slice of the way; past the end it goes on at the beginning.
bool LogReader::searchForward()
{
    for (qint64 slice = searchSlice; slice > 0 && m_search.left > 0;) {
        const std::optional<LogLine> line = m_document->lineAt(m_search.at);
        if (!line) {
            m_search.at = 0;
            continue;
        }
        if (matches(*line))
            return true;
        m_search.at = line->end;
        m_search.left -= line->end - line->begin;
        slice -= line->end - line->begin;
    }
    return false;
}

bool LogReader::searchBackward()
{
    for (qint64 slice = searchSlice; slice > 0 && m_search.left > 0;) {
        const std::optional<LogLine> line = m_document->lineAt(m_search.at);
        if (line && matches(*line))
            return true;
        const qint64 end = m_search.at > 0 ? m_search.at : m_document->size();
        m_search.at = m_document->lineBegin(end - 1);
        m_search.left -= end - m_search.at;
        slice -= end - m_search.at;
    }
    return false;
}

void LogReader::extract(int serial, qint64 begin, qint64 end)
{
    if (!m_document)
        return;
    QList<LogLine> lines;
    qint64 at = begin;
    while (at < end && at - begin < extractBytes) {
        const std::optional<LogLine> line = m_document->lineAt(at);
        if (!line)
            break;
        at = line->end;
        lines.append(*line);
    }
    emit extracted(serial, lines, at >= end);
}

} // namespace cloudnode
