#include "node/workloadlisting.h"

#include "base/isotime.h"
#include "node/workloadresponses.h"

#include <QJsonDocument>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode::workloadlisting {

QJsonObject toJson(const Workload &workload)
{
    QJsonObject object = QJsonDocument::fromJson(responses::report(workload).toJson().object()).object();
    object.remove(u"success"_s);
    object.remove(u"output_truncated"_s);
    object.insert(u"request_id"_s, workload.spec.requestId.toJson());
    object.insert(u"key"_s, workload.key);
    object.insert(u"received_at"_s, isoTime(workload.spec.receivedAt));
    object.insert(u"stdout_path"_s, workload.stdoutPath);
    object.insert(u"stderr_path"_s, workload.stderrPath);
    object.insert(u"reported"_s, workload.progress.reported);
    return object;
}

QDateTime forceAt(const Workload &workload, const WorkloadCancel &cancel)
{
    return cancel.signalName == u"SIGKILL" ? cancel.at : cancel.at.addSecs(workload.spec.cancelGrace.count());
}

} // namespace cloudnode::workloadlisting
