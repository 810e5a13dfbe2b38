#include "node/workloadgauge.h"

#include "node/maskedtail.h"
#include "node/workloadlisting.h"
#include "workload/progressparser.h"

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace cloudnode {

namespace {

constexpr auto interval = 2s;
constexpr auto firstInterval = 500ms; // a percentage needs two looks
constexpr qint64 tailBytes = 8 * 1024;

} // namespace

WorkloadGauge::WorkloadGauge(const WorkloadPool &pool, SecretMask mask, QObject *parent)
    : QObject(parent),
      m_pool(pool),
      m_mask(std::move(mask))
{
    m_next.setSingleShot(true);
    connect(&m_next, &QTimer::timeout, this, [this] {
        if (!m_asked)
            return;
        look();
        m_next.start(interval);
        emit measured();
    });
}

void WorkloadGauge::ask()
{
    if (m_pool.activeCount() == 0)
        return;
    m_asked = true;
    if (m_next.isActive())
        return;
    look();
    m_asked = true;
    m_next.start(firstInterval);
}

void WorkloadGauge::look()
{
    m_asked = false;
    QList<ProcessTreeUsage::Tree> trees;
    QHash<QString, NodeStatus::Progress> known;
    for (const Workload *workload : m_pool.active()) {
        const StartRecord *start = m_pool.startOf(workload->key);
        if (!start)
            continue;
        trees << ProcessTreeUsage::Tree{workload->key, *start};
        const auto now = progressparser::lastIn(maskedTail(workload->stdoutPath, tailBytes, m_mask).text,
                                                maskedTail(workload->stderrPath, tailBytes, m_mask).text);
        if (now || m_progress.contains(workload->key))
            known.insert(workload->key, now.value_or(m_progress.value(workload->key)));
    }
    m_usage.sample(trees);
    m_progress = known;
}

NodeStatus::Active WorkloadGauge::measure(const Workload &workload) const
{
    const StartRecord *start = m_pool.startOf(workload.key);
    const auto elapsed = start ? start->workload.age() : std::chrono::milliseconds(0);
    NodeStatus::Active active{.pid = workload.start ? workload.start->pid : 0,
                              .type = workload.spec.type,
                              .requestId = workload.spec.requestId,
                              .runningFor = std::max(elapsed, std::chrono::milliseconds(0)),
                              .key = workload.key,
                              .stdoutPath = workload.stdoutPath,
                              .stderrPath = workload.stderrPath};
    if (workload.start)
        active.startedAt = workload.start->at;
    if (const auto usage = m_usage.of(workload.key)) {
        active.cpuPercent = usage->cpuPercent;
        active.memoryBytes = usage->memoryBytes;
    }
    if (m_progress.contains(workload.key))
        active.progress = m_progress.value(workload.key);
    if (const auto &cancel = workload.progress.cancel)
        active.cancel =
            NodeStatus::Cancel{cancel->signalName, cancel->at, workloadlisting::forceAt(workload, *cancel)};
    return active;
}

} // namespace cloudnode
