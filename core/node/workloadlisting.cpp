#include "node/workloadlisting.h"

#include "node/workloadresponses.h"

using namespace Qt::Literals::StringLiterals;

namespace cloudnode::workloadlisting {

JsonText toJson(const Workload &workload)
{
    return responses::report(workload)
        .facts()
        .add("request_id", workload.spec.requestId.toJson())
        .add("key", workload.key)
        .add("received_at", workload.spec.receivedAt)
        .add("stdout_path", workload.stdoutPath)
        .add("stderr_path", workload.stderrPath)
        .add("reported", workload.progress.reported);
}

QDateTime forceAt(const Workload &workload, const WorkloadCancel &cancel)
{
    return cancel.signalName == u"SIGKILL" ? cancel.at : cancel.at.addSecs(workload.spec.cancelGrace.count());
}

} // namespace cloudnode::workloadlisting
