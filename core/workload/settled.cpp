#include "workload/settled.h"

#include <QFileInfo>

namespace cloudnode {

bool isAnswered(const WorkloadProgress &progress)
{
    return progress.reported && (!progress.cancel || progress.cancelAnswered);
}

bool isShipped(const Workload &workload)
{
    return workload.progress.stdoutShipped >= QFileInfo(workload.stdoutPath).size() &&
           workload.progress.stderrShipped >= QFileInfo(workload.stderrPath).size();
}

bool isTold(const Workload &workload)
{
    return workload.spec.workloadUuid.isEmpty() || workload.progress.told == Told::End;
}

bool owesResults(const Workload &workload)
{
    const bool success = workload.end && workload.end->exitCode == 0 && !workload.end->timedOut;
    return success && !workload.progress.cancel && workload.spec.uploadResults &&
           !workload.spec.workloadUuid.isEmpty();
}

bool isSettled(const Workload &workload)
{
    return !workload.isActive() && isAnswered(workload.progress) && isShipped(workload) && isTold(workload) &&
           (workload.progress.resultsDone || !owesResults(workload));
}

} // namespace cloudnode
