#include "workload/workloadarchive.h"

#include "workload/settled.h"

#include <QDeadlineTimer>

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace cloudnode {

namespace {

constexpr auto turn = 4ms;      // of the event loop, at a time
constexpr auto idlePause = 60s; // until the next look at what has grown old

} // namespace

WorkloadArchive::WorkloadArchive(WorkloadJournal journal, const RetentionLimits &limits, QObject *parent)
    : QObject(parent),
      m_journal(std::move(journal)),
      m_limits(limits),
      m_scrapyard(m_journal),
      m_begun(QDateTime::currentDateTimeUtc())
{
    m_sinceBegun.start();
    m_work.setSingleShot(true);
    connect(&m_scrapyard, &Scrapyard::warning, this, &WorkloadArchive::warning);
    connect(&m_work, &QTimer::timeout, this, [this] {
        const QDeadlineTimer deadline(turn);
        bool more = true;
        while (more && !deadline.hasExpired())
            more = step();
        m_work.start(more ? std::chrono::milliseconds(0) : idlePause);
    });
}

void WorkloadArchive::begin(const QStringList &reported, const QStringList &scraps)
{
    for (const QString &scrap : scraps)
        m_scrapyard.removeFolder(scrap);
    m_reported.append(reported);
    m_history = std::make_unique<QDirIterator>(m_journal.paths().historyFolder(),
                                               QDir::Dirs | QDir::NoDotAndDotDot | QDir::NoSymLinks);
    m_work.start(0);
}

void WorkloadArchive::add(const Workload &workload)
{
    const FinishedWorkload measured = m_journal.measure(workload);
    m_ledger.add(measured);
    m_resting.add(measured);
    m_work.start(0);
}

/// False: there is nothing to do for now.
bool WorkloadArchive::step()
{
    if (!m_reported.isEmpty())
        review(m_reported.dequeue());
    else if (m_history)
        lookInHistory();
    else // only now: before all are known, nobody can say which is the oldest
        return removeSurplus() || moveRested();
    return true;
}

void WorkloadArchive::review(const QString &key)
{
    const auto entry = m_journal.load(key);
    if (!entry)
        emit warning(entry.error());
    else if (isSettled(entry->workload))
        add(entry->workload);
    else
        emit unsettled(*entry);
}

void WorkloadArchive::lookInHistory()
{
    if (!m_history->hasNext()) {
        m_history.reset();
        return;
    }
    m_history->next();
    const QString key = m_history->fileName();
    if (m_journal.paths().folder(key) != m_history->filePath()) {
        emit warning(
            {u"there is another one of that name; this one is left alone"_s, m_history->filePath(), {}});
        return;
    }
    const auto measured = m_journal.measure(key);
    if (measured)
        m_ledger.add(*measured);
    else
        emit warning(measured.error());
}

bool WorkloadArchive::removeSurplus()
{
    const auto oldest = m_ledger.surplus(m_limits, now());
    if (!oldest)
        return false;
    m_ledger.remove(oldest->key); // if it cannot be removed, the next start tries again
    m_resting.remove(oldest->key);
    m_scrapyard.removeWorkload(oldest->key);
    emit moved(oldest->key);
    return true;
}

bool WorkloadArchive::moveRested()
{
    static const RetentionLimits restOnly{.count = 0, .age = rest, .bytes = 0};
    const auto rested = m_resting.surplus(restOnly, now());
    if (!rested)
        return false;
    m_resting.remove(rested->key);
    if (const auto archived = m_journal.archive(rested->key))
        emit moved(rested->key);
    else
        emit warning(archived.error());
    return true;
}

QDateTime WorkloadArchive::now() const
{
    return m_begun.addMSecs(m_sinceBegun.elapsed());
}

} // namespace cloudnode
