#include "workload/progresswriter.h"

#include <chrono>
#include <utility>

using namespace std::chrono_literals;

namespace cloudnode {

namespace {

constexpr auto retryPause = 5s; // while the disk refuses

} // namespace

ProgressWriter::ProgressWriter(WorkloadJournal journal, const WorkloadRegistry &registry)
    : m_journal(std::move(journal)),
      m_registry(registry)
{
    m_retry.setSingleShot(true);
    m_retry.setInterval(retryPause);
    connect(&m_retry, &QTimer::timeout, this, &ProgressWriter::writeTheUnwritten);
}

Result<void> ProgressWriter::change(PooledWorkload &pooled, const Edit &edit)
{
    Workload &workload = pooled.workload;
    edit(workload.progress);
    return note(pooled, m_journal.writeProgress(workload.key, workload.progress).and_then([&] {
        return pooled.unwritten ? m_journal.writeShipped(workload.key, workload.progress) : Result<void>();
    }));
}

Result<void> ProgressWriter::setShipped(PooledWorkload &pooled, qint64 stdoutBytes, qint64 stderrBytes)
{
    WorkloadProgress &progress = pooled.workload.progress;
    progress.stdoutShipped = stdoutBytes;
    progress.stderrShipped = stderrBytes;
    auto written = m_journal.writeShipped(pooled.workload.key, progress);
    if (written && pooled.unwritten) // the rest of it is not there yet
        return written;
    return note(pooled, std::move(written));
}

void ProgressWriter::oweEnd(PooledWorkload &pooled)
{
    pooled.endUnwritten = true;
    m_retry.start();
}

Result<void> ProgressWriter::note(PooledWorkload &pooled, Result<void> result)
{
    pooled.unwritten = !result;
    if (result)
        emit written(&pooled);
    else
        m_retry.start();
    return result;
}

void ProgressWriter::writeTheUnwritten()
{
    for (const auto &pooled : m_registry.all()) {
        const Workload &workload = pooled->workload;
        if (pooled->endUnwritten)
            pooled->endUnwritten = !m_journal.writeEnd(workload.key, *workload.end);
        if (pooled->unwritten)
            (void)change(*pooled, [](WorkloadProgress &) {});
        if (pooled->endUnwritten || pooled->unwritten) {
            m_retry.start(); // the others would fare no better
            return;
        }
    }
}

} // namespace cloudnode
