#pragma once

#include "workload/workloadjournal.h"

#include <QObject>

#include <optional>

namespace cloudnode {

/// Follows workloads that an earlier node has left in a state in which nobody can say whether somebody is at
/// work on them, until nobody is. Then their end is written down.
class OrphanWatch : public QObject {
    Q_OBJECT

public:
    enum class Loss {
        Start, ///< the record of its start is damaged: it cannot be watched, but its supervisor holds the
               ///< lock
        Token, ///< its own token has died with the node that was to start it; a runner may yet have had it
    };

    explicit OrphanWatch(WorkloadJournal journal, QObject *parent = nullptr);

    /// Its end, if nobody is at work on it: the one on record, or the one that follows from the loss. Else
    /// started() or ended() follows.
    std::optional<WorkloadEnd> look(const QString &key, Loss loss);

signals:
    void started(const QString &key, const cloudnode::StartRecord &start); ///< it can be watched after all
    void ended(const QString &key, const cloudnode::WorkloadEnd &end);
    void warning(const cloudnode::Error &problem);

private:
    void lookAgain(const QString &key, Loss loss);

    WorkloadJournal m_journal;
};

} // namespace cloudnode
