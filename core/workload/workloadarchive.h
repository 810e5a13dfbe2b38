#pragma once

#include "workload/retention.h"
#include "workload/scrapyard.h"
#include "workload/workloadjournal.h"

#include <QDirIterator>
#include <QElapsedTimer>
#include <QObject>
#include <QQueue>
#include <QTimer>

#include <memory>

namespace cloudnode {

/// Keeps house among workloads that are settled: moves those that have been so for a while into the history,
/// where a start of the node need not look at them, and removes what the limits no longer allow. It takes a
/// few milliseconds of the event loop at a time, however much there is to do.
class WorkloadArchive : public QObject {
    Q_OBJECT

public:
    static constexpr std::chrono::minutes rest{10}; ///< between the end of a workload and its move

    WorkloadArchive(WorkloadJournal journal, const RetentionLimits &limits, QObject *parent = nullptr);

    /// Looks at `reported`, which nobody has read yet, and at all of the history; removes `scraps`.
    void begin(const QStringList &reported, const QStringList &scraps);
    /// This one is settled.
    void add(const Workload &workload);
    /// False while what begin() has been given is still being read.
    bool knowsAll() const { return m_reported.isEmpty() && !m_history; }
    /// Keys of settled workloads, the latest first. Not all of them before it knowsAll().
    QStringList latest(qsizetype most) const { return m_ledger.latest(most); }

signals:
    /// One of `reported` is not settled: its output has not been shipped, or its results not uploaded.
    void unsettled(const cloudnode::WorkloadJournal::Entry &entry);
    void moved(const QString &key); ///< into the history, or away
    void warning(const cloudnode::Error &problem);

private:
    bool step();
    void review(const QString &key);
    void lookInHistory();
    bool removeSurplus();
    bool moveRested();
    QDateTime now() const;

    WorkloadJournal m_journal;
    RetentionLimits m_limits;
    Scrapyard m_scrapyard;
    RetentionLedger m_ledger;
    QQueue<QString> m_reported;
    std::unique_ptr<QDirIterator> m_history; ///< while begin() has not seen all of it
    RetentionLedger m_resting;               ///< those that have not been moved yet
    QDateTime m_begun; ///< the clock is read once: if it jumps, nothing is removed as too old
    QElapsedTimer m_sinceBegun;
    QTimer m_work;
};

} // namespace cloudnode
