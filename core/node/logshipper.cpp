#include "node/logshipper.h"

#include "workload/logtail.h"

#include <QFile>
#include <QFileInfo>

#include <algorithm>
#include <utility>

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace cloudnode {

namespace {

constexpr auto interval = 200ms;
constexpr auto slowInterval = 10s;      // a file system that is not of this machine may tell nothing
constexpr qint64 maxBatch = 256 * 1024; // a request takes its time whatever is in it
constexpr qint64 minBatch = 1024;
constexpr int maxUnderWay = 4; // requests at once, over all files
constexpr int tooLarge = 413;

qint64 sizeOf(const QString &path)
{
    return QFileInfo(path).size(); // 0 if there is none
}

} // namespace

LogShipper::LogShipper(ControlPlane &cloud, SecretMask mask, QObject *parent)
    : QObject(parent),
      m_cloud(cloud),
      m_mask(std::move(mask)),
      m_backoff(1s, 60s)
{
    m_timer.setInterval(interval);
    m_slowTimer.setInterval(slowInterval);
    m_pause.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &LogShipper::look);
    connect(&m_watch, &FolderWatch::written, this, [this] {
        if (!m_timer.isActive()) // else it is soon enough then
            look();
    });
    connect(&m_slowTimer, &QTimer::timeout, this, &LogShipper::lookAtAll);
    connect(&m_pause, &QTimer::timeout, this, &LogShipper::shipAll);
}

void LogShipper::follow(const Source &source)
{
    State &state =
        m_sources
            .insert_or_assign(source.path, State{.source = source, .batch = std::max(maxBatch, leastBatch())})
            .first->second;
    state.isWatched = m_watch.add(QFileInfo(source.path).path());
    m_timer.start();
    m_slowTimer.start();
}

void LogShipper::finish(const QStringList &paths)
{
    for (const QString &path : paths) {
        const auto found = m_sources.find(path);
        if (found == m_sources.end())
            continue;
        found->second.finished = true;
        found->second.mayHaveMore = true;
    }
    shipAll();
}

void LogShipper::setInstance(const Instance &instance)
{
    m_instance = instance;
    shipAll();
}

void LogShipper::flush()
{
    m_flushing = true;
    for (auto &[path, state] : m_sources)
        state.end = sizeOf(path);
    m_pause.stop();
    lookAtAll();
}

bool LogShipper::isDrained() const
{
    return std::all_of(m_sources.cbegin(), m_sources.cend(), [](const auto &entry) {
        const State &state = entry.second;
        const qint64 end = state.end.value_or(sizeOf(entry.first));
        return !state.underWay && (state.source.offset >= end || state.starvedSize >= end);
    });
}

void LogShipper::stop()
{
    m_stopped = true;
}

/// A piece must have room for more than the beginning of a secret, which would be kept back for ever.
qint64 LogShipper::leastBatch() const
{
    return std::max<qint64>(minBatch, 2 * m_mask.longest() + 1);
}

void LogShipper::look()
{
    takeNews();
    shipAll();
    if (!mustLookAgain())
        m_timer.stop();
    else if (!m_timer.isActive())
        m_timer.start();
}

void LogShipper::lookAtAll()
{
    for (auto &[path, state] : m_sources)
        state.mayHaveMore = true;
    look();
}

void LogShipper::takeNews()
{
    const FolderWatch::News news = m_watch.take();
    for (const QString &path : news.paths) {
        if (const auto found = m_sources.find(path); found != m_sources.end())
            found->second.mayHaveMore = true;
    }
    for (auto &[path, state] : m_sources)
        state.mayHaveMore |= !state.isWatched || !news.isComplete;
}

bool LogShipper::mustLookAgain() const
{
    return std::any_of(m_sources.cbegin(), m_sources.cend(),
                       [](const auto &entry) { return entry.second.mayHaveMore || !entry.second.isWatched; });
}

