#include "workload/workloadwatch.h"

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace cloudnode {

namespace {

WorkloadEnd unknownEnd(const QString &reason)
{
    return WorkloadEnd::because(WorkloadEnd::Outcome::Unknown, reason);
}

} // namespace

WorkloadWatch::WorkloadWatch(WorkloadJournal journal, QString key, StartRecord start)
    : m_journal(std::move(journal)),
      m_key(std::move(key)),
      m_start(std::move(start))
{
    m_retry.setSingleShot(true);
    connect(&m_retry, &QTimer::timeout, this, &WorkloadWatch::lookAgain);
}

std::optional<WorkloadEnd> WorkloadWatch::look()
{
    if (auto end = readEnd())
        return end;
    return attach();
}

std::optional<WorkloadEnd> WorkloadWatch::attach(std::unique_ptr<ExitWatch> supervisor)
{
    if (supervisor) {
        follow(std::move(supervisor));
        return std::nullopt;
    }
    if (follow(m_start.supervisor))
        return std::nullopt;
    m_isOrphaned = follow(m_start.workload);
    if (m_isOrphaned)
        return std::nullopt;
    // The supervisor writes just before it goes: between our first look and its going, perhaps.
    if (auto end = readEnd())
        return end;
    return writeDownUnknown();
}

void WorkloadWatch::lookAgain()
{
    const bool wasOrphaned = m_isOrphaned;
    if (const auto end = look())
        emit ended(*end);
    else if (m_isOrphaned && !wasOrphaned)
        emit orphaned();
}

bool WorkloadWatch::follow(const ProcessIdentity &process)
{
    if (!process.isAlive())
        return false;
    follow(ExitWatch::open(process));
    return true;
}

void WorkloadWatch::follow(std::unique_ptr<ExitWatch> exitWatch)
{
    if (m_exitWatch)
        m_exitWatch.release()->deleteLater(); // it may be the one that has just called
    m_exitWatch = std::move(exitWatch);
    connect(m_exitWatch.get(), &ExitWatch::ended, this, &WorkloadWatch::lookAgain);
}

std::optional<WorkloadEnd> WorkloadWatch::readEnd()
{
    auto end = m_journal.readEnd(m_key);
    if (end)
        return *end;
    emit warning(end.error());
    return unknownEnd(u"the record of its end is damaged: "_s + end.error().what);
}

std::optional<WorkloadEnd> WorkloadWatch::writeDownUnknown()
{
    WorkloadEnd end = unknownEnd(m_start.workload.isFromEarlierBoot()
                                     ? u"the computer was restarted while it ran"_s
                                     : u"its supervisor was killed, so that nobody saw how it ended"_s);
    end.timedOut = m_timedOut;
    const auto written = m_journal.writeEnd(m_key, end);
    if (!written)
        emit warning(written.error()); // the next node comes to the same conclusion
    if (written && !*written) {
        m_retry.start(100ms); // somebody holds the lock for a moment, or has just written the end
        return std::nullopt;
    }
    return end;
}

} // namespace cloudnode
