#include "node/backendreporter.h"

#include "node/workloadupdates.h"
#include "workload/settled.h"
#include "workload/workloadpool.h"

#include <algorithm>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

using Status = WorkloadUpdate::Status;

namespace {

Told stageOf(Status status)
{
    switch (status) {
    case Status::Running:
        return Told::Running;
    case Status::Finalizing:
        return Told::Finalizing;
    case Status::Completed:
    case Status::Failed:
    case Status::Cancelled:
        return Told::End;
    }
    Q_UNREACHABLE();
}

/// Whether saying it again could lead to anything else.
bool isAnswer(const CloudError &error)
{
    return error.kind == CloudError::Kind::Refused || error.kind == CloudError::Kind::NotFound;
}

} // namespace

BackendReporter::BackendReporter(WorkloadPool &pool, ControlPlane &cloud, const QString &refusalsFolder,
                                 SecretMask mask, std::function<Instance()> instance, const Backoff &backoff,
                                 QObject *parent)
    : QObject(parent),
      m_pool(pool),
      m_cloud(cloud),
      m_refused(refusalsFolder),
      m_mask(std::move(mask)),
      m_instance(std::move(instance)),
      m_backoff(backoff)
{
    connect(&pool, &WorkloadPool::started, this, &BackendReporter::take);
    connect(&pool, &WorkloadPool::ended, this, &BackendReporter::take);
    connect(&pool, &WorkloadPool::unshipped, this, &BackendReporter::take);
}

Result<void> BackendReporter::recover()
{
    if (auto recovered = m_refused.recover(); !recovered)
        return recovered;
    for (const Workload *workload : m_pool.workloads())
        take(workload->key);
    for (const QString &uuid : m_refused.all().keys())
        add(uuid, {});
    return {};
}

void BackendReporter::start()
{
    m_started = true;
    speak();
}

void BackendReporter::stop()
{
    m_started = false;
}

void BackendReporter::take(const QString &key)
{
    const Workload *workload = m_pool.findByKey(key);
    if (!workload)
        return;
    m_refused.remove(workload->spec.workloadUuid); // it was taken after all
    if (!isTold(*workload) && takesOver(*workload))
        add(workload->spec.workloadUuid, key);
}

/// Of several requests for one workload it takes over from the earlier ones: of those that are over, nothing
/// more is said. False if a later one has taken over from it.
bool BackendReporter::takesOver(const Workload &workload)
{
    QList<const Workload *> all = m_pool.findByUuid(workload.spec.workloadUuid);
    std::sort(all.begin(), all.end(),
              [](const Workload *a, const Workload *b) { return a->spec.receivedAt < b->spec.receivedAt; });
    const Workload *latest = all.isEmpty() ? &workload : all.takeLast();
    for (const Workload *earlier : std::as_const(all)) {
        if (!earlier->isActive() && !isTold(*earlier))
            markTold(earlier->key, Told::End);
    }
    return latest->spec.receivedAt == workload.spec.receivedAt;
}

void BackendReporter::markTold(const QString &key, Told stage)
{
    if (const auto marked = m_pool.markTold(key, stage); !marked)
        emit warning(marked.error());
}

void BackendReporter::noteResultFiles(const QString &key, qsizetype count)
{
    if (count > 0)
        m_fileCounts.insert(key, static_cast<int>(count));
    take(key);
}

void BackendReporter::noteResultsDone(const QString &key)
{
    m_fileCounts.remove(key);
    take(key);
}

void BackendReporter::refused(const QString &workloadUuid, const QString &reason)
{
    if (!m_pool.findByUuid(workloadUuid).isEmpty()) // it runs here: what is said of that request counts
        return;
    if (const auto kept = m_refused.add(workloadUuid, reason); !kept)
        emit warning({u"the backend may never hear that a workload was refused: "_s + kept.error().what,
                      kept.error().where,
                      {}});
    add(workloadUuid, {});
}

