#include "bench/measure/measurements.h"
#include "bench/processmeter.h"
#include "bench/stage.h"
#include "bench/waiting.h"

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace cloudnode::bench {

namespace {

constexpr auto settling = 2s;           // what the start has left to do
constexpr double mostProportional = 16; // MiB
constexpr double mostPrivate = 4;       // MiB
constexpr double mostWork = 0.05;       // % of a core
constexpr double mostWakeUps = 2;       // a second

struct Idle {
    double work;    ///< % of a core
    double wakeUps; ///< a second
};

Idle watch(qint64 pid, std::chrono::milliseconds time)
{
    const double work = processmeter::work(pid);
    const qint64 wakeUps = processmeter::wakeUps(pid);
    const auto begin = Clock::now();
    runFor(time);
    const double passed = millisecondsBetween(begin, Clock::now());
    return {100 * (processmeter::work(pid) - work) / passed,
            static_cast<double>(processmeter::wakeUps(pid) - wakeUps) / passed * 1000};
}

Row memoryRow(const QString &key, const QString &what, double node, double empty)
{
    return {.key = key,
            .what = what,
            .unit = u"MiB"_s,
            .measured = Samples::single(node),
            .floorWhat = u"an empty QCoreApplication with the same libraries"_s,
            .floor = Samples::single(empty),
            .goals = {},
            .note = {}};
}

Row rowOf(const QString &key, const QString &what, const QString &unit, double value, double limit)
{
    return {.key = key,
            .what = what,
            .unit = unit,
            .measured = Samples::single(value),
            .floorWhat = {},
            .floor = {},
            .goals = {{.of = Goal::Of::Median, .limit = limit}},
            .note = {}};
}

} // namespace

Rows measureIdle(const Scale &scale)
{
    const auto stage = Stage::build({u"inference: \":\""_s});
    if (!stage)
        return tl::make_unexpected(stage.error());
    if (const auto started = (*stage)->startNode(); !started)
        return tl::make_unexpected(started.error());
    QProcess empty;
    empty.start(QStringLiteral(CLOUDNODE_BIN_DIR "/cloudnode-bench-empty"), QStringList());
    runFor(settling);
    const qint64 node = (*stage)->node().pid();
    const Idle idle = watch(node, scale.of(60'000, 2'000) * 1ms);
    const auto ofNode = processmeter::memory(node); // with what a minute of heartbeats needs
    const auto ofEmpty = processmeter::memory(empty.processId());
    empty.kill();
    empty.waitForFinished();

    Row proportional = memoryRow(u"idle_memory"_s, u"idle memory, headless (PSS)"_s, ofNode.proportional,
                                 ofEmpty.proportional);
    proportional.goals = {{.of = Goal::Of::Ratio, .limit = 1.4},
                          {.of = Goal::Of::Median, .limit = mostProportional}};
    Row dirty = memoryRow(u"idle_dirty"_s, u"idle memory, private dirty"_s, ofNode.privateDirty,
                          ofEmpty.privateDirty);
    dirty.goals = {{.of = Goal::Of::Median, .limit = mostPrivate}};
    return QList<Row>{proportional, dirty,
                      rowOf(u"idle_work"_s, u"idle processor time"_s, u"% core"_s, idle.work, mostWork),
                      rowOf(u"idle_wakeups"_s, u"idle wake-ups"_s, u"/s"_s, idle.wakeUps, mostWakeUps)};
}

} // namespace cloudnode::bench
