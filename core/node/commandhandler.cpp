#include "node/commandhandler.h"

#include "node/canceller.h"
#include "node/outbox.h"
#include "node/pause.h"
#include "node/reporter.h"

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

CommandHandler::CommandHandler(WorkloadPool &pool, const Outbox &outbox, Reporter &reporter,
                               Canceller &canceller, const Pause &pause, Admission admission,
                               std::function<JsonText()> status, QObject *parent)
    : QObject(parent),
      m_pool(pool),
      m_outbox(outbox),
      m_reporter(reporter),
      m_canceller(canceller),
      m_pause(pause),
      m_admission(std::move(admission)),
      m_status(std::move(status))
{
}

void CommandHandler::handle(const QByteArray &payload)
{
    const auto command = parseCommand(payload);
    if (command && m_outbox.holdsAnswerTo(command->requestId))
        return;
    if (command) {
        std::visit([&](const auto &action) { perform(command->requestId, action); }, command->action);
        return;
    }
    const CommandRefusal &refusal = command.error();
    if (refusal.requestId)
        refuse(*refusal.requestId, refusal.error);
    else
        emit warning({u"ignored a message on the command topic: "_s + refusal.error.what, {}, {}});
}

void CommandHandler::perform(const RequestId &requestId, const StartWorkload &action)
{
    if (const Workload *known = m_pool.find(requestId)) {
        m_reporter.repeat(*known);
        return;
    }
    const auto spec = m_admission.admit(requestId, action, m_pool.paramsPath(action.type, requestId),
                                        {m_pool.activeCount(), m_stopping, m_pause.isActive()});
    if (!spec) {
        refuse(requestId, spec.error(), action.workloadUuid);
        return;
    }
    const auto workload = m_pool.accept(*spec, action.token);
    if (!workload) {
        refuse(requestId,
               {u"Failed to start %1: %2"_s.arg(toString(action.type), workload.error().what),
                workload.error().where, workload.error().remedy},
               action.workloadUuid);
        return;
    }
    emit accepted(workload->key);
    m_pool.launch(workload->key);
}

void CommandHandler::perform(const RequestId &requestId, const AcknowledgeAssignment &action)
{
    emit answer(Response::success(
        requestId, u"Workload %1 acknowledged; it names no known command_type, so nothing was started"_s.arg(
                       action.workloadUuid)));
}

void CommandHandler::perform(const RequestId &requestId, const ReportStatus &)
{
    emit statusAnswer(Response::success(requestId, m_status()));
}

void CommandHandler::perform(const RequestId &requestId, const CancelWorkload &action)
{
    if (m_stopping)
        refuse(requestId, {u"The node is shutting down and takes no new commands"_s, {}, {}});
    else
        m_canceller.cancel(requestId, action);
}

void CommandHandler::refuse(const RequestId &requestId, const Error &reason, const QString &workloadUuid)
{
    emit refused(requestId, reason);
    if (!workloadUuid.isEmpty())
        emit refusedWorkload(workloadUuid, reason);
    // `where` names a key of the sender's own message: the sentence says it already.
    emit answer(Response::failure(requestId, Error{reason.what, {}, reason.remedy}.text()));
}

} // namespace cloudnode
