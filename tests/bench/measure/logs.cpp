#include "bench/caller.h"
#include "bench/floor/backend.h"
#include "bench/measure/measurements.h"
#include "bench/processmeter.h"
#include "bench/stage.h"

#include <QJsonDocument>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode::bench {

namespace {

constexpr double latestLine = 250; // ms
constexpr int linesPerSecond = 50;
constexpr int batchBytes = 256 * 1024; // as the node cuts them
constexpr int atOnce = 4;              // as the node sends them
constexpr double mega = 1e6;

QString printer(int rate, int amount)
{
    return u"inference: \"exec '%1/cloudnode-bench-printer' %2 %3\""_s.arg(
        QStringLiteral(CLOUDNODE_BIN_DIR), QString::number(rate), QString::number(amount));
}

/// Hears what the backend is sent. Only lives on the stack.
class LogSink {
public:
    explicit LogSink(test::SandboxProcess &backend)
    {
        QObject::connect(&backend, &test::SandboxProcess::happened, &m_ears,
                         [this](const QJsonObject &event) {
                             if (event[u"event"_s] == u"log"_s)
                                 take(event[u"log_content"_s].toString());
                         });
    }

    Samples ages;        ///< of lines that begin with the time they were written. Unit: milliseconds
    qsizetype bytes = 0; ///< all of them, of ASCII

private:
    void take(const QString &content)
    {
        const auto now = std::chrono::duration<double, std::micro>(Clock::now().time_since_epoch()).count();
        bytes += content.size();
        if (content.size() >= batchBytes / 2)
            return; // throughput is measured: nobody looks at single lines
        for (const QStringView line : QStringView(content).split(u'\n', Qt::SkipEmptyParts)) {
            bool isTime = false;
            const double written = line.left(line.indexOf(u' ')).toDouble(&isTime);
            if (isTime)
                ages.add((now - written) / 1000);
        }
    }

    QObject m_ears;
};

QJsonObject logCall(const QString &uuid, const QString &content)
{
    return {{u"instance_uuid"_s, uuid}, {u"log_type"_s, u"stdout"_s}, {u"log_content"_s, content}};
}

/// Milliseconds until the backend tells of one line that is posted to it.
std::optional<double> onePost(Backend &backend, const LogSink &sink, const QString &uuid)
{
    const qsizetype before = sink.bytes;
    const auto begin = Clock::now();
    if (!backend.post(u'/' + uuid + u"/log"_s, logCall(uuid, u"a line of the floor\n"_s)) ||
        !runUntil([&] { return sink.bytes > before; }))
        return std::nullopt;
    return millisecondsBetween(begin, Clock::now());
}

double megabytesPerSecond(double megabytes, Clock::time_point begin)
{
    return megabytes / (millisecondsBetween(begin, Clock::now()) / 1000);
}

std::optional<double> floorRate(Backend &backend, const LogSink &sink, const QString &uuid, int megabytes)
{
    const QString content = (QString(99, u'.') + u'\n').repeated(batchBytes / 100);
    const QByteArray call = QJsonDocument(logCall(uuid, content)).toJson(QJsonDocument::Compact);
    const auto count = static_cast<qsizetype>(megabytes * mega / batchBytes);
    const auto expected = sink.bytes + count * (batchBytes / 100 * 100);
    const auto begin = Clock::now();
    const bool taken = backend.postAll(u'/' + uuid + u"/log"_s, QByteArrayList(count, call), atOnce) &&
                       runUntil([&] { return sink.bytes >= expected; });
    return taken ? std::optional(megabytesPerSecond(megabytes, begin)) : std::nullopt;
}

std::optional<double> nodeRate(Caller &caller, const LogSink &sink, int megabytes)
{
    const auto expected = sink.bytes + static_cast<qsizetype>(megabytes * mega);
    const auto begin = Clock::now();
    caller.call(u"inference"_s);
    if (!runUntil([&] { return sink.bytes >= expected; }))
        return std::nullopt;
    return megabytesPerSecond(megabytes, begin);
}

} // namespace

