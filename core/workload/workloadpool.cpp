#include "workload/workloadpool.h"

#include "workload/runnerlauncher.h"
#include "workload/workloadtable.h"

#include <QTimer>

#include <csignal>
#include <functional>

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace cloudnode {

namespace {

using Outcome = WorkloadEnd::Outcome;

constexpr auto relaunchPause = 1s;

Result<int> signalNumber(const QString &name)
{
    if (name == u"SIGTERM"_s)
        return SIGTERM;
    if (name == u"SIGINT"_s)
        return SIGINT;
    if (name == u"SIGKILL"_s)
        return SIGKILL;
    return fail(u"%1 is no signal to cancel with"_s.arg(name), {}, u"Use SIGTERM, SIGINT or SIGKILL."_s);
}

/// Nobody will ask for it any more, except to know that it has been.
bool isHistory(const Workload &workload)
{
    const WorkloadProgress &progress = workload.progress;
    return !workload.isActive() && progress.reported && (!progress.cancel || progress.cancelAnswered);
}

} // namespace

class WorkloadPool::Private {
public:
    Private(WorkloadPool *pool, const WorkloadPoolSettings &poolSettings);

    void adopt(const QString &key);
    void resume(PooledWorkload &pooled);
    void launch(PooledWorkload &pooled);
    void launched(const QString &key);
    void launchFailed(const QString &key, const Error &reason);
    void begin(PooledWorkload &pooled, const StartRecord &start);
    std::optional<WorkloadEnd> watch(PooledWorkload &pooled);
    void finish(PooledWorkload &pooled, const WorkloadEnd &end);
    void sendDueCancel(PooledWorkload &pooled);
    Result<void> sendCancel(PooledWorkload &pooled);
    Result<void> change(PooledWorkload &pooled, const std::function<void(WorkloadProgress &)> &edit);
    Result<PooledWorkload *> require(const QString &key) const;
    void prune();

    WorkloadPool *q;
    int keepReported;
    WorkloadJournal journal;
    WorkloadTable table; // needs journal
    std::unique_ptr<Launcher> launcher;
    QTimer pruneTimer;
};

WorkloadPool::Private::Private(WorkloadPool *pool, const WorkloadPoolSettings &poolSettings)
    : q(pool),
      keepReported(poolSettings.keepReported),
      journal(poolSettings.workloadsFolder, poolSettings.logsFolder),
      launcher(std::make_unique<RunnerLauncher>(poolSettings.runnerProgram, poolSettings.environment,
                                                poolSettings.cgroupsFolder, journal))
{
    connect(launcher.get(), &Launcher::launched, q, [this](const QString &key) { launched(key); });
    connect(launcher.get(), &Launcher::failed, q,
            [this](const QString &key, const Error &reason) { launchFailed(key, reason); });
    connect(launcher.get(), &Launcher::warning, q, &WorkloadPool::warning);
    pruneTimer.setSingleShot(true);
    connect(&pruneTimer, &QTimer::timeout, q, [this] { prune(); });
}

void WorkloadPool::Private::adopt(const QString &key)
{
    auto entry = journal.load(key);
    if (!entry) {
        Error problem = entry.error();
        problem.remedy = u"The folder is kept and left alone; remove it if you do not need it."_s;
        emit q->warning(problem);
        return;
    }
    if (entry->problem)
        emit q->warning(*entry->problem);
    resume(table.add({.workload = entry->workload, .start = entry->start, .watch = {}, .launching = false}));
}

void WorkloadPool::Private::resume(PooledWorkload &pooled)
{
    Workload &workload = pooled.workload;
    if (workload.progress.reported)
        workload.spec.command.clear();
    if (!workload.isActive())
        return;
    if (!pooled.start) {
        launch(pooled);
        return;
    }
    workload.end = watch(pooled);
    if (workload.isActive())
        sendDueCancel(pooled);
}

void WorkloadPool::Private::launch(PooledWorkload &pooled)
{
    pooled.launching = true;
    launcher->launch(pooled.workload);
}

void WorkloadPool::Private::launched(const QString &key)
{
    PooledWorkload *pooled = table.find(key);
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
        begin(*pooled, **start);
    } else {
        finish(*pooled, WorkloadEnd::because(Outcome::Unknown, u"its records have been removed"_s));
    }
}

