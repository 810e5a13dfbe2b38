#include "results/resultuploads.h"

#include <algorithm>
#include <numeric>

namespace cloudnode {

ResultUploads::ResultUploads(ControlPlane &cloud, const Settings &settings, QObject *parent)
    : QObject(parent),
      m_cloud(cloud),
      m_patience(settings.patience),
      m_store(settings.store)
{
    m_disk.setMaxThreadCount(1);
}

ResultUploads::~ResultUploads()
{
    stop();
}

void ResultUploads::add(const UploadJob &job)
{
    if (m_stopping || has(job.key))
        return;
    m_all.push_back(std::make_unique<WorkloadUploads>(
        job, WorkloadUploads::Means{m_cloud, m_store, m_disk, m_stopping, m_patience}));
    follow(*m_all.back());
    m_all.back()->start();
}

bool ResultUploads::has(const QString &key) const
{
    return std::any_of(m_all.begin(), m_all.end(),
                       [&key](const auto &uploads) { return uploads->key() == key; });
}

void ResultUploads::follow(WorkloadUploads &uploads)
{
    const QString key = uploads.key();
    connect(&uploads, &WorkloadUploads::listed, this,
            [this, key](qsizetype files) { emit found(key, files); });
    connect(&uploads, &WorkloadUploads::gaveUp, this,
            [this, key](const Error &reason) { emit gaveUp(key, reason); });
    connect(&uploads, &WorkloadUploads::waiting, this,
            [this, key](const Error &reason) { emit waiting(key, reason); });
    connect(&uploads, &WorkloadUploads::warning, this,
            [this, key](const Error &problem) { emit warning(key, problem); });
    connect(&uploads, &WorkloadUploads::changed, this, &ResultUploads::changed);
    connect(&uploads, &WorkloadUploads::ready, this, &ResultUploads::fill);
    connect(&uploads, &WorkloadUploads::fileEnded, this, &ResultUploads::fill);
    connect(&uploads, &WorkloadUploads::finished, this, [this, key, &uploads](const UploadSummary &summary) {
        forget(uploads);
        emit finished(key, summary);
        emit changed();
    });
}

void ResultUploads::start()
{
    m_started = true;
    fill();
}

void ResultUploads::stop()
{
    m_started = false;
    m_stopping = true;
    m_disk.clear();
    m_disk.waitForDone(); // it looks at m_stopping before each file
    m_all.clear();
    m_store.breakOff();
}

void ResultUploads::retryNow()
{
    for (const auto &uploads : m_all)
        uploads->retryNow();
}

/// Each workload in turn: one with ten thousand files does not keep one with a single file waiting.
void ResultUploads::fill()
{
    size_t without = 0; // workloads in a row that have nothing to send
    while (m_started && underWay() < mostAtOnce && without < m_all.size()) {
        WorkloadUploads &uploads = *m_all[m_next++ % m_all.size()];
        if (!uploads.canSend()) {
            ++without;
            continue;
        }
        without = 0;
        uploads.sendNext();
    }
}

/// It is the one that calls.
void ResultUploads::forget(WorkloadUploads &uploads)
{
    const auto place = std::find_if(m_all.begin(), m_all.end(),
                                    [&uploads](const auto &one) { return one.get() == &uploads; });
    place->release()->deleteLater();
    m_all.erase(place);
}

qsizetype ResultUploads::underWay() const
{
    return std::accumulate(m_all.begin(), m_all.end(), qsizetype{0},
                           [](qsizetype sum, const auto &uploads) { return sum + uploads->underWay(); });
}

QList<std::pair<QString, UploadProgress>> ResultUploads::progress() const
{
    QList<std::pair<QString, UploadProgress>> all;
    for (const auto &uploads : m_all) {
        if (const UploadProgress progress = uploads->progress(); progress.files > 0)
            all.append({uploads->key(), progress});
    }
    return all;
}

} // namespace cloudnode
