#include "bench/caller.h"
#include "bench/measure/measurements.h"
#include "bench/stage.h"

#include <QProcess>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode::bench {

namespace {

constexpr qsizetype questionBytes = 100;
constexpr qsizetype answerBytes = 1100;

/// Another program that answers, and does nothing for it.
class Answerer {
public:
    explicit Answerer(Caller &caller) : m_wire(caller.wire()) {}
    ~Answerer()
    {
        m_program.kill();
        m_program.waitForFinished();
    }

    bool start(quint16 brokerPort)
    {
        m_program.start(
            QStringLiteral(CLOUDNODE_BIN_DIR "/cloudnode-bench-answerer"),
            {QString::number(brokerPort), questions, m_wire.echoTopic(), QString::number(answerBytes)});
        return runUntil([this] { return m_program.bytesAvailable() > 0; });
    }

    std::optional<double> ask() { return m_wire.askedAndAnswered(questions, questionBytes); }

private:
    const QString questions = u"bench/questions"_s;
    Wire &m_wire;
    QProcess m_program;
};

std::optional<double> echo(Caller &caller)
{
    const auto there = caller.wire().roundTrip(questionBytes);
    const auto back = caller.wire().roundTrip(answerBytes);
    return there && back ? std::optional(*there + *back) : std::nullopt;
}

std::optional<double> status(Caller &caller)
{
    const auto call = caller.call(u"status"_s);
    const auto answered = caller.waitForEnd(call);
    return answered ? std::optional(millisecondsBetween(call.sent, *answered)) : std::nullopt;
}

Row rowOf(const QString &key, const Samples &measured, const QString &floorWhat, const Samples &floor)
{
    return {.key = key,
            .what = u"status, asked and answered"_s,
            .unit = u"ms"_s,
            .measured = measured.summary(),
            .floorWhat = floorWhat,
            .floor = floor.summary(),
            .goals = {{.of = Goal::Of::Ratio, .limit = 1.2}},
            .note = {}};
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
    Answerer answerer(caller);
    Samples measured;
    Samples floor;
    Samples answered;
    bool fine = caller.open() && answerer.start((*stage)->brokerPort()) && status(caller);
    for (int i = 0; fine && i < scale.of(1000, 200); ++i) {
        const auto byUs = echo(caller);
        const auto byOther = answerer.ask();
        const auto took = status(caller);
        fine = byUs && byOther && took;
        floor.add(byUs.value_or(0));
        answered.add(byOther.value_or(0));
        measured.add(took.value_or(0));
    }
    if (!fine)
        return (*stage)->failure(u"the node does not tell its status"_s);
    return QList<Row>{
        rowOf(u"status"_s, measured, u"two messages of those sizes through the broker"_s, floor),
        rowOf(u"status_answered"_s, measured, u"the same, answered by a program that does nothing else"_s,
              answered)};
}

} // namespace cloudnode::bench
