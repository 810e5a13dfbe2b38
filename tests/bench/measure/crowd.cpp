#include "bench/caller.h"
#include "bench/measure/measurements.h"
#include "bench/processmeter.h"
#include "bench/stage.h"
#include "config/statepaths.h"
#include "workload/workloadjournal.h"

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace cloudnode::bench {

namespace {

constexpr int atATime = 16;            // are started
constexpr double mostRunnerMemory = 1; // MiB
constexpr double mostWork = 1;         // % of a core
constexpr double slowestStatus = 20;   // ms
constexpr double slowestStart = 500;   // ms

bool startAll(Caller &caller, int count)
{
    for (int started = 0; started < count; started += atATime) {
        const int some = std::min(atATime, count - started);
        for (int i = 0; i < some; ++i)
            caller.call(u"inference"_s);
        if (!caller.waitUntilRunning(some))
            return false;
    }
    return true;
}

/// Of the runners that supervise the node's workloads, `count` of them.
Samples runnerMemory(const QString &stateDir, int count)
{
    const StatePaths paths(stateDir);
    const WorkloadJournal journal(WorkloadPaths(paths.workloads(), paths.workloadLogs()));
    Samples found;
    const QStringList keys = journal.keys().value_or(QStringList()).mid(0, count);
    for (const QString &key : keys) {
        const auto start = journal.readStart(key);
        if (start && *start)
            found.add(processmeter::memory((*start)->supervisor.pid).proportional);
    }
    return found;
}

double idleWork(qint64 node, std::chrono::milliseconds time)
{
    const double before = processmeter::work(node);
    const auto begin = Clock::now();
    runFor(time);
    return 100 * (processmeter::work(node) - before) / millisecondsBetween(begin, Clock::now());
}

bool measureStatus(Caller &caller, int times, Samples &found)
{
    for (int i = 0; i < times; ++i) {
        const auto call = caller.call(u"status"_s);
        const auto answered = caller.waitForEnd(call);
        if (!answered)
            return false;
        found.add(millisecondsBetween(call.sent, *answered));
    }
    return true;
}

Row rowOf(const QString &key, const QString &what, const QString &unit, const Summary &measured, double limit)
{
    return {.key = key,
            .what = what,
            .unit = unit,
            .measured = measured,
            .floorWhat = {},
            .floor = {},
            .goals = {{.of = Goal::Of::Median, .limit = limit}},
            .note = {}};
}

/// Of nodes that find those workloads running, killed before each time. Errors: the log.
Result<Samples> restart(Stage &stage, int times)
{
    Samples took;
    for (int i = 0; i < times; ++i) {
        stage.node().kill();
        const auto begin = Clock::now();
        if (const auto started = stage.startNode(); !started)
            return tl::make_unexpected(started.error());
        took.add(millisecondsBetween(begin, Clock::now()));
    }
    return took;
}

} // namespace

Rows measureCrowd(const Scale &scale)
{
    const int count = scale.of(1000, 25);
    const auto stage =
        Stage::build({u"inference: exec sleep 3600"_s, u"max_concurrent_workloads: %1"_s.arg(count)});
    if (!stage)
        return tl::make_unexpected(stage.error());
    if (const auto started = (*stage)->startNode(); !started)
        return tl::make_unexpected(started.error());
    Caller caller((*stage)->brokerPort(), (*stage)->node().uuid());
    if (!caller.open() || !startAll(caller, count))
        return (*stage)->failure(u"the workloads do not start"_s);
    const Samples memory = runnerMemory((*stage)->node().stateDir(), scale.of(100, 20));
    const double work = idleWork((*stage)->node().pid(), scale.of(10'000, 1'000) * 1ms);
    Samples status;
    if (!measureStatus(caller, scale.of(100, 20), status))
        return (*stage)->failure(u"the node does not tell its status"_s);
    const auto restarts = restart(**stage, scale.of(5, 1));
    if (!restarts)
        return tl::make_unexpected(restarts.error());
    const QString crowd = u"%1 sleeping workloads: "_s.arg(count);
    return QList<Row>{rowOf(u"runner_memory"_s, u"runner, memory a workload (PSS)"_s, u"MiB"_s,
                            memory.summary(), mostRunnerMemory),
                      rowOf(u"crowd_work"_s, crowd + u"node's processor time"_s, u"% core"_s,
                            Samples::single(work), mostWork),
                      rowOf(u"crowd_status"_s, crowd + u"status"_s, u"ms"_s, status.summary(), slowestStatus),
                      rowOf(u"crowd_start"_s, crowd + u"process start -> ready again"_s, u"ms"_s,
                            restarts->summary(), slowestStart)};
}

} // namespace cloudnode::bench
