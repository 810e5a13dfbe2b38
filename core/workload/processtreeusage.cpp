#include "workload/processtreeusage.h"

#include "platform/processtree.h"

#include <algorithm>

namespace cloudnode {

namespace {

/// Those of the two that still are the ones on record.
std::vector<pid_t> livingRoots(const StartRecord &start, const std::vector<ProcessStat> &all)
{
    std::vector<pid_t> roots;
    for (const ProcessIdentity &root : {start.supervisor, start.workload}) {
        const auto isIt = [&](const ProcessStat &p) {
            return p.pid == root.pid && p.startTicks == root.startTicks;
        };
        if (std::any_of(all.begin(), all.end(), isIt))
            roots.push_back(static_cast<pid_t>(root.pid));
    }
    return roots;
}

double cpuPercent(quint64 ticks, qint64 nanoseconds)
{
    static const auto ticksPerSecond = static_cast<double>(clockTicksPerSecond());
    const double seconds = static_cast<double>(nanoseconds) / 1e9;
    return 100 * (static_cast<double>(ticks) / ticksPerSecond) / seconds;
}

} // namespace

void ProcessTreeUsage::sample(const QList<Tree> &trees)
{
    if (!m_clock.isValid())
        m_clock.start();
    const qint64 now = m_clock.nsecsElapsed();
    const std::vector<ProcessStat> all = trees.isEmpty() ? std::vector<ProcessStat>() : everyProcess();
    const qint64 pageSize = memoryPageBytes();
    QHash<QString, Sample> samples;
    for (const Tree &tree : trees) {
        const std::vector<pid_t> roots = livingRoots(tree.start, all);
        if (roots.empty())
            continue;
        Sample sample;
        sample.at = now;
        for (const ProcessStat &process : familyOf(roots, all)) {
            sample.cpuTicks += process.cpuTicks;
            sample.usage.memoryBytes += process.residentPages * pageSize;
        }
        const auto before = m_samples.constFind(tree.key);
        if (before != m_samples.constEnd() && now > before->at) {
            // The time of a process moves to its parent when it ends; where nobody waits for it, it is lost.
            const quint64 ticks = std::max(sample.cpuTicks, before->cpuTicks) - before->cpuTicks;
            sample.usage.cpuPercent = cpuPercent(ticks, now - before->at);
        }
        samples.insert(tree.key, sample);
    }
    m_samples = samples;
}

std::optional<ProcessTreeUsage::Usage> ProcessTreeUsage::of(const QString &key) const
{
    const auto found = m_samples.constFind(key);
    return found == m_samples.constEnd() ? std::nullopt : std::optional(found->usage);
}

} // namespace cloudnode