void LogShipper::shipAll()
{
    // In turn, from behind the one served last: a file that is written without pause must not keep the others
    // waiting. ship() may let a file go, so the iterator moves on first.
    auto next = m_sources.upper_bound(m_lastServed);
    for (size_t count = m_sources.size(); count > 0 && m_underWay < maxUnderWay; --count) {
        if (next == m_sources.end())
            next = m_sources.begin();
        State &state = (next++)->second;
        ship(state);
    }
    if (m_sources.empty()) {
        m_timer.stop();
        m_slowTimer.stop();
    }
}

void LogShipper::ship(State &state)
{
    if (!state.mayHaveMore || state.underWay || m_underWay >= maxUnderWay || m_pause.isActive() ||
        m_stopped || m_instance.uuid.isEmpty())
        return;
    const QString path = state.source.path;
    const qint64 size = state.end.value_or(sizeOf(path));
    if (size <= state.source.offset) {
        state.mayHaveMore = false;
        if (state.finished) {
            m_sources.erase(path);
            emit drained();
        }
        return;
    }
    const auto piece = LogTail(path).read(state.source.offset, state.batch, state.finished,
                                          [this](QByteArrayView text) { return m_mask.unfinished(text); });
    if (!piece) {
        emit warning(piece.error());
        m_sources.erase(path);
        return;
    }
    if (piece->text.isEmpty()) {
        state.mayHaveMore = false; // not before more is written, or it is finished
        if (std::exchange(state.starvedSize, size) != size)
            emit drained();
        return;
    }
    if (holdBack(state, piece->text, size))
        return;
    state.underWay = true;
    ++m_underWay;
    m_lastServed = path;
    m_cloud.sendLog(
        m_instance, state.source.stream, m_mask.mask(piece->text), this,
        [this, path, end = piece->endOffset](const CloudResult<void> &reply) { answered(path, end, reply); });
}

bool LogShipper::holdBack(State &state, const QByteArray &text, qint64 size) const
{
    // A line still being written is given one interval to become whole: the backend shows each request as
    // lines of its own.
    const bool whole = text.endsWith('\n') || text.size() >= state.batch - 4;
    if (whole || state.finished || m_flushing || state.heldSize == size)
        return false;
    state.heldSize = size;
    return true;
}

void LogShipper::answered(const QString &path, qint64 endOffset, const CloudResult<void> &reply)
{
    --m_underWay;
    const auto found = m_sources.find(path);
    if (m_stopped && m_underWay == 0)
        QMetaObject::invokeMethod(this, &LogShipper::drained, Qt::QueuedConnection); // once all is noted
    if (found == m_sources.end())
        return;
    State &state = found->second;
    state.underWay = false;
    if (reply) {
        m_backoff.reset();
        advance(state, endOffset);
        shipAll();
        return;
    }
    const CloudError &error = reply.error();
    if (error.kind != CloudError::Kind::Refused) {
        postpone(error);
    } else if (error.httpStatus == tooLarge && state.batch > leastBatch()) {
        state.batch = std::max(leastBatch(), state.batch / 2);
        shipAll();
    } else {
        // The backend will never take this piece; the ones behind it must not wait for that for ever.
        // Told once a file: where nothing of it is taken, there may be a thousand pieces.
        if (!std::exchange(state.refusalTold, true))
            emit warning({u"the backend refused %1 bytes of log: %2"_s.arg(endOffset - state.source.offset)
                              .arg(error.error.what),
                          path, u"What it refuses stays in the file."_s});
        advance(state, endOffset);
        shipAll();
    }
}

void LogShipper::advance(State &state, qint64 endOffset)
{
    state.source.offset = endOffset;
    state.heldSize = -1;
    if (state.source.shipped)
        state.source.shipped(endOffset);
    if (endOffset >= state.end.value_or(sizeOf(state.source.path)))
        emit drained();
}

void LogShipper::postpone(const CloudError &error)
{
    std::chrono::milliseconds wait = m_backoff.next();
    if (error.retryAfter)
        wait = std::max<std::chrono::milliseconds>(wait, *error.retryAfter);
    m_pause.start(wait);
    emit failed(error.error, m_backoff.failures());
}

} // namespace cloudnode