void BackendReporter::forget(const QString &key)
{
    const Workload *workload = m_pool.findByKey(key);
    if (!workload)
        return;
    if (const auto topic = m_topics.value(workload->spec.workloadUuid); topic && topic->key == key)
        m_topics.remove(workload->spec.workloadUuid);
    markTold(key, Told::End);
}

void BackendReporter::add(const QString &workloadUuid, const QString &key)
{
    std::shared_ptr<Topic> &topic = m_topics[workloadUuid];
    if (!topic)
        topic = std::make_shared<Topic>(Topic{.key = key, .backoff = m_backoff});
    else if (!key.isEmpty())
        topic->key = key;
    if (topic->retry) // there is something new to say: no reason to wait any longer
        topic->retry.reset();
    speak();
}

void BackendReporter::speak()
{
    if (!m_started)
        return;
    const QList<QString> uuids = m_topics.keys();
    for (const QString &uuid : uuids) {
        if (m_underWay >= window)
            return;
        const std::shared_ptr<Topic> topic = m_topics.value(uuid);
        if (topic && !topic->underWay && !topic->retry)
            say(uuid, topic);
    }
}

void BackendReporter::say(const QString &workloadUuid, const std::shared_ptr<Topic> &topic)
{
    const auto update = next(workloadUuid, *topic);
    if (!update) {
        m_topics.remove(workloadUuid);
        return;
    }
    topic->underWay = true;
    ++m_underWay;
    m_cloud.updateWorkload(workloadUuid, m_instance().uuid, *update, this,
                           [this, topic, said = Said{workloadUuid, topic->key, update->status}](
                               const CloudResult<void> &answer) {
                               topic->underWay = false;
                               --m_underWay;
                               heard(said, answer);
                               speak();
                           });
}

/// None: there is nothing (more) to say for now.
std::optional<WorkloadUpdate> BackendReporter::next(const QString &workloadUuid, const Topic &topic) const
{
    if (topic.key.isEmpty()) {
        const auto reason = m_refused.all().constFind(workloadUuid);
        return reason == m_refused.all().cend() ? std::nullopt : std::optional(updates::refused(*reason));
    }
    const Workload *workload = m_pool.findByKey(topic.key);
    if (!workload || isTold(*workload))
        return std::nullopt;
    const Told told = workload->progress.told;
    if (workload->isActive())
        return workload->start && told < Told::Running ? std::optional(updates::running(*workload))
                                                       : std::nullopt;
    if (!owesResults(*workload) || workload->progress.resultsDone)
        return updates::end(*workload, m_mask);
    const int files = m_fileCounts.value(topic.key);
    return files > 0 && told < Told::Finalizing ? std::optional(updates::finalizing(*workload, files))
                                                : std::nullopt;
}

void BackendReporter::heard(const Said &said, const CloudResult<void> &answer)
{
    const std::shared_ptr<Topic> topic = m_topics.value(said.workloadUuid);
    if (!topic || topic->key != said.key) // forgotten meanwhile, or another request has been taken for it
        return;
    if (!answer && !isAnswer(answer.error())) {
        retryLater(*topic, answer.error());
        return;
    }
    if (!answer)
        emit rejected(said.workloadUuid, answer.error().error);
    topic->backoff.reset();
    note(said);
}

void BackendReporter::note(const Said &said)
{
    if (said.key.isEmpty()) {
        m_refused.remove(said.workloadUuid);
        return;
    }
    markTold(said.key, stageOf(said.status));
    emit told(said.key, said.status);
}

void BackendReporter::retryLater(Topic &topic, const CloudError &error)
{
    std::chrono::milliseconds wait = topic.backoff.next();
    if (error.retryAfter)
        wait = std::max<std::chrono::milliseconds>(wait, *error.retryAfter);
    topic.retry = std::make_unique<QTimer>();
    topic.retry->setSingleShot(true);
    connect(topic.retry.get(), &QTimer::timeout, this, [this, &topic] {
        topic.retry.release()->deleteLater(); // it is what calls
        speak();
    });
    topic.retry->start(wait);
}

} // namespace cloudnode
