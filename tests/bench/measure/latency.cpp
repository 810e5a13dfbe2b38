#include "bench/caller.h"
#include "bench/floor/shell.h"
#include "bench/measure/onboth.h"
#include "bench/signpost.h"

using namespace Qt::Literals::StringLiterals;

namespace cloudnode::bench {

namespace {

struct Latencies {
    Samples start;
    Samples startFloor;
    Samples end;
    Samples endFloor;
};

/// Once on the cheapest way. False if a message got lost.
bool measureFloor(Caller &caller, Signpost &signpost, Latencies &found)
{
    const auto there = caller.wire().roundTrip();
    const auto begin = Clock::now();
    const pid_t shell = shell::spawn(signpost.command().toUtf8());
    const auto passed = signpost.waitUntilPassed();
    shell::waitFor(shell);
    const auto back = caller.wire().roundTrip();
    if (!there || !passed || !back)
        return false;
    found.startFloor.add(*there + millisecondsBetween(begin, *passed));
    found.endFloor.add(*back);
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

QList<Row> rows(const Latencies &found, State state)
{
    return {{.key = keyFor(state, u"start"_s),
             .what = u"command published -> workload's first instruction"_s + inWords(state),
             .unit = u"ms"_s,
             .measured = found.start.summary(),
             .floorWhat = u"one message through the broker + posix_spawn of the same shell command"_s,
             .floor = found.startFloor.summary(),
             .goals = {{.of = Goal::Of::Ratio, .limit = 1.5}, {.of = Goal::Of::P99Ratio, .limit = 3}},
             .note = {}},
            {.key = keyFor(state, u"end"_s),
             .what = u"workload exit -> final response received"_s + inWords(state),
             .unit = u"ms"_s,
             .measured = found.end.summary(),
             .floorWhat = u"one message through the broker"_s,
             .floor = found.endFloor.summary(),
             .goals = {{.of = Goal::Of::Ratio, .limit = 2}, {.of = Goal::Of::P99Ratio, .limit = 5}},
             .note = {}}};
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
    bool fine =
        caller.open() && measureFloor(caller, signpost, warmUp) && measureNode(caller, signpost, warmUp);
    for (int i = 0; fine && i < scale.of(300, 25); ++i)
        fine = measureFloor(caller, signpost, found) && measureNode(caller, signpost, found);
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
