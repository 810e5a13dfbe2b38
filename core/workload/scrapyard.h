#pragma once

#include "workload/workloadjournal.h"

#include <QObject>
#include <QThreadPool>

#include <atomic>
#include <functional>

namespace cloudnode {

/// Removes workloads and folders with all they hold, one after the other, on a thread of its own: a log of
/// many gigabytes keeps a file system busy for seconds. What is left when this object goes is left on the
/// disk.
class Scrapyard : public QObject {
    Q_OBJECT

public:
    explicit Scrapyard(WorkloadJournal journal, QObject *parent = nullptr);
    ~Scrapyard() override; ///< waits for what is under work, not for the rest

    void removeWorkload(const QString &key);
    void removeFolder(const QString &path);

signals:
    void warning(const cloudnode::Error &problem); ///< something cannot be removed

private:
    void add(std::function<Result<void>()> removal);

    WorkloadJournal m_journal;
    QThreadPool m_thread;
    std::atomic<bool> m_stopping = false;
};

} // namespace cloudnode