Rows measureLogLatency(const Scale &scale)
{
    const int seconds = scale.of(10, 2);
    const auto stage = Stage::build({printer(linesPerSecond, seconds)});
    if (!stage)
        return tl::make_unexpected(stage.error());
    if (const auto started = (*stage)->startNode(); !started)
        return tl::make_unexpected(started.error());
    Backend backend((*stage)->backend().apiUrl(), (*stage)->backend().token());
    LogSink sink((*stage)->backend());
    const QString uuid = (*stage)->node().uuid();
    Caller caller((*stage)->brokerPort(), uuid);
    if (!caller.open())
        return fail(u"the broker refuses us"_s);
    Samples floor;
    const auto call = caller.call(u"inference"_s);
    for (const auto end = Clock::now() + std::chrono::seconds(seconds); Clock::now() < end;) {
        if (const auto took = onePost(backend, sink, uuid))
            floor.add(*took);
        runFor(std::chrono::milliseconds(100));
    }
    if (!caller.waitForEnd(call))
        return (*stage)->failure(u"the workload does not end"_s);
    runFor(std::chrono::milliseconds(500)); // its last lines
    return QList<Row>{{.key = u"log_latency"_s,
                       .what = u"line written by the workload -> line at the backend"_s,
                       .unit = u"ms"_s,
                       .measured = sink.ages.summary(),
                       .floorWhat = u"one POST"_s,
                       .floor = floor.summary(),
                       .goals = {{.of = Goal::Of::P99, .limit = latestLine}},
                       .note = {}}};
}

Rows measureLogThroughput(const Scale & /*scale*/)
{
    constexpr int megabytes = 3;
    constexpr int times = 5; // as much as the sandbox keeps of an instance's log
    const auto stage = Stage::build({printer(0, megabytes)});
    if (!stage)
        return tl::make_unexpected(stage.error());
    if (const auto started = (*stage)->startNode(); !started)
        return tl::make_unexpected(started.error());
    Backend backend((*stage)->backend().apiUrl(), (*stage)->backend().token());
    LogSink sink((*stage)->backend());
    const qint64 node = (*stage)->node().pid();
    const QString uuid = (*stage)->node().uuid();
    Caller caller((*stage)->brokerPort(), uuid);
    Samples measured;
    Samples floor;
    Samples work;
    Samples memory;
    const auto another = backend.registerInstance(); // for what the floor sends
    bool fine = caller.open() && another;
    for (int i = 0; fine && i < times; ++i) {
        const auto least = floorRate(backend, sink, *another, megabytes);
        const double workBefore = processmeter::work(node);
        const auto rate = nodeRate(caller, sink, megabytes);
        fine = least && rate;
        floor.add(least.value_or(0));
        measured.add(rate.value_or(0));
        work.add((processmeter::work(node) - workBefore) / megabytes);
        memory.add(processmeter::memory(node).privateDirty);
    }
    if (!fine)
        return (*stage)->failure(u"the backend does not get the logs"_s);
    return QList<Row>{
        {.key = u"log_rate"_s,
         .what = u"log shipping, a workload that writes %1 MB as fast as it can"_s.arg(megabytes),
         .unit = u"MB/s"_s,
         .measured = measured.summary(),
         .floorWhat = u"POSTs of that size, so many at once"_s,
         .floor = floor.summary(),
         .goals = {{.of = Goal::Of::Ratio, .limit = 0.5, .bound = Goal::Bound::AtLeast}},
         .note = {}},
        {.key = u"log_work"_s,
         .what = u"the same, processor time of the node a megabyte"_s,
         .unit = u"ms"_s,
         .measured = work.summary(),
         .floorWhat = {},
         .floor = {},
         .goals = {},
         .note = {}},
        {.key = u"log_memory"_s,
         .what = u"the same, memory of the node's own after each time (private dirty)"_s,
         .unit = u"MiB"_s,
         .measured = memory.summary(),
         .floorWhat = {},
         .floor = {},
         .goals = {},
         .note = {}}};
}

} // namespace cloudnode::bench
