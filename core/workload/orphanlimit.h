#pragma once

#include "workload/launcher.h"
#include "workload/workloadregistry.h"

#include <QObject>

namespace cloudnode {

/// The time limit of workloads that have lost their supervisor, whose business it was: the node sees to it
/// then, and the next one goes on where this one ends.
class OrphanLimit : public QObject {
    Q_OBJECT

public:
    explicit OrphanLimit(Launcher &launcher);

    /// Of one that runs; of no effect while it has a supervisor, or if it has no limit. Ends with its watch.
    void enforce(PooledWorkload &pooled);

signals:
    void warning(const cloudnode::Error &problem); ///< it is tried again

private:
    void look(PooledWorkload &pooled, QTimer *timer);

    Launcher &m_launcher;
};

} // namespace cloudnode
