#include "node/canceller.h"

#include "node/workloadresponses.h"

#include <algorithm>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

namespace {

constexpr qsizetype maxWaiting = 100; // askers for the end of one workload who are told when it is there

const Workload *targetOf(const CancelWorkload &command, const WorkloadPool &pool)
{
    if (const qint64 *pid = std::get_if<qint64>(&command.target))
        return pool.findByPid(*pid);
    const auto id = RequestId::parse(std::get<QString>(command.target));
    return id ? pool.find(*id) : nullptr;
}

QString nothingToCancel(const CancelWorkload &command)
{
    const qint64 *pid = std::get_if<qint64>(&command.target);
    const QString whom =
        pid ? u"PID %1"_s.arg(*pid) : u"request_id %1"_s.arg(std::get<QString>(command.target));
    return u"No active workload found with "_s + whom;
}

/// This very request was the one that ended it.
bool hasEndedIt(const Workload &workload, const RequestId &requestId)
{
    const auto &cancel = workload.progress.cancel;
    return !workload.isActive() && cancel && !cancel->byOwner && cancel->requestId == requestId;
}

Response alreadyGone(const RequestId &requestId, const Workload &workload)
{
    Response response = Response::success(
        requestId, JsonText()
                       .add("message", u"Workload has already terminated and no longer exists"_s)
                       .add("pid", workload.start ? workload.start->pid : 0)
                       .add("workload_type", toString(workload.spec.type))
                       .add("workload_request_id", workload.spec.requestId.toJson()));
    response.workload = responses::report(workload);
    return response;
}

} // namespace

Canceller::Canceller(WorkloadPool &pool, QObject *parent) : QObject(parent), m_pool(pool)
{
    connect(&pool, &WorkloadPool::ended, this, &Canceller::answerAll);
}

void Canceller::cancel(const RequestId &requestId, const CancelWorkload &command)
{
    const Workload *workload = targetOf(command, m_pool);
    if (!workload)
        emit answer(Response::failure(requestId, nothingToCancel(command)));
    else if (hasEndedIt(*workload, requestId)) // and now we are asked once more
        emit answer(responses::cancelled(*workload, *workload->progress.cancel));
    else if (!workload->isActive())
        emit answer(alreadyGone(requestId, *workload));
    else
        stop(*workload, {requestId, command.signalName, QDateTime::currentDateTimeUtc()});
}

void Canceller::stop(const Workload &workload, const WorkloadCancel &request)
{
    const QString key = workload.key;
    const auto waiting = m_waiting.values(key);
    const bool again = std::any_of(waiting.cbegin(), waiting.cend(), [&](const WorkloadCancel &other) {
        return other.requestId == request.requestId;
    });
    if (again)
        return;
    const auto cancelled = waiting.size() < maxWaiting
                               ? m_pool.cancel(key, request)
                               : Result<void>(fail(u"too many others already ask for the same"_s));
    if (cancelled) {
        m_waiting.insert(key, request);
        emit signalled(key, request);
        return;
    }
    emit answer(Response::failure(request.requestId, u"Failed to cancel: "_s + cancelled.error().text()));
}

Result<QString> Canceller::cancelForOwner(const CancelWorkload &command)
{
    const Workload *workload = targetOf(command, m_pool);
    if (!workload || !workload->isActive())
        return fail(nothingToCancel(command));
    const QString key = workload->key;
    WorkloadCancel request{RequestId::generate(), command.signalName, QDateTime::currentDateTimeUtc()};
    request.byOwner = true;
    if (const auto cancelled = m_pool.cancel(key, request); !cancelled)
        return tl::make_unexpected(cancelled.error());
    emit signalled(key, request);
    return key;
}

void Canceller::answerAll(const QString &key)
{
    const Workload *workload = m_pool.findByKey(key);
    if (!workload)
        return;
    QList<WorkloadCancel> requests = m_waiting.values(key);
    m_waiting.remove(key);
    std::reverse(requests.begin(), requests.end()); // values() has the newest first
    const auto &recorded = workload->progress.cancel;
    for (const WorkloadCancel &request : requests) {
        if (!recorded || !(recorded->requestId == request.requestId))
            emit answer(responses::cancelled(*workload, request));
    }
    answerRecorded(*workload);
}

void Canceller::answerRecorded(const Workload &workload)
{
    if (!workload.progress.cancel || workload.progress.cancelAnswered)
        return;
    if (!workload.progress.cancel->byOwner)
        emit answer(responses::cancelled(workload, *workload.progress.cancel));
    if (const auto marked = m_pool.markCancelAnswered(workload.key); !marked)
        emit warning(marked.error());
}

void Canceller::recover()
{
    for (const Workload *workload : m_pool.workloads()) {
        if (workload->end)
            answerRecorded(*workload);
    }
}

} // namespace cloudnode
