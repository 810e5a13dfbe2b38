#include "bench/window/responsiveness.h"

#include "bench/caller.h"
#include "bench/history.h"
#include "bench/stage.h"
#include "bench/window/desktoponnode.h"
#include "bench/window/eventloopgaps.h"
#include "ui/logview/logview.h"
#include "ui/look/segments.h"

#include <QThread>
#include <QTimer>

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace cloudnode::bench {

namespace {

constexpr int finished = 1000;
constexpr int sleeping = 20;
constexpr int linesPerSecond = 10'000;
constexpr double longestGap = 50; // ms

/// Workloads that come and go, and an owner who looks around.
class Bustle {
public:
    Bustle(Caller &caller, Segments &which)
    {
        QObject::connect(&m_work, &QTimer::timeout, &m_work, [&caller] { caller.call(u"inference"_s); });
        QObject::connect(&m_look, &QTimer::timeout, &m_look,
                         [&which] { which.setCurrent(1 - which.current()); });
        m_work.start(1s);
        m_look.start(1700ms);
    }

private:
    QTimer m_work;
    QTimer m_look;
};

QStringList configuration(int seconds)
{
    return {u"max_concurrent_workloads: 100"_s,
            u"training: \"exec '%1/cloudnode-bench-printer' %2 %3\""_s.arg(
                QStringLiteral(CLOUDNODE_BIN_DIR), QString::number(linesPerSecond), QString::number(seconds)),
            u"simulate: sleep 600"_s, u"inference: echo done"_s};
}

bool startWorkloads(Caller &caller)
{
    caller.call(u"training"_s); // first: the window shows the log of the one that runs longest
    bool all = caller.waitUntilRunning(1);
    for (int i = 0; i < sleeping; ++i)
        caller.call(u"simulate"_s);
    return all && caller.waitUntilRunning(sleeping);
}

QList<Row> rows(const EventLoopGaps &window, const EventLoopGaps &idle)
{
    const QString what = u"window, 1,000 finished, 21 active, 10,000 lines/s: event-loop gap"_s;
    const QList<Goal> goal{{.of = Goal::Of::Max, .limit = longestGap}};
    return {{.key = u"window_gap"_s,
             .what = what,
             .unit = u"ms"_s,
             .measured = window.waits(),
             .floorWhat = u"the same of an idle event loop in the same process"_s,
             .floor = idle.waits(),
             .goals = goal,
             .note = {}},
            {.key = u"window_gap_work"_s,
             .what = what + u", processor time only"_s,
             .unit = u"ms"_s,
             .measured = window.work(),
             .floorWhat = {},
             .floor = {},
             .goals = goal,
             .note = u"what the gaps are on a machine with nothing else to do"_s}};
}

} // namespace

Result<QList<Row>> measureResponsiveness(const Scale &scale)
{
    const std::chrono::seconds time(scale.of(30, 3));
    const auto built = Stage::build(configuration(static_cast<int>(time.count()) + 60));
    if (!built)
        return tl::make_unexpected(built.error());
    Stage &stage = **built;
    writeHistory(stage.node().stateDir(), finished);
    if (const auto started = stage.startNode(); !started)
        return tl::make_unexpected(started.error());
    Caller caller(stage.brokerPort(), stage.node().uuid());
    if (!caller.open() || !startWorkloads(caller))
        return stage.failure(u"the workloads do not start"_s);
    DesktopOnNode desktop(stage.node().stateDir());
    if (!desktop.open(finished) || !runUntil([&] { return !desktop.log().visibleText().isEmpty(); }))
        return fail(u"the window does not show the workloads"_s);

    QThread idleThread;
    QObject idleInhabitant;
    idleInhabitant.moveToThread(&idleThread);
    idleThread.start();
    QObject inhabitant;
    const Bustle bustle(caller, desktop.whichWorkloads());
    EventLoopGaps idle(idleInhabitant);
    EventLoopGaps window(inhabitant);
    runFor(time);
    window.stop();
    idle.stop();
    idleThread.quit();
    idleThread.wait();
    return rows(window, idle);
}

} // namespace cloudnode::bench