void WorkloadPool::Private::launchFailed(const QString &key, const Error &reason)
{
    PooledWorkload *pooled = table.find(key);
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
            if (PooledWorkload *again = table.find(key))
                launch(*again);
        });
        return;
    }
    if (!written)
        emit q->warning(written.error());
    pooled->launching = false;
    finish(*pooled, notStarted);
}

void WorkloadPool::Private::begin(PooledWorkload &pooled, const StartRecord &start)
{
    pooled.start = start;
    pooled.workload.start = WorkloadStart{start.workload.pid, start.at};
    emit q->started(pooled.workload.key);
    if (const auto end = watch(pooled))
        finish(pooled, *end);
    else
        sendDueCancel(pooled);
}

std::optional<WorkloadEnd> WorkloadPool::Private::watch(PooledWorkload &pooled)
{
    auto watch = std::make_unique<WorkloadWatch>(journal, pooled.workload.key, *pooled.start);
    connect(watch.get(), &WorkloadWatch::warning, q, &WorkloadPool::warning);
    connect(watch.get(), &WorkloadWatch::ended, q,
            [this, &pooled](const WorkloadEnd &end) { finish(pooled, end); });
    auto end = watch->look();
    if (!end)
        pooled.watch = std::move(watch);
    return end;
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

void WorkloadPool::Private::sendDueCancel(PooledWorkload &pooled)
{
    const auto &cancel = pooled.workload.progress.cancel;
    if (!cancel || cancel->sent)
        return;
    if (const auto sent = sendCancel(pooled); !sent)
        emit q->warning(sent.error());
}

Result<void> WorkloadPool::Private::sendCancel(PooledWorkload &pooled)
{
    const auto number = signalNumber(pooled.workload.progress.cancel->signalName);
    if (!number)
        return tl::make_unexpected(number.error());
    if (auto sent = launcher->signal(pooled.workload, *pooled.start, *number); !sent)
        return sent;
    const auto noted = change(pooled, [](WorkloadProgress &progress) { progress.cancel->sent = true; });
    if (!noted)
        emit q->warning(noted.error()); // the next node sends it again: no reason to call it not sent
    return {};
}

Result<void> WorkloadPool::Private::change(PooledWorkload &pooled,
                                           const std::function<void(WorkloadProgress &)> &edit)
{
    WorkloadProgress changed = pooled.workload.progress;
    edit(changed);
    return journal.writeProgress(pooled.workload.key, changed).map([&] {
        pooled.workload.progress = changed;
    });
}

Result<PooledWorkload *> WorkloadPool::Private::require(const QString &key) const
{
    if (PooledWorkload *pooled = table.find(key))
        return pooled;
    return fail(u"there is no such workload"_s, key);
}

void WorkloadPool::Private::prune()
{
    std::vector<const Workload *> history;
    for (const auto &pooled : table.all()) {
        if (isHistory(pooled->workload))
            history.push_back(&pooled->workload);
    }
    const auto tooMany = static_cast<qsizetype>(history.size()) - keepReported;
    for (qsizetype i = 0; i < tooMany; ++i) {
        const Workload *oldest = history[static_cast<std::size_t>(i)];
        if (const auto removed = journal.remove(*oldest))
            table.remove(QString(oldest->key));
        else
            emit q->warning(removed.error());
    }
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
    const auto keys = d->journal.keys();
    if (!keys)
        return tl::make_unexpected(keys.error());
    for (const QString &key : *keys) {
        if (!d->table.find(key))
            d->adopt(key);
    }
    d->pruneTimer.start();
    return {};
}

Result<Workload> WorkloadPool::accept(const WorkloadSpec &spec)
{
    return d->journal.create(spec).map([&] {
        return d->table
            .add({.workload = d->journal.describe(spec), .start = {}, .watch = {}, .launching = false})
            .workload;
    });
}

void WorkloadPool::launch(const QString &key)
{
    PooledWorkload *pooled = d->table.find(key);
    if (pooled && pooled->workload.isActive() && !pooled->start && !pooled->launching)
        d->launch(*pooled);
}

QString WorkloadPool::paramsPath(WorkloadType type, const RequestId &requestId) const
{
    return d->journal.logPath(type, requestId.key(), u"params.json"_s);
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
    const PooledWorkload *pooled = d->table.find(key);
    return pooled ? &pooled->workload : nullptr;
}

const StartRecord *WorkloadPool::startOf(const QString &key) const
{
    const PooledWorkload *pooled = d->table.find(key);
    return pooled && pooled->start ? &*pooled->start : nullptr;
}

QString WorkloadPool::folderOf(const QString &key) const
{
    return d->journal.folder(key);
}

QList<const Workload *> WorkloadPool::workloads() const
{
    QList<const Workload *> all;
    for (const auto &pooled : d->table.all())
        all << &pooled->workload;
    return all;
}

QList<const Workload *> WorkloadPool::active() const
{
    QList<const Workload *> found = workloads();
    found.removeIf([](const Workload *workload) { return !workload->isActive(); });
    return found;
}

int WorkloadPool::activeCount() const
{
    return static_cast<int>(active().size());
}

Result<void> WorkloadPool::cancel(const QString &key, const WorkloadCancel &request)
{
    const auto pooled = d->require(key);
    if (!pooled)
        return tl::make_unexpected(pooled.error());
    if (!(*pooled)->workload.isActive())
        return fail(u"the workload is over already"_s, key);
    if (const auto number = signalNumber(request.signalName); !number)
        return tl::make_unexpected(number.error());
    const WorkloadProgress before = (*pooled)->workload.progress;
    auto written = d->change(**pooled, [&](WorkloadProgress &progress) {
        progress.cancel = request;
        progress.cancel->sent = false;
        progress.cancelAnswered = false;
    });
    if (!written || !(*pooled)->start) // without a start it is sent as soon as there is one
        return written;
    auto sent = d->sendCancel(**pooled);
    if (!sent)
        (void)d->change(**pooled, [&](WorkloadProgress &progress) { progress = before; });
    return sent;
}

Result<void> WorkloadPool::markAcked(const QString &key)
{
    return d->require(key).and_then([&](PooledWorkload *pooled) {
        return d->change(*pooled, [](WorkloadProgress &progress) { progress.acked = true; });
    });
}

Result<void> WorkloadPool::markReported(const QString &key)
{
    return d->require(key).and_then([&](PooledWorkload *pooled) {
        pooled->workload.spec.command.clear(); // a long one need not stay in memory for ever
        d->pruneTimer.start();                 // not now: the caller may hold pointers of ours
        return d->change(*pooled, [](WorkloadProgress &progress) { progress.reported = true; });
    });
}

Result<void> WorkloadPool::markCancelAnswered(const QString &key)
{
    return d->require(key).and_then([&](PooledWorkload *pooled) {
        d->pruneTimer.start();
        return d->change(*pooled, [](WorkloadProgress &progress) { progress.cancelAnswered = true; });
    });
}

Result<void> WorkloadPool::setShipped(const QString &key, qint64 stdoutBytes, qint64 stderrBytes)
{
    return d->require(key).and_then([&](PooledWorkload *pooled) -> Result<void> {
        WorkloadProgress changed = pooled->workload.progress;
        changed.stdoutShipped = stdoutBytes;
        changed.stderrShipped = stderrBytes;
        return d->journal.writeShipped(key, changed).map([&] { pooled->workload.progress = changed; });
    });
}

} // namespace cloudnode
