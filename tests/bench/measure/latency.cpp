#include "bench/caller.h"
#include "bench/floor/disk.h"
#include "bench/floor/shell.h"
#include "bench/measure/onboth.h"
#include "bench/signpost.h"

using namespace Qt::Literals::StringLiterals;

namespace cloudnode::bench {

namespace {

struct Latencies {
    Samples start;
    Samples startFloor;
    Samples startDurably; ///< its floor, if the command is to outlive a power cut
    Samples end;
    Samples endFloor;
    Samples
        endSeen; ///< its floor, from the shell's last instruction to its end and a result that outlives one
};

/// Once on the cheapest way, where and as the node would do it. False if a message got lost.
bool measureFloor(Caller &caller, Signpost &signpost, const NodeProcess &node, Latencies &found)
{
    const Shell shell(node.environment);
    const auto there = caller.wire().roundTrip();
    const auto begin = Clock::now();
    const pid_t pid = shell.spawn(signpost.command().toUtf8());
    const auto passed = signpost.waitUntilPassed();
    Shell::waitFor(pid);
    const auto over = Clock::now();
    const auto back = caller.wire().roundTrip();
    const double written = disk::writeDurably(node.stateDir());
    if (!there || !passed || !back)
        return false;
    const double start = *there + millisecondsBetween(begin, *passed);
    found.startFloor.add(start);
    found.startDurably.add(start + written);
    found.endFloor.add(*back);
    found.endSeen.add(millisecondsBetween(*passed, over) + written + *back);
    return true;
}

/// Once through the node.
bool measureNode(Caller &caller, Signpost &signpost, Latencies &found)
{
    const auto call = caller.call(u"inference"_s);
    const auto passed = signpost.waitUntilPassed();
    const auto ended = caller.waitForEnd(call);
    if (!passed || !ended)
        return false;
    found.start.add(millisecondsBetween(call.sent, *passed));
    found.end.add(millisecondsBetween(*passed, *ended));
    return true;
}

/// What was measured, beside one of its floors.
Row rowOf(State state, const QString &key, const QString &what, const Samples &measured,
          const QString &floorWhat, const Samples &floor, double mostMedian, double mostP99)
{
    return {
        .key = keyFor(state, key),
        .what = what + inWords(state),
        .unit = u"ms"_s,
        .measured = measured.summary(),
        .floorWhat = floorWhat,
        .floor = floor.summary(),
        .goals = {{.of = Goal::Of::Ratio, .limit = mostMedian}, {.of = Goal::Of::P99Ratio, .limit = mostP99}},
        .note = {}};
}

QList<Row> rows(const Latencies &found, State state)
{
    const QString start = u"command published -> workload's first instruction"_s;
    const QString end = u"workload exit -> final response received"_s;
    return {rowOf(state, u"start"_s, start, found.start,
                  u"one message through the broker + posix_spawn of the same shell command"_s,
                  found.startFloor, 1.5, 3),
            rowOf(state, u"start_durably"_s, start, found.start, u"these, and one durable write"_s,
                  found.startDurably, 1.5, 3),
            rowOf(state, u"end"_s, end, found.end, u"one message through the broker"_s, found.endFloor, 2, 5),
            rowOf(state, u"end_seen"_s, end, found.end,
                  u"that, one durable write, and the shell's own way from its last instruction to its end"_s,
                  found.endSeen, 2, 5)};
}

Rows measureWith(State state, const Scale &scale)
{
    Signpost signpost;
    const auto stage = Stage::build({u"inference: "_s + signpost.command()}, state);
    if (!stage)
        return tl::make_unexpected(stage.error());
    if (const auto started = (*stage)->startNode(); !started)
        return tl::make_unexpected(started.error());
    Caller caller((*stage)->brokerPort(), (*stage)->node().uuid());
    Latencies warmUp;
    Latencies found;
    const NodeProcess &node = (*stage)->node();
    bool fine = caller.open() && measureFloor(caller, signpost, node, warmUp) &&
                measureNode(caller, signpost, warmUp);
    for (int i = 0; fine && i < scale.of(300, 25); ++i)
        fine = measureFloor(caller, signpost, node, found) && measureNode(caller, signpost, found);
    if (!fine)
        return (*stage)->failure(u"a workload was not run or not answered"_s);
    return rows(found, state);
}

} // namespace

Rows measureLatency(const Scale &scale)
{
    return onDiskAndInMemory(measureWith, scale);
}

} // namespace cloudnode::bench
