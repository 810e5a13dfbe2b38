#include "bench/caller.h"
#include "bench/floor/shell.h"
#include "bench/measure/onboth.h"

using namespace Qt::Literals::StringLiterals;

namespace cloudnode::bench {

namespace {

/// The same messages and the same shell, one after the other. None if a message got lost.
std::optional<double> wholeFloor(Caller &caller, const Shell &shell)
{
    const auto there = caller.wire().roundTrip();
    const auto begin = Clock::now();
    Shell::waitFor(shell.spawn(":"));
    const double ran = millisecondsBetween(begin, Clock::now());
    const auto back = caller.wire().roundTrip();
    return there && back ? std::optional(*there + ran + *back) : std::nullopt;
}

std::optional<double> whole(Caller &caller)
{
    const auto call = caller.call(u"inference"_s);
    const auto ended = caller.waitForEnd(call);
    return ended ? std::optional(millisecondsBetween(call.sent, *ended)) : std::nullopt;
}

Rows measureWith(State state, const Scale &scale)
{
    const auto stage = Stage::build({u"inference: \":\""_s}, state);
    if (!stage)
        return tl::make_unexpected(stage.error());
    if (const auto started = (*stage)->startNode(); !started)
        return tl::make_unexpected(started.error());
    Caller caller((*stage)->brokerPort(), (*stage)->node().uuid());
    const Shell shell((*stage)->node().environment);
    Samples measured;
    Samples floor;
    bool fine = caller.open() && whole(caller);
    for (int i = 0; fine && i < scale.of(300, 25); ++i) {
        const auto least = wholeFloor(caller, shell);
        const auto took = whole(caller);
        fine = least && took;
        floor.add(least.value_or(0));
        measured.add(took.value_or(0));
    }
    if (!fine)
        return (*stage)->failure(u"a workload was not run or not answered"_s);
    return QList<Row>{{.key = keyFor(state, u"whole"_s),
                       .what = u"inference of an empty command, one after the other"_s + inWords(state),
                       .unit = u"ms"_s,
                       .measured = measured.summary(),
                       .floorWhat = u"two messages through the broker + posix_spawn of that shell"_s,
                       .floor = floor.summary(),
                       .goals = {{.of = Goal::Of::Ratio, .limit = 1.6}},
                       .note = {}}};
}

} // namespace

Rows measureWhole(const Scale &scale)
{
    return onDiskAndInMemory(measureWith, scale);
}

} // namespace cloudnode::bench
