#include "bench/caller.h"
#include "bench/measure/measurements.h"
#include "bench/stage.h"

using namespace Qt::Literals::StringLiterals;

namespace cloudnode::bench {

namespace {

constexpr qsizetype answerBytes = 1500;

std::optional<double> echo(Caller &caller)
{
    const auto there = caller.wire().roundTrip();
    const auto back = caller.wire().roundTrip(answerBytes);
    return there && back ? std::optional(*there + *back) : std::nullopt;
}

std::optional<double> status(Caller &caller)
{
    const auto call = caller.call(u"status"_s);
    const auto answered = caller.waitForEnd(call);
    return answered ? std::optional(millisecondsBetween(call.sent, *answered)) : std::nullopt;
}

} // namespace

Rows measureStatus(const Scale &scale)
{
    const auto stage = Stage::build({u"inference: \":\""_s});
    if (!stage)
        return tl::make_unexpected(stage.error());
    if (const auto started = (*stage)->startNode(); !started)
        return tl::make_unexpected(started.error());
    Caller caller((*stage)->brokerPort(), (*stage)->node().uuid());
    Samples measured;
    Samples floor;
    bool fine = caller.open() && status(caller);
    for (int i = 0; fine && i < scale.of(1000, 200); ++i) {
        const auto least = echo(caller);
        const auto took = status(caller);
        fine = least && took;
        floor.add(least.value_or(0));
        measured.add(took.value_or(0));
    }
    if (!fine)
        return (*stage)->failure(u"the node does not tell its status"_s);
    return QList<Row>{{.key = u"status"_s,
                       .what = u"status, asked and answered"_s,
                       .unit = u"ms"_s,
                       .measured = measured.summary(),
                       .floorWhat = u"two messages of those sizes through the broker"_s,
                       .floor = floor.summary(),
                       .goals = {{.of = Goal::Of::Ratio, .limit = 1.2}},
                       .note = {}}};
}

} // namespace cloudnode::bench
