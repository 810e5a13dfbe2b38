#pragma once

#include "platform/exitwatch.h"
#include "workload/workloadjournal.h"

#include <QTimer>

namespace cloudnode {

/// Follows one workload that has been started to its end: its supervisor first, and the workload itself if
/// the supervisor is gone without a word. An end that nobody saw is written down as such.
class WorkloadWatch final : public QObject {
    Q_OBJECT

public:
    WorkloadWatch(WorkloadJournal journal, QString key, StartRecord start);

    /// Its end, if it is over. If not, ended() follows when it is.
    std::optional<WorkloadEnd> look();
    /// The same of one that had no end on record just now. `supervisor`: tells of its supervisor's end, if
    /// that has to be watched no other way.
    std::optional<WorkloadEnd> attach(std::unique_ptr<ExitWatch> supervisor = nullptr);
    /// Its supervisor is gone, and it runs on: what that was told and had not done yet, nobody does.
    bool isOrphaned() const { return m_isOrphaned; }
    /// Its time limit is why it ends, should nobody see how.
    void noteTimedOut() { m_timedOut = true; }

signals:
    void orphaned(); ///< isOrphaned() has become true since look() and attach() have returned
    void ended(const cloudnode::WorkloadEnd &end); ///< once, unless it has been returned
    void warning(const cloudnode::Error &problem); ///< its end could not be read, or not be written down

private:
    void lookAgain();
    bool follow(const ProcessIdentity &process);
    void follow(std::unique_ptr<ExitWatch> exitWatch);
    std::optional<WorkloadEnd> readEnd();
    std::optional<WorkloadEnd> writeDownUnknown();

    WorkloadJournal m_journal;
    QString m_key;
    StartRecord m_start;
    std::unique_ptr<ExitWatch> m_exitWatch;
    bool m_isOrphaned = false;
    bool m_timedOut = false;
    QTimer m_retry;
};

} // namespace cloudnode
