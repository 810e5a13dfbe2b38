#include "bench/history.h"

#include "bench/measure/measurements.h"
#include "bench/stage.h"
#include "bench/waiting.h"

using namespace Qt::Literals::StringLiterals;

namespace cloudnode::bench {

namespace {

constexpr double slowestStart = 300; // ms

/// Milliseconds until the node takes commands. Errors: its log.
Result<double> start(Stage &stage)
{
    const auto begin = Clock::now();
    return stage.startNode().map([&] {
        const double took = millisecondsBetween(begin, Clock::now());
        stage.node().kill();
        return took;
    });
}

} // namespace

Rows measureHistory(const Scale &scale)
{
    const int count = scale.of(10'000, 1'000);
    const auto full = Stage::build({u"inference: \":\""_s});
    const auto empty = Stage::build({u"inference: \":\""_s});
    if (!full || !empty)
        return tl::make_unexpected(full ? empty.error() : full.error());
    writeHistory((*full)->node().stateDir(), count);
    Samples measured;
    Samples floor;
    for (int i = 0; i < scale.of(10, 2); ++i) {
        const auto least = start(**empty);
        const auto took = start(**full);
        if (!least || !took)
            return tl::make_unexpected(least ? took.error() : least.error());
        floor.add(*least);
        measured.add(*took);
    }
    return QList<Row>{{.key = u"history_start"_s,
                       .what = u"process start -> ready, %1 finished workloads on disk"_s.arg(count),
                       .unit = u"ms"_s,
                       .measured = measured.summary(),
                       .floorWhat = u"the same with none"_s,
                       .floor = floor.summary(),
                       .goals = {{.of = Goal::Of::Median, .limit = slowestStart}},
                       .note = {}}};
}

} // namespace cloudnode::bench
