#pragma once

#include "node/admission.h"
#include "wire/response.h"
#include "workload/workloadpool.h"

#include <QObject>

#include <functional>

namespace cloudnode {

class Canceller;
class Outbox;
class Pause;
class Reporter;

/// Does what each command from the broker asks, or says why not. Every command that can be answered is.
class CommandHandler : public QObject {
    Q_OBJECT

public:
    CommandHandler(WorkloadPool &pool, const Outbox &outbox, Reporter &reporter, Canceller &canceller,
                   const Pause &pause, Admission admission, std::function<JsonText()> status,
                   QObject *parent = nullptr);

    void handle(const QByteArray &payload);
    /// From now on nothing new is started or cancelled.
    void refuseFromNowOn() { m_stopping = true; }

signals:
    void answer(const cloudnode::Response &response);       ///< to be kept until delivered
    void statusAnswer(const cloudnode::Response &response); ///< worth nothing later
    void accepted(const QString &key);
    void refused(const cloudnode::RequestId &requestId, const cloudnode::Error &reason);
    /// The same, of a workload that the backend has named.
    void refusedWorkload(const QString &workloadUuid, const cloudnode::Error &reason);
    void warning(const cloudnode::Error &problem);

private:
    void perform(const RequestId &requestId, const StartWorkload &action);
    void perform(const RequestId &requestId, const AcknowledgeAssignment &action);
    void perform(const RequestId &requestId, const ReportStatus &action);
    void perform(const RequestId &requestId, const CancelWorkload &action);
    void refuse(const RequestId &requestId, const Error &reason, const QString &workloadUuid = {});

    WorkloadPool &m_pool;
    const Outbox &m_outbox;
    Reporter &m_reporter;
    Canceller &m_canceller;
    const Pause &m_pause;
    Admission m_admission;
    std::function<JsonText()> m_status;
    bool m_stopping = false;
};

} // namespace cloudnode
