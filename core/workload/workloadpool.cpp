#include "workload/workloadpool.h"

#include "workload/acceptance.h"
#include "workload/cancelsender.h"
#include "workload/orphanlimit.h"
#include "workload/orphanwatch.h"
#include "workload/progresswriter.h"
#include "workload/runnerlauncher.h"
#include "workload/settled.h"
#include "workload/settledcache.h"
#include "workload/workloadarchive.h"
#include "workload/workloadregistry.h"

#include <QTimer>

#include <algorithm>

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace cloudnode {

namespace {

using Outcome = WorkloadEnd::Outcome;

constexpr auto relaunchPause = 1s;

WorkloadPaths pathsOf(const WorkloadPoolSettings &settings)
{
    return {settings.workloadsFolder, settings.logsFolder};
}

} // namespace

class WorkloadPool::Private {
public:
    Private(WorkloadPool *pool, const WorkloadPoolSettings &poolSettings);

    void adopt(const QString &key);
    void adoptUnshipped(const WorkloadJournal::Entry &entry);
    PooledWorkload *recall(const QString &key);
    void forgetRecalled();
    void resume(PooledWorkload &pooled);
    void launch(PooledWorkload &pooled);
    void launched(const QString &key);
    void launchFailed(const QString &key, const Error &reason);
    /// `known`: how it has ended, if it has.
    void begin(PooledWorkload &pooled, const StartRecord &start, const std::optional<WorkloadEnd> &known);
    std::optional<WorkloadEnd> attach(PooledWorkload &pooled);
    WorkloadWatch &watch(PooledWorkload &pooled);
    void tend(PooledWorkload &pooled);
    void finish(PooledWorkload &pooled, const WorkloadEnd &end);
    Result<PooledWorkload *> require(const QString &key) const;
    Result<void> change(const QString &key, const ProgressWriter::Edit &edit);
    void noteIfSettled(PooledWorkload &pooled);

    WorkloadPool *q;
    Acceptance acceptance;
    WorkloadJournal journal;
    WorkloadRegistry registry; // needs journal
    ProgressWriter writer;     // needs journal, registry
    WorkloadArchive archive;
    SettledCache settled;
    OrphanWatch orphans;
    std::unique_ptr<Launcher> launcher;
    CancelSender cancels; // needs launcher, writer
    OrphanLimit limit;    // needs launcher
    QStringList recalled;
    QTimer forgetTimer;
};

WorkloadPool::Private::Private(WorkloadPool *pool, const WorkloadPoolSettings &poolSettings)
    : q(pool),
      acceptance(pathsOf(poolSettings)),
      journal(pathsOf(poolSettings)),
      writer(journal, registry),
      archive(journal, poolSettings.keep),
      settled(journal),
      orphans(journal),
      launcher(std::make_unique<RunnerLauncher>(poolSettings.runnerProgram, poolSettings.environment,
                                                poolSettings.cgroupsFolder, journal)),
      cancels(*launcher, writer),
      limit(*launcher)
{
    connect(launcher.get(), &Launcher::launched, q, [this](const QString &key) { launched(key); });
    connect(launcher.get(), &Launcher::failed, q,
            [this](const QString &key, const Error &reason) { launchFailed(key, reason); });
    connect(launcher.get(), &Launcher::warning, q, &WorkloadPool::warning);
    connect(&archive, &WorkloadArchive::warning, q, &WorkloadPool::warning);
    connect(&archive, &WorkloadArchive::moved, q, [this](const QString &key) {
        registry.remove(key);
        settled.forget(key);
    });
    connect(&archive, &WorkloadArchive::unsettled, q,
            [this](const WorkloadJournal::Entry &entry) { adoptUnshipped(entry); });
    connect(&orphans, &OrphanWatch::warning, q, &WorkloadPool::warning);
    connect(&orphans, &OrphanWatch::started, q, [this](const QString &key, const StartRecord &start) {
        if (PooledWorkload *pooled = registry.find(key))
            begin(*pooled, start, std::nullopt);
    });
    connect(&orphans, &OrphanWatch::ended, q, [this](const QString &key, const WorkloadEnd &end) {
        if (PooledWorkload *pooled = registry.find(key))
            finish(*pooled, end);
    });
    connect(&writer, &ProgressWriter::written, q, [this](PooledWorkload *pooled) { noteIfSettled(*pooled); });
    connect(&cancels, &CancelSender::warning, q, &WorkloadPool::warning);
    connect(&limit, &OrphanLimit::warning, q, &WorkloadPool::warning);
    forgetTimer.setSingleShot(true);
    connect(&forgetTimer, &QTimer::timeout, q, [this] { forgetRecalled(); });
}

void WorkloadPool::Private::adopt(const QString &key)
{
    auto entry = journal.load(key);
    if (!entry) {
        emit q->warning(entry.error());
        return;
    }
    if (entry->problem)
        emit q->warning(*entry->problem);
    PooledWorkload &pooled = registry.add({.workload = entry->workload, .start = entry->start});
    if (pooled.workload.isActive() && entry->startIsDamaged)
        pooled.workload.end = orphans.look(key, OrphanWatch::Loss::Start);
    else
        resume(pooled);
}

void WorkloadPool::Private::adoptUnshipped(const WorkloadJournal::Entry &entry)
{
    const QString key = entry.workload.key;
    registry.remove(key); // it may have been recalled
    registry.add({.workload = entry.workload, .start = entry.start});
    emit q->unshipped(key);
}

PooledWorkload *WorkloadPool::Private::recall(const QString &key)
{
    const auto entry = journal.load(key);
    if (!entry)
        return nullptr;
    recalled << key;
    forgetTimer.start(0);
    return &registry.add({.workload = entry->workload, .start = entry->start, .recalled = true});
}

void WorkloadPool::Private::forgetRecalled()
{
    for (const QString &key : std::exchange(recalled, {})) {
        const PooledWorkload *pooled = registry.find(key);
        if (pooled && pooled->recalled)
            registry.remove(key);
    }
}

void WorkloadPool::Private::resume(PooledWorkload &pooled)
{
    Workload &workload = pooled.workload;
    if (!workload.isActive()) {
        noteIfSettled(pooled);
        return;
    }
    if (pooled.start) {
        workload.end = watch(pooled).look();
        if (!workload.isActive())
            pooled.watch.reset();
        else
            tend(pooled);
    } else if (workload.spec.needsToken) {
        workload.end = orphans.look(workload.key, OrphanWatch::Loss::Token);
    } else {
        if (const auto restored = acceptance.restoreParams(workload.key); !restored)
            emit q->warning(restored.error());
        launch(pooled);
    }
}

void WorkloadPool::Private::launch(PooledWorkload &pooled)
{
    pooled.launching = true;
    launcher->launch(pooled.workload, pooled.token);
}

void WorkloadPool::Private::launched(const QString &key)
{
    PooledWorkload *pooled = registry.find(key);
    if (!pooled || !pooled->launching)
        return;
    pooled->launching = false;
    const auto start = journal.readStart(key);
    const auto end = journal.readEnd(key);
    if (!start || !end) {
        const Error problem = start ? end.error() : start.error();
        emit q->warning(problem);
        finish(*pooled,
               WorkloadEnd::because(Outcome::Unknown, u"its records are damaged: "_s + problem.what));
    } else if (*end && (!*start || (*end)->outcome == Outcome::NotStarted)) {
        finish(*pooled, **end);
    } else if (*start) {
        begin(*pooled, **start, *end);
    } else {
        finish(*pooled, WorkloadEnd::because(Outcome::Unknown, u"its records have been removed"_s));
    }
}

void WorkloadPool::Private::launchFailed(const QString &key, const Error &reason)
{
    PooledWorkload *pooled = registry.find(key);
    const auto start = journal.readStart(key);
    const auto end = journal.readEnd(key);
    if (!pooled || !start || !end || *start || *end) {
        launched(key); // the launcher is mistaken: it has been dealt with before
        return;
    }
    WorkloadEnd notStarted = WorkloadEnd::because(Outcome::NotStarted, reason.text());
    notStarted.at = QDateTime::currentDateTimeUtc();
    const auto written = journal.writeEnd(key, notStarted);
    if (written && !*written) { // a supervisor is at work after all: the next call waits for its word
        QTimer::singleShot(relaunchPause, q, [this, key] {
            if (PooledWorkload *again = registry.find(key))
                launch(*again);
        });
        return;
    }
    pooled->launching = false;
    finish(*pooled, notStarted);
    if (!written) {
        emit q->warning(written.error());
        writer.oweEnd(*pooled);
    }
}

void WorkloadPool::Private::begin(PooledWorkload &pooled, const StartRecord &start,
                                  const std::optional<WorkloadEnd> &known)
{
    pooled.start = start;
    pooled.token.clear();
    pooled.workload.start = WorkloadStart{start.workload.pid, start.at};
    emit q->started(pooled.workload.key);
    if (const auto end = known ? known : attach(pooled))
        finish(pooled, *end);
    else
        tend(pooled);
}

std::optional<WorkloadEnd> WorkloadPool::Private::attach(PooledWorkload &pooled)
{
    return watch(pooled).attach(launcher->takeSupervisorWatch());
}

WorkloadWatch &WorkloadPool::Private::watch(PooledWorkload &pooled)
{
    pooled.watch = std::make_unique<WorkloadWatch>(journal, pooled.workload.key, *pooled.start);
    connect(pooled.watch.get(), &WorkloadWatch::warning, q, &WorkloadPool::warning);
    connect(pooled.watch.get(), &WorkloadWatch::ended, q,
            [this, &pooled](const WorkloadEnd &end) { finish(pooled, end); });
    connect(pooled.watch.get(), &WorkloadWatch::orphaned, q, [this, &pooled] { tend(pooled); });
    return *pooled.watch;
}

/// Of one that runs, when we begin to follow it and when it loses its supervisor.
void WorkloadPool::Private::tend(PooledWorkload &pooled)
{
    if (pooled.watch->isOrphaned())
        emit q->orphaned(pooled.workload.key);
    cancels.sendDue(pooled);
    limit.enforce(pooled);
}

void WorkloadPool::Private::finish(PooledWorkload &pooled, const WorkloadEnd &end)
{
    pooled.workload.end = end;
    if (end.outcome == Outcome::NotStarted)
        pooled.workload.start.reset();
    if (pooled.watch)
        pooled.watch.release()->deleteLater(); // it is the one that calls
    emit q->ended(pooled.workload.key);
}

Result<PooledWorkload *> WorkloadPool::Private::require(const QString &key) const
{
    if (PooledWorkload *pooled = registry.find(key))
        return pooled;
    return fail(u"there is no such workload"_s, key);
}

Result<void> WorkloadPool::Private::change(const QString &key, const ProgressWriter::Edit &edit)
{
    return require(key).and_then([&](PooledWorkload *pooled) { return writer.change(*pooled, edit); });
}

void WorkloadPool::Private::noteIfSettled(PooledWorkload &pooled)
{
    if (!isSettled(pooled.workload) || pooled.unwritten || pooled.endUnwritten)
        return;
    pooled.workload.spec.command.clear(); // a long one need not stay in memory
    archive.add(pooled.workload);         // removes nothing now: the caller may hold pointers of ours
}

WorkloadPool::WorkloadPool(const WorkloadPoolSettings &settings, QObject *parent)
    : QObject(parent),
      d(std::make_unique<Private>(this, settings))
{
}

WorkloadPool::~WorkloadPool() = default;

Result<void> WorkloadPool::recover()
{
    if (auto prepared = d->journal.prepare(); !prepared)
        return prepared;
    for (const Error &problem : d->acceptance.nameAccepted())
        emit warning(problem);
    const auto keys = d->journal.keys();
    if (!keys)
        return tl::make_unexpected(keys.error());
    QStringList answered;
    for (const QString &key : *keys) {
        if (d->registry.find(key))
            continue;
        if (d->journal.looksAnswered(key))
            answered << key;
        else
            d->adopt(key);
    }
    d->archive.begin(answered, d->acceptance.neverAccepted() + d->journal.scraps());
    d->acceptance.prepare();
    return {};
}

Result<Workload> WorkloadPool::accept(const WorkloadSpec &spec, const QString &token)
{
    const Workload workload = d->journal.describe(spec);
    const auto created =
        d->acceptance.create(spec, [&](const QString &folder) { d->launcher->prepare(workload, folder); });
    if (created)
        return d->registry.add({.workload = workload, .token = token}).workload;
    d->launcher->forget(workload.key);
    return tl::make_unexpected(created.error());
}

void WorkloadPool::launch(const QString &key)
{
    PooledWorkload *pooled = d->registry.find(key);
    if (pooled && pooled->workload.isActive() && !pooled->start && !pooled->launching)
        d->launch(*pooled);
}

QString WorkloadPool::paramsPath(WorkloadType type, const RequestId &requestId) const
{
    return d->journal.paths().log(type, requestId.key(), WorkloadPaths::paramsFile);
}

const Workload *WorkloadPool::find(const RequestId &requestId) const
{
    return findByKey(requestId.key());
}

const Workload *WorkloadPool::findByPid(qint64 pid) const
{
    for (const Workload *workload : active()) {
        if (workload->start && workload->start->pid == pid)
            return workload;
    }
    return nullptr;
}

const Workload *WorkloadPool::findByKey(const QString &key) const
{
    const PooledWorkload *pooled = d->registry.find(key);
    if (!pooled)
        pooled = d->recall(key);
    return pooled ? &pooled->workload : nullptr;
}

QList<const Workload *> WorkloadPool::findByUuid(const QString &workloadUuid) const
{
    QList<const Workload *> found;
    for (const PooledWorkload *pooled : d->registry.ofUuid(workloadUuid)) {
        if (!pooled->recalled)
            found << &pooled->workload;
    }
    return found;
}

const StartRecord *WorkloadPool::startOf(const QString &key) const
{
    const PooledWorkload *pooled = d->registry.find(key);
    return pooled && pooled->start ? &*pooled->start : nullptr;
}

QString WorkloadPool::folderOf(const QString &key) const
{
    const PooledWorkload *pooled = d->registry.find(key);
    return pooled && !pooled->recalled ? d->journal.paths().activeFolder(key)
                                       : d->journal.paths().folder(key);
}

QList<const Workload *> WorkloadPool::workloads() const
{
    QList<const Workload *> all;
    for (const auto &pooled : d->registry.all()) {
        if (!pooled->recalled)
            all << &pooled->workload;
    }
    return all;
}

QList<Workload> WorkloadPool::latest(qsizetype most) const
{
    QList<Workload> found;
    for (const Workload *workload : workloads())
        found << *workload;
    for (const QString &key : d->archive.latest(most)) {
        const PooledWorkload *pooled = d->registry.find(key);
        if (pooled && !pooled->recalled)
            continue;
        if (const Workload *settled = d->settled.find(key))
            found << *settled;
    }
    std::stable_sort(found.begin(), found.end(), [](const Workload &a, const Workload &b) {
        return a.spec.receivedAt > b.spec.receivedAt;
    });
    return found.first(std::min(most, found.size()));
}

bool WorkloadPool::knowsAll() const
{
    return d->archive.knowsAll();
}

QList<const Workload *> WorkloadPool::active() const
{
    QList<const Workload *> found;
    for (const PooledWorkload *pooled : d->registry.active())
        found << &pooled->workload;
    return found;
}

int WorkloadPool::activeCount() const
{
    return static_cast<int>(d->registry.active().size());
}

Result<void> WorkloadPool::cancel(const QString &key, const WorkloadCancel &request)
{
    const auto pooled = d->require(key);
    if (!pooled)
        return tl::make_unexpected(pooled.error());
    if (!(*pooled)->workload.isActive())
        return fail(u"the workload is over already"_s, key);
    return d->cancels.cancel(**pooled, request);
}

Result<void> WorkloadPool::markAcked(const QString &key)
{
    return d->require(key).and_then([&](PooledWorkload *pooled) -> Result<void> {
        const auto mark = [](WorkloadProgress &progress) { progress.acked = true; };
        if (pooled->workload.isActive())
            return d->writer.change(*pooled, mark);
        mark(pooled->workload.progress); // is written down with the delivery of the result, which follows
        return {};
    });
}

Result<void> WorkloadPool::markReported(const QString &key)
{
    return d->change(key, [](WorkloadProgress &progress) { progress.reported = true; });
}

Result<void> WorkloadPool::markCancelAnswered(const QString &key)
{
    return d->change(key, [](WorkloadProgress &progress) { progress.cancelAnswered = true; });
}

Result<void> WorkloadPool::markTold(const QString &key, Told stage)
{
    return d->change(key, [stage](WorkloadProgress &progress) { progress.told = stage; });
}

Result<void> WorkloadPool::markResultsDone(const QString &key)
{
    return d->change(key, [](WorkloadProgress &progress) { progress.resultsDone = true; });
}

Result<void> WorkloadPool::setShipped(const QString &key, qint64 stdoutBytes, qint64 stderrBytes)
{
    return d->require(key).and_then(
        [&](PooledWorkload *pooled) { return d->writer.setShipped(*pooled, stdoutBytes, stderrBytes); });
}

} // namespace cloudnode
