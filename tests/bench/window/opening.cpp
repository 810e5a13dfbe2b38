#include "bench/window/opening.h"

#include "bench/history.h"
#include "bench/stage.h"
#include "bench/waiting.h"
#include "bench/window/desktoponnode.h"

using namespace Qt::Literals::StringLiterals;

namespace cloudnode::bench {

namespace {

constexpr int onDisk = 10'000;
constexpr int listedAtLeast = 1000;    ///< what the README says is kept
constexpr double longestOpening = 500; // ms

double openEmptyWindow()
{
    const auto begin = Clock::now();
    QWidget window;
    window.resize(960, 720);
    window.show();
    runUntil([&] { return window.isVisible(); });
    QCoreApplication::processEvents();
    return millisecondsBetween(begin, Clock::now());
}

} // namespace

Result<QList<Row>> measureOpening(const Scale &scale)
{
    const auto built = Stage::build({u"inference: echo done"_s});
    if (!built)
        return tl::make_unexpected(built.error());
    Stage &stage = **built;
    writeHistory(stage.node().stateDir(), scale.of(onDisk, listedAtLeast));
    if (const auto started = stage.startNode(); !started)
        return tl::make_unexpected(started.error());
    Samples opened;
    Samples empty;
    for (int i = 0; i < scale.of(10, 3); ++i) {
        empty.add(openEmptyWindow());
        const auto begin = Clock::now();
        DesktopOnNode desktop(stage.node().stateDir());
        if (!desktop.open(listedAtLeast))
            return fail(u"the window does not list the workloads"_s);
        opened.add(millisecondsBetween(begin, Clock::now()));
    }
    return QList<Row>{{.key = u"window_opens"_s,
                       .what = u"window opens, 10,000 finished workloads on disk"_s,
                       .unit = u"ms"_s,
                       .measured = opened.summary(),
                       .floorWhat = u"an empty window of that size"_s,
                       .floor = empty.summary(),
                       .goals = {{.of = Goal::Of::Median, .limit = longestOpening}},
                       .note = {}}};
}

} // namespace cloudnode::bench
