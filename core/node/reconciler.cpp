#include "node/reconciler.h"

#include "node/backendreporter.h"
#include "workload/workloadpool.h"

#include <utility>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

Reconciler::Reconciler(WorkloadPool &pool, ControlPlane &cloud, BackendReporter &reporter, QObject *parent)
    : QObject(parent),
      m_pool(pool),
      m_cloud(cloud),
      m_reporter(reporter)
{
}

void Reconciler::recover()
{
    for (const Workload *workload : m_pool.active()) {
        if (workload->start && workload->progress.told != Told::Nothing && !workload->progress.cancel)
            m_recovered << workload->key;
    }
}

void Reconciler::start(const Instance &instance)
{
    for (const QString &key : std::exchange(m_recovered, {})) {
        const Workload *workload = m_pool.findByKey(key);
        if (!workload || !workload->isActive())
            continue;
        m_cloud.fetchWorkload(workload->spec.workloadUuid, this,
                              [this, key, instance](const CloudResult<CloudWorkload> &answer) {
                                  judge(key, instance, answer);
                              });
    }
}

void Reconciler::judge(const QString &key, const Instance &instance, const CloudResult<CloudWorkload> &answer)
{
    if (!answer) {
        if (answer.error().kind == CloudError::Kind::NotFound)
            end(key, u"the backend does not know it any more"_s);
        return;
    }
    if (answer->isOver())
        end(key, u"the backend calls it %1"_s.arg(answer->status));
    else if (!answer->instanceUuid.isEmpty() && answer->instanceUuid != instance.uuid)
        end(key, u"the backend has given it to another node, %1"_s.arg(answer->instanceUuid));
}

void Reconciler::end(const QString &key, const QString &why)
{
    const Workload *workload = m_pool.findByKey(key);
    if (!workload || !workload->isActive())
        return;
    emit ending(key, why);
    m_reporter.forget(key); // what the backend believes is not ours to change
    const WorkloadCancel request{.requestId = RequestId::generate(),
                                 .signalName = u"SIGTERM"_s,
                                 .at = QDateTime::currentDateTimeUtc(),
                                 .byOwner = true};
    if (const auto cancelled = m_pool.cancel(key, request); !cancelled)
        emit warning(cancelled.error());
}

} // namespace cloudnode
