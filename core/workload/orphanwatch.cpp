#include "workload/orphanwatch.h"

#include <QTimer>

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace cloudnode {

namespace {

using Outcome = WorkloadEnd::Outcome;

constexpr auto lookPause = 1s;

WorkloadEnd endFor(OrphanWatch::Loss loss)
{
    if (loss == OrphanWatch::Loss::Start)
        return WorkloadEnd::because(Outcome::Unknown, u"the record of its start is damaged"_s);
    return WorkloadEnd::because(
        Outcome::NotStarted,
        u"the node ended before it could start it, and keeps no token of a workload; send the "
        u"command again under another request_id"_s);
}

} // namespace

OrphanWatch::OrphanWatch(WorkloadJournal journal, QObject *parent)
    : QObject(parent),
      m_journal(std::move(journal))
{
}

std::optional<WorkloadEnd> OrphanWatch::look(const QString &key, Loss loss)
{
    const WorkloadEnd end = endFor(loss);
    const auto written = m_journal.writeEnd(key, end);
    if (!written)
        emit warning(written.error());
    if (!written || *written)
        return end;
    const auto known = m_journal.readEnd(key);
    if (known && !*known)
        QTimer::singleShot(lookPause, this, [this, key, loss] { lookAgain(key, loss); });
    return known.value_or(end);
}

void OrphanWatch::lookAgain(const QString &key, Loss loss)
{
    const auto start = m_journal.readStart(key);
    if (start && *start)
        emit started(key, **start);
    else if (const auto end = look(key, loss))
        emit ended(key, *end);
}

} // namespace cloudnode
