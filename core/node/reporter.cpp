#include "node/reporter.h"

#include "node/responsesender.h"
#include "node/workloadresponses.h"

#include <algorithm>

namespace cloudnode {

Reporter::Reporter(WorkloadPool &pool, ResponseSender &sender, SecretMask mask,
                   std::function<Instance()> self, QObject *parent)
    : QObject(parent),
      m_pool(pool),
      m_sender(sender),
      m_mask(std::move(mask)),
      m_self(std::move(self))
{
    connect(&pool, &WorkloadPool::started, this, &Reporter::acknowledge);
    connect(&pool, &WorkloadPool::ended, this, &Reporter::reportEnd);
}

void Reporter::recover()
{
    for (const Workload *workload : m_pool.workloads()) {
        if (workload->start && !workload->progress.acked)
            acknowledge(workload->key);
        if (workload->end && !workload->progress.reported)
            reportEnd(workload->key);
    }
}

void Reporter::repeat(const Workload &workload)
{
    const QString key = workload.key;
    if (workload.end)
        m_sender.send([this, key] { return composeFinal(key); }, {});
    else if (workload.start)
        m_sender.send([this, key] { return composeAcknowledgement(key); }, {});
    // One that is about to start acknowledges itself.
}

int Reporter::unreported() const
{
    const auto workloads = m_pool.workloads();
    return static_cast<int>(std::count_if(workloads.cbegin(), workloads.cend(), [](const Workload *workload) {
        return workload->end && !workload->progress.reported;
    }));
}

void Reporter::acknowledge(const QString &key)
{
    m_sender.send([this, key] { return composeAcknowledgement(key); },
                  [this, key] {
                      note(m_pool.markAcked(key));
                      emit acknowledged(key);
                  });
}

void Reporter::reportEnd(const QString &key)
{
    m_sender.send([this, key] { return composeFinal(key); },
                  [this, key] {
                      note(m_pool.markReported(key));
                      emit reported(key);
                  });
}

void Reporter::note(const Result<void> &written)
{
    if (!written)
        emit warning(written.error());
}

QByteArray Reporter::composeAcknowledgement(const QString &key)
{
    emit sending(key, false);
    const Workload *workload = m_pool.findByKey(key);
    return workload ? responses::acknowledgement(*workload).toJson(m_self()) : QByteArray();
}

QByteArray Reporter::composeFinal(const QString &key)
{
    emit sending(key, true);
    const Workload *workload = m_pool.findByKey(key);
    return workload ? responses::final(*workload, m_mask).toJson(m_self()) : QByteArray();
}

} // namespace cloudnode
