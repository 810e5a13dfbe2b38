#include "bench/caller.h"
#include "bench/floor/disk.h"
#include "bench/floor/shell.h"
#include "bench/measure/onboth.h"

using namespace Qt::Literals::StringLiterals;

namespace cloudnode::bench {

namespace {

struct Floor {
    double ran;     ///< the same messages and the same shell, one after the other
    double durably; ///< with a command and a result that are to outlive a power cut
};

/// None if a message got lost.
std::optional<Floor> wholeFloor(Caller &caller, const Shell &shell, const QString &stateDir)
{
    const auto there = caller.wire().roundTrip();
    const auto begin = Clock::now();
    Shell::waitFor(shell.spawn(":"));
    const double ran = millisecondsBetween(begin, Clock::now());
    const auto back = caller.wire().roundTrip();
    const double written = disk::writeDurably(stateDir) + disk::writeDurably(stateDir);
    if (!there || !back)
        return std::nullopt;
    const double all = *there + ran + *back;
    return Floor{all, all + written};
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
    Samples durably;
    bool fine = caller.open() && whole(caller);
    for (int i = 0; fine && i < scale.of(300, 25); ++i) {
        const auto least = wholeFloor(caller, shell, (*stage)->node().stateDir());
        const auto took = whole(caller);
        fine = least && took;
        floor.add(least ? least->ran : 0);
        durably.add(least ? least->durably : 0);
        measured.add(took.value_or(0));
    }
    if (!fine)
        return (*stage)->failure(u"a workload was not run or not answered"_s);
    const auto row = [&](const QString &key, const QString &floorWhat, const Samples &least) {
        return Row{.key = keyFor(state, key),
                   .what = u"inference of an empty command, one after the other"_s + inWords(state),
                   .unit = u"ms"_s,
                   .measured = measured.summary(),
                   .floorWhat = floorWhat,
                   .floor = least.summary(),
                   .goals = {{.of = Goal::Of::Ratio, .limit = 1.6}},
                   .note = {}};
    };
    return QList<Row>{
        row(u"whole"_s, u"two messages through the broker + posix_spawn of that shell"_s, floor),
        row(u"whole_durably"_s, u"these, and two durable writes"_s, durably)};
}

} // namespace

Rows measureWhole(const Scale &scale)
{
    return onDiskAndInMemory(measureWith, scale);
}

} // namespace cloudnode::bench
