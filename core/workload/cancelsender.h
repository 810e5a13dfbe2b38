#pragma once

#include "workload/launcher.h"
#include "workload/progresswriter.h"

#include <QObject>

namespace cloudnode {

/// Cancels the workloads of a pool: what is asked for is written down first and sent then, at once or when
/// the workload runs, and again by the next node if this one dies in between. It is also sent again if the
/// supervisor dies, who may have had no time for it: better twice than never.
class CancelSender : public QObject {
    Q_OBJECT

public:
    CancelSender(Launcher &launcher, ProgressWriter &writer);

    /// Of one that is active. Errors: no signal to cancel with; the system refuses, and then nothing is on
    /// record.
    Result<void> cancel(PooledWorkload &pooled, const WorkloadCancel &request);
    /// Of one that runs: sends what has been asked for and not been sent, or been sent to a supervisor that
    /// is no more.
    void sendDue(PooledWorkload &pooled);

signals:
    void warning(const cloudnode::Error &problem);

private:
    Result<void> send(PooledWorkload &pooled);

    Launcher &m_launcher;
    ProgressWriter &m_writer;
};

} // namespace cloudnode
