#include "node/workloadresponses.h"

#include "node/maskedtail.h"

#include <cstring>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode::responses {

namespace {

using Status = WorkloadReport::Status;
using Outcome = WorkloadEnd::Outcome;

QString signalName(int number)
{
    const char *name = ::sigabbrev_np(number);
    return name ? u"SIG"_s + QString::fromLatin1(name) : u"signal %1"_s.arg(number);
}

Status statusOf(const Workload &workload)
{
    if (!workload.end)
        return Status::Running;
    if (workload.progress.cancel)
        return Status::Cancelled;
    if (workload.end->outcome == Outcome::Unknown)
        return Status::Lost;
    const bool success = workload.end->exitCode == 0 && !workload.end->timedOut;
    return success ? Status::Completed : Status::Failed;
}

/// A process that is refused memory ends as it likes. Only this is seen from outside: it has used most of it.
QString suspicionOf(const Workload &workload)
{
    const qint64 limitKiB = qint64{workload.spec.limits.memoryMiB} * 1024;
    if (limitKiB == 0 || workload.end->peakMemoryKiB < limitKiB / 2)
        return {};
    return u"; it may have needed more than the %1 MiB of memory each of its processes may use "
           u"(limits.%2.memory_mb)"_s.arg(workload.spec.limits.memoryMiB)
               .arg(toString(workload.spec.type));
}

} // namespace

WorkloadReport report(const Workload &workload)
{
    WorkloadReport result{.type = workload.spec.type, .status = statusOf(workload)};
    if (workload.start) {
        result.pid = workload.start->pid;
        result.startedAt = workload.start->at;
    }
    if (!workload.end)
        return result;
    result.endedAt = workload.end->at;
    result.duration = workload.end->duration;
    result.exitCode = workload.end->exitCode;
    if (workload.end->signal) {
        result.exitCode = -*workload.end->signal;
        result.signalName = signalName(*workload.end->signal);
    }
    return result;
}

QString summary(const Workload &workload)
{
    const QString type = toString(workload.spec.type);
    const WorkloadEnd &end = *workload.end;
    if (workload.progress.cancel)
        return u"The %1 was cancelled by %2"_s.arg(type, workload.progress.cancel->signalName);
    if (end.timedOut)
        return u"The %1 was stopped after its time limit of %2 s"_s.arg(type).arg(
            workload.spec.timeout.count());
    if (end.memoryKills > 0)
        return u"The %1 was killed because it needed more than the %2 MiB of memory it may use "
               u"(limits.%1.memory_mb)"_s.arg(type)
                   .arg(workload.spec.limits.memoryMiB);
    switch (end.outcome) {
    case Outcome::Exited:
        return u"The %1 failed with exit code %2"_s.arg(type).arg(end.exitCode.value_or(-1)) +
               suspicionOf(workload);
    case Outcome::Signaled:
        return u"The %1 was ended by %2"_s.arg(type, signalName(end.signal.value_or(0))) +
               suspicionOf(workload);
    case Outcome::NotStarted:
        return u"Failed to start %1: %2"_s.arg(type, end.reason);
    case Outcome::Unknown:
        return u"The end of the %1 was not seen, so its exit code is unknown: %2"_s.arg(type, end.reason);
    }
    Q_UNREACHABLE();
}

Response acknowledgement(const Workload &workload)
{
    const QString type = toString(workload.spec.type);
    // Said of the moment it started, even if it has ended by the time this is sent.
    Workload then = workload;
    then.end.reset();
    Response response = Response::success(workload.spec.requestId,
                                          JsonText()
                                              .add("message", u"%1 started in background"_s.arg(type))
                                              .add("pid", workload.start ? workload.start->pid : 0)
                                              .add("status", u"running"_s)
                                              .add("workload_type", type));
    response.workload = report(then);
    return response;
}

Response final(const Workload &workload, const SecretMask &mask)
{
    const LogTail::Tail out = maskedTail(workload.stdoutPath, tailBytes, mask);
    WorkloadReport about = report(workload);
    about.outputTruncated = out.truncated;

    Response response = Response::success(workload.spec.requestId, QString::fromUtf8(out.text));
    if (about.status != Status::Completed) {
        const LogTail::Tail err = maskedTail(workload.stderrPath, tailBytes, mask);
        about.outputTruncated = out.truncated || err.truncated;
        response.ok = false;
        response.error = QString::fromUtf8(mask.mask(summary(workload).toUtf8()));
        if (!err.text.trimmed().isEmpty())
            response.error += u'\n' + QString::fromUtf8(err.text);
    }
    if (workload.progress.cancel)
        response.output = JsonText()
                              .add("status", u"cancelled"_s)
                              .add("signal", workload.progress.cancel->signalName)
                              .add("pid", about.pid);
    response.workload = about;
    return response;
}

Response cancelled(const Workload &workload, const WorkloadCancel &request)
{
    Response response = Response::success(
        request.requestId, JsonText()
                               .add("message", u"Workload cancelled with "_s + request.signalName)
                               .add("pid", workload.start ? workload.start->pid : 0)
                               .add("workload_type", toString(workload.spec.type))
                               .add("workload_request_id", workload.spec.requestId.toJson())
                               .add("signal", request.signalName));
    response.workload = report(workload);
    return response;
}

} // namespace cloudnode::responses
