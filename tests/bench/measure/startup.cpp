#include "bench/floor/backend.h"
#include "bench/measure/measurements.h"
#include "bench/processmeter.h"
#include "bench/stage.h"
#include "bench/wire.h"

#include <QFile>
#include <QProcess>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode::bench {

namespace {

constexpr double mostWork = 60; // ms

/// None if backend or broker refuse.
std::optional<double> handshakes(Stage &stage)
{
    const auto begin = Clock::now();
    Backend backend(stage.backend().apiUrl(), stage.backend().token());
    Wire wire(stage.brokerPort());
    if (!backend.registerInstance() || !wire.open())
        return std::nullopt;
    return millisecondsBetween(begin, Clock::now());
}

/// Milliseconds until a program that does nothing else runs its event loop. None if it does not start.
std::optional<double> emptyProgram()
{
    QProcess program;
    const auto begin = Clock::now();
    program.start(QStringLiteral(CLOUDNODE_BIN_DIR "/cloudnode-bench-empty"), QStringList());
    const bool runs = runUntil([&] { return program.bytesAvailable() > 0; });
    const double took = millisecondsBetween(begin, Clock::now());
    program.kill();
    program.waitForFinished();
    return runs ? std::optional(took) : std::nullopt;
}

struct Start {
    double took;
    double work;
};

/// A node that nobody knows yet. Errors: its log.
Result<Start> startFresh(Stage &stage)
{
    QFile::remove(stage.node().stateFile(u"instance_identity.json"_s));
    const auto begin = Clock::now();
    if (const auto started = stage.startNode(); !started)
        return tl::make_unexpected(started.error());
    const Start start{millisecondsBetween(begin, Clock::now()), processmeter::work(stage.node().pid())};
    stage.node().kill();
    return start;
}

} // namespace

Rows measureStartUp(const Scale &scale)
{
    const auto stage = Stage::build({u"inference: \":\""_s});
    if (!stage)
        return tl::make_unexpected(stage.error());
    Samples took;
    Samples work;
    Samples floor;
    Samples programFloor;
    for (int i = 0; i < scale.of(30, 5); ++i) {
        const auto least = handshakes(**stage);
        const auto empty = emptyProgram();
        const auto start = startFresh(**stage);
        if (!start)
            return tl::make_unexpected(start.error());
        if (!least || !empty)
            return fail(u"backend or broker refuse us, or a program that does nothing does not start"_s);
        floor.add(*least);
        programFloor.add(*least + *empty);
        took.add(start->took);
        work.add(start->work);
    }
    return QList<Row>{{.key = u"start_up"_s,
                       .what = u"process start -> registered and subscribed"_s,
                       .unit = u"ms"_s,
                       .measured = took.summary(),
                       .floorWhat = u"the REST calls and the MQTT handshakes alone"_s,
                       .floor = floor.summary(),
                       .goals = {{.of = Goal::Of::Ratio, .limit = 1.5}},
                       .note = {}},
                      {.key = u"start_up_program"_s,
                       .what = u"process start -> registered and subscribed"_s,
                       .unit = u"ms"_s,
                       .measured = took.summary(),
                       .floorWhat = u"these, and the start of an empty program with the same libraries"_s,
                       .floor = programFloor.summary(),
                       .goals = {{.of = Goal::Of::Ratio, .limit = 1.5}},
                       .note = {}},
                      {.key = u"start_up_work"_s,
                       .what = u"the same, processor time of the node"_s,
                       .unit = u"ms"_s,
                       .measured = work.summary(),
                       .floorWhat = {},
                       .floor = {},
                       .goals = {{.of = Goal::Of::Median, .limit = mostWork}},
                       .note = {}}};
}

} // namespace cloudnode::bench
