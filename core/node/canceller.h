#pragma once

#include "wire/command.h"
#include "wire/response.h"
#include "workload/workloadpool.h"

#include <QHash>
#include <QObject>

namespace cloudnode {

/// Carries out `cancel` commands and answers each of them: at once where nothing is to be stopped, otherwise
/// when the workload's processes are gone.
class Canceller : public QObject {
    Q_OBJECT

public:
    explicit Canceller(WorkloadPool &pool, QObject *parent = nullptr);

    void cancel(const RequestId &requestId, const CancelWorkload &command);
    /// The same for somebody at this computer, whom no response is sent. The key of the workload that has
    /// been told. Errors: nothing active goes by that name; the system refuses.
    Result<QString> cancelForOwner(const CancelWorkload &command);
    /// Answers what an earlier run has carried out but not answered.
    void recover();

signals:
    void answer(const cloudnode::Response &response);
    /// A workload has been told to end, or will be as soon as it runs.
    void signalled(const QString &key, const cloudnode::WorkloadCancel &request);
    void warning(const cloudnode::Error &problem);

private:
    void stop(const Workload &workload, const WorkloadCancel &request);
    void answerAll(const QString &key);
    void answerRecorded(const Workload &workload);

    WorkloadPool &m_pool;
    QMultiHash<QString, WorkloadCancel> m_waiting; ///< by workload; the recorded one included
};

} // namespace cloudnode
