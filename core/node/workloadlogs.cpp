#include "node/workloadlogs.h"

#include "node/logshipper.h"
#include "workload/settled.h"
#include "workload/workloadpool.h"

namespace cloudnode {

WorkloadLogs::WorkloadLogs(WorkloadPool &pool, LogShipper &shipper, QObject *parent)
    : QObject(parent),
      m_pool(pool),
      m_shipper(shipper)
{
    connect(&pool, &WorkloadPool::started, this, &WorkloadLogs::follow);
    connect(&pool, &WorkloadPool::ended, this, [this](const QString &key) {
        finish(key);
        noteIfDone(key);
    });
    connect(&pool, &WorkloadPool::unshipped, this, [this](const QString &key) {
        follow(key);
        finish(key);
    });
}

void WorkloadLogs::recover()
{
    for (const Workload *workload : m_pool.workloads()) {
        const bool runs = workload->isActive() && workload->start;
        if (runs || !isShipped(*workload))
            follow(workload->key);
        if (!workload->isActive())
            finish(workload->key);
    }
}

void WorkloadLogs::follow(const QString &key)
{
    const Workload *workload = m_pool.findByKey(key);
    if (!workload)
        return;
    followStream(*workload, LogStream::Stdout);
    followStream(*workload, LogStream::Stderr);
}

void WorkloadLogs::followStream(const Workload &workload, LogStream stream)
{
    const bool out = stream == LogStream::Stdout;
    m_shipper.follow({
        .path = out ? workload.stdoutPath : workload.stderrPath,
        .stream = stream,
        .offset = out ? workload.progress.stdoutShipped : workload.progress.stderrShipped,
        .shipped = [this, key = workload.key, stream](qint64 offset) { noteShipped(key, stream, offset); },
    });
}

void WorkloadLogs::noteShipped(const QString &key, LogStream stream, qint64 offset)
{
    const Workload *workload = m_pool.findByKey(key);
    if (!workload)
        return;
    const bool out = stream == LogStream::Stdout;
    const auto written = m_pool.setShipped(key, out ? offset : workload->progress.stdoutShipped,
                                           out ? workload->progress.stderrShipped : offset);
    if (!written)
        emit warning(written.error());
    noteIfDone(key);
}

void WorkloadLogs::noteIfDone(const QString &key)
{
    const Workload *workload = m_pool.findByKey(key);
    if (workload && !workload->isActive() && isShipped(*workload))
        emit shipped(key);
}

void WorkloadLogs::finish(const QString &key)
{
    const Workload *workload = m_pool.findByKey(key);
    if (!workload)
        return;
    m_shipper.finish({workload->stdoutPath, workload->stderrPath});
}

} // namespace cloudnode
