#include "node/workloadresults.h"

#include "record/recordnames.h"
#include "workload/settled.h"
#include "workload/workloadpool.h"

#include <QFile>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

WorkloadResults::WorkloadResults(WorkloadPool &pool, ControlPlane &cloud, const FileStoreSettings &store,
                                 QObject *parent)
    : QObject(parent),
      m_pool(pool),
      m_uploads(cloud, {.store = store, .patience = {}})
{
    connect(&pool, &WorkloadPool::ended, this, &WorkloadResults::take);
    connect(&pool, &WorkloadPool::unshipped, this, &WorkloadResults::take);
    connect(&m_uploads, &ResultUploads::found, this, &WorkloadResults::filesFound);
    connect(&m_uploads, &ResultUploads::finished, this, &WorkloadResults::finish);
    connect(&m_uploads, &ResultUploads::gaveUp, this, &WorkloadResults::gaveUp);
    connect(&m_uploads, &ResultUploads::waiting, this, &WorkloadResults::waiting);
    connect(&m_uploads, &ResultUploads::changed, this, &WorkloadResults::changed);
    connect(&m_uploads, &ResultUploads::warning, this, [this](const QString &key, const Error &problem) {
        emit warning({u"results of workload %1: "_s.arg(key) + problem.what, problem.where, problem.remedy});
    });
}

void WorkloadResults::recover()
{
    for (const Workload *workload : m_pool.workloads())
        take(workload->key);
}

void WorkloadResults::take(const QString &key)
{
    const Workload *workload = m_pool.findByKey(key);
    if (!workload || !owesResults(*workload) || workload->progress.resultsDone)
        return;
    const QDateTime started = workload->start ? workload->start->at : workload->spec.receivedAt;
    m_uploads.add({
        .key = key,
        .workloadUuid = workload->spec.workloadUuid,
        .places = {.own = workload->ownResults,
                   .shared = workload->spec.resultsFolder,
                   .from = started,
                   .until = workload->end->at.value_or(QDateTime::currentDateTimeUtc())},
        .ledgerPath = m_pool.folderOf(key) + u'/' + QLatin1StringView(recordnames::uploadsFile),
    });
}

void WorkloadResults::finish(const QString &key, const UploadSummary &summary)
{
    const QString ledger = m_pool.folderOf(key) + u'/' + QLatin1StringView(recordnames::uploadsFile);
    if (const auto written = m_pool.markResultsDone(key); !written)
        emit warning(written.error());
    else
        QFile::remove(ledger); // it holds signed URLs, and nobody needs it any more
    emit finished(key, summary);
}

QList<NodeStatus::Upload> WorkloadResults::status() const
{
    QList<NodeStatus::Upload> uploads;
    for (const auto &[key, progress] : m_uploads.progress()) {
        const Workload *workload = m_pool.findByKey(key);
        if (!workload || uploads.size() == mostShown)
            continue;
        uploads.append({.requestId = workload->spec.requestId,
                        .key = key,
                        .workloadUuid = workload->spec.workloadUuid,
                        .files = static_cast<int>(progress.files),
                        .filesDone = static_cast<int>(progress.filesDone),
                        .bytes = progress.bytes,
                        .bytesDone = progress.bytesDone,
                        .problem = progress.problem});
    }
    return uploads;
}

} // namespace cloudnode
