#include "bench/caller.h"
#include "bench/floor/disk.h"
#include "bench/floor/shell.h"
#include "bench/measure/onboth.h"

#include <QDir>

#include <atomic>
#include <thread>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode::bench {

namespace {

constexpr int atATime = 8;
constexpr int portions = 10; // in turn with those of the floor

double perSecond(int count, Clock::time_point begin)
{
    return count / (millisecondsBetween(begin, Clock::now()) / 1000);
}

double floorRate(const Shell &shell, int count)
{
    const auto begin = Clock::now();
    for (int started = 0; started < count; ++started) {
        if (started >= atATime)
            Shell::waitForAny();
        shell.spawn(":");
    }
    for (int i = 0; i < std::min(atATime, count); ++i)
        Shell::waitForAny();
    return perSecond(count, begin);
}

/// With what an accepted command and its result leave on the disk: two durable writes each.
double writtenRate(const Shell &shell, const QDir &folder, int count)
{
    std::atomic<int> begun = 0;
    const auto work = [&](int worker) {
        const QString own = folder.filePath(u"worker-%1"_s.arg(worker));
        QDir().mkpath(own);
        while (begun++ < count) {
            disk::writeDurably(own);
            Shell::waitFor(shell.spawn(":"));
            disk::writeDurably(own);
        }
    };
    const auto begin = Clock::now();
    {
        std::vector<std::jthread> workers;
        for (int i = 0; i < atATime; ++i)
            workers.emplace_back(work, i);
    }
    return perSecond(count, begin);
}

/// None if not all of them were answered.
std::optional<double> nodeRate(Caller &caller, int count)
{
    const auto begin = Clock::now();
    const qsizetype before = caller.ended();
    int called = 0;
    const bool all = runUntil([&] {
        const qsizetype ended = caller.ended() - before;
        for (; called < count && called - ended < atATime; ++called)
            caller.call(u"inference"_s);
        return ended == count;
    });
    return all ? std::optional(perSecond(count, begin)) : std::nullopt;
}

Rows measureWith(State state, const Scale &scale)
{
    const auto stage =
        Stage::build({u"inference: \":\""_s, u"max_concurrent_workloads: %1"_s.arg(atATime)}, state);
    if (!stage)
        return tl::make_unexpected(stage.error());
    if (const auto started = (*stage)->startNode(); !started)
        return tl::make_unexpected(started.error());
    Caller caller((*stage)->brokerPort(), (*stage)->node().uuid());
    const Shell shell((*stage)->node().environment);
    const QDir stateDir((*stage)->node().stateDir());
    const int portion = scale.of(200, 8);
    Samples measured;
    Samples floor;
    Samples durably;
    bool fine = caller.open() && nodeRate(caller, atATime);
    for (int i = 0; fine && i < portions; ++i) {
        floor.add(floorRate(shell, portion));
        durably.add(writtenRate(shell, stateDir, portion));
        const auto rate = nodeRate(caller, portion);
        fine = rate.has_value();
        measured.add(rate.value_or(0));
    }
    if (!fine || caller.failures() > 0)
        return (*stage)->failure(u"a workload was refused or not answered"_s);
    const auto row = [&](const QString &key, const QString &floorWhat, const Samples &most) {
        return Row{.key = keyFor(state, key),
                   .what = u"short workloads, %1 at a time, over %2"_s.arg(atATime).arg(portions * portion) +
                           inWords(state),
                   .unit = u"/s"_s,
                   .measured = measured.summary(),
                   .floorWhat = floorWhat,
                   .floor = most.summary(),
                   .goals = {{.of = Goal::Of::Ratio, .limit = 0.6, .bound = Goal::Bound::AtLeast}},
                   .note = {}};
    };
    return QList<Row>{row(u"rate"_s, u"posix_spawn of that shell, %1 at a time"_s.arg(atATime), floor),
                      row(u"rate_durably"_s, u"that, and two durable writes each"_s, durably)};
}

} // namespace

Rows measureThroughput(const Scale &scale)
{
    return onDiskAndInMemory(measureWith, scale);
}

} // namespace cloudnode::bench
