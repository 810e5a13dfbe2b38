// cloudnode-bench: what the node costs, measured on the real programs.
#include "bench/awakeprocessors.h"
#include "bench/measure/measurements.h"
#include "bench/reference.h"
#include "bench/table.h"

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>

#include <array>
#include <cstdio>
#include <optional>

using namespace Qt::Literals::StringLiterals;
using namespace cloudnode;
using namespace cloudnode::bench;

namespace {

struct Measurement {
    QLatin1StringView name;
    Rows (*measure)(const Scale &scale);
};

constexpr std::array measurements = {
    Measurement{"latency"_L1, measureLatency},
    Measurement{"whole"_L1, measureWhole},
    Measurement{"throughput"_L1, measureThroughput},
    Measurement{"status"_L1, measureStatus},
    Measurement{"startup"_L1, measureStartUp},
    Measurement{"loglatency"_L1, measureLogLatency},
    Measurement{"lograte"_L1, measureLogThroughput},
    Measurement{"idle"_L1, measureIdle},
    Measurement{"crowd"_L1, measureCrowd},
    Measurement{"history"_L1, measureHistory},
    Measurement{"size"_L1, measureSize},
    Measurement{"window"_L1, measureWindow},
};

int complain(const QString &text)
{
    std::fprintf(stderr, "cloudnode-bench: %s\n", qUtf8Printable(text));
    return 1;
}

struct Outcome {
    QList<Row> rows;
    bool isComplete = true;
};

/// One that cannot be made is no reason to throw the others away.
Outcome measureAll(const Scale &scale, const QStringList &wanted)
{
    Outcome outcome;
    for (const Measurement &measurement : measurements) {
        if (!wanted.isEmpty() && !wanted.contains(measurement.name))
            continue;
        std::fprintf(stderr, "%s\n", measurement.name.data());
        const auto measured = measurement.measure(scale);
        if (measured) {
            outcome.rows << *measured;
        } else {
            complain(measurement.name + u": "_s + measured.error().text());
            outcome.isComplete = false;
        }
    }
    return outcome;
}

void print(const QList<Row> &rows, bool asJson)
{
    QJsonArray array;
    for (const Row &row : rows)
        array.append(row.toJson());
    const QByteArray text = asJson ? QJsonDocument(array).toJson() : table(rows).toUtf8();
    std::fputs(text.constData(), stdout);
}

} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    QCommandLineParser line;
    line.setApplicationDescription(u"Measures what the node costs, beside the least it could cost."_s);
    line.addHelpOption();
    const QCommandLineOption brief(u"short"_s, u"Look for seconds, not minutes."_s);
    const QCommandLineOption json(u"json"_s, u"Print a JSON array instead of a table."_s);
    const QCommandLineOption check(
        u"check"_s, u"Fail if a ratio is, at its best, three times worse than in this file."_s, u"file"_s);
    const QCommandLineOption save(
        u"save"_s, u"Write the ratios into this file, for --check: those it has, or all if it is new."_s,
        u"file"_s);
    const QCommandLineOption sleepy(
        u"sleepy"_s,
        u"Let idle processors sleep, as they usually do; waking one is then part of the figures."_s);
    line.addOptions({brief, json, check, save, sleepy});
    line.addPositionalArgument(u"measurements"_s, u"Only these, such as latency or idle."_s, u"[name...]"_s);
    line.process(application);

    std::optional<AwakeProcessors> processors;
    if (!line.isSet(sleepy) && !processors.emplace().areAwake())
        std::fputs(
            "idle processors sleep, and waking one is part of the figures: only root can change that\n",
            stderr);
    const Outcome outcome = measureAll({.isShort = line.isSet(brief)}, line.positionalArguments());
    print(outcome.rows, line.isSet(json));
    if (line.isSet(save)) {
        if (const auto saved = Reference::save(outcome.rows, line.value(save)); !saved)
            return complain(saved.error().text());
    }
    if (!line.isSet(check))
        return outcome.isComplete ? 0 : 1;
    const auto reference = Reference::load(line.value(check));
    if (!reference)
        return complain(reference.error().text());
    const QStringList regressions = reference->regressions(outcome.rows);
    for (const QString &regression : regressions)
        complain(regression);
    return outcome.isComplete && regressions.isEmpty() ? 0 : 1;
}
