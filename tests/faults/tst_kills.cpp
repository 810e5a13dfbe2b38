#include "faults/stage.h"

#include <QElapsedTimer>
#include <QJsonDocument>
#include <QTest>

using namespace Qt::Literals::StringLiterals;
using namespace cloudnode;
using namespace cloudnode::faults;
using Kind = Job::Kind;

/// SIGKILL, at every step and at any time: no result is lost, doubled or wrong.
class TestKills : public QObject {
    Q_OBJECT

private slots:
    void theNodeAtEveryStep();
    void theNodeAtAnyTime();
    void theRunnerAtEveryStep_data();
    void theRunnerAtEveryStep();
    void aRefusalIsSaidOnce();

private:
    struct Step {
        QString name;
        int count = 1;
    };

    QList<Step> stepsOf(Stage &stage, const QStringList &roles);
    bool strike(Stage &stage, const Step &step);
    void restart(Stage &stage);
};

namespace {

const QList<Kind> brief = {Kind::Plain,  Kind::Plain,   Kind::Plain, Kind::Unended, Kind::Binary,
                           Kind::Closed, Kind::Suicide, Kind::Group, Kind::Long};

constexpr int logsUnderWay = 4; // at most so many POSTs does a kill cut off

/// How often a step is chosen: a life of the node takes some of them often. A supervisor takes each once for
/// its first workload, and again for its second. A service may never need another supervisor.
int roundsOf(const QString &step, int total)
{
    if (step.startsWith(u"node/"))
        return Stage::isLong() ? std::min(total, 5) : 1;
    return step.startsWith(u"starter/") ? 1 : std::min(total, 2);
}

} // namespace

/// Watches a calm life for the steps there are.
QList<TestKills::Step> TestKills::stepsOf(Stage &stage, const QStringList &roles)
{
    stage.kills().setTracing(true);
    restart(stage);
    (void)QTest::qWaitFor(
        [&] {
            if (stage.customer().jobs().size() < 12)
                stage.keepBusy(brief);
            stage.customer().catchUp();
            return stage.customer().isContent();
        },
        Stage::patience);
    stage.kills().setTracing(false);
    const QMap<QString, int> counts = stage.kills().takeTrace();
    QList<Step> steps;
    for (auto step = counts.cbegin(); step != counts.cend(); ++step) {
        if (!roles.contains(step.key().section(u'/', 0, 0)))
            continue;
        for (int round = 1; round <= roundsOf(step.key(), *step); ++round)
            steps << Step{step.key(), round};
    }
    return steps;
}

void TestKills::restart(Stage &stage)
{
    stage.node().kill();
    stage.startNode();
}

/// A life of the node that ends at this step. False if the step is not reached; then the life goes on.
bool TestKills::strike(Stage &stage, const Step &step)
{
    stage.kills().give(step.name, step.count);
    restart(stage);
    const bool struck = QTest::qWaitFor(
        [&] {
            stage.keepBusy(brief);
            return !stage.node().isRunning();
        },
        Stage::patience);
    if (struck && stage.kills().isPending())
        qWarning().noquote() << "the node has ended by itself before" << step.name << '\n'
                             << stage.node().log();
    const bool obeyed = struck && !stage.kills().isPending();
    stage.kills().withdraw();
    return obeyed;
}

void TestKills::theNodeAtEveryStep()
{
    Stage stage(u"node steps"_s);
    const auto opened = stage.open();
    QVERIFY2(opened, qPrintable(opened ? QString() : opened.error().text()));
    const QList<Step> steps = stepsOf(stage, {u"node"_s});
    QVERIFY(steps.size() > 20);
    int kills = 0;
    QStringList missed;
    for (const Step &step : steps) {
        if (strike(stage, step))
            ++kills;
        else
            missed << u"%1 %2"_s.arg(step.name).arg(step.count);
    }
    restart(stage);
    const Reckoning reckoning = stage.finish();
    qInfo().noquote() << Stage::report(u"%1 kills of the node, each at a step of its own"_s.arg(kills),
                                       reckoning);
    QVERIFY(reckoning.isClean());
    QVERIFY(reckoning.logRewinds <= kills * logsUnderWay);
    QCOMPARE(missed.join(u", "_s), QString());
}

void TestKills::theNodeAtAnyTime()
{
    Stage stage(u"node times"_s);
    const auto opened = stage.open();
    QVERIFY2(opened, qPrintable(opened ? QString() : opened.error().text()));
    const int kills = Stage::isLong() ? 900 : 20;
    for (int i = 0; i < kills; ++i) {
        restart(stage);
        QElapsedTimer life;
        life.start();
        const int end = 20 + stage.chance().bounded(400);
        (void)QTest::qWaitFor(
            [&] {
                stage.keepBusy(brief);
                return life.hasExpired(end);
            },
            Stage::patience);
        QVERIFY2(stage.node().isRunning(), qPrintable(stage.node().log()));
    }
    restart(stage);
    const Reckoning reckoning = stage.finish();
    qInfo().noquote() << Stage::report(u"%1 kills of the node at random times"_s.arg(kills), reckoning);
    QVERIFY(reckoning.isClean());
    QVERIFY(reckoning.logRewinds <= kills * logsUnderWay);
}

void TestKills::theRunnerAtEveryStep_data()
{
    QTest::addColumn<bool>("hasService");
    QTest::newRow("that is called for each workload") << false;
    QTest::newRow("that waits for orders") << true;
}

void TestKills::theRunnerAtEveryStep()
{
    QFETCH(bool, hasService);
    Stage stage(hasService ? u"waiting runner steps"_s : u"runner steps"_s);
    if (!hasService)
        stage.kills().refuseService();
    const auto opened = stage.open();
    QVERIFY2(opened, qPrintable(opened ? QString() : opened.error().text()));
    int kills = 0;
    const QList<Step> steps = stepsOf(stage, {u"starter"_s, u"supervisor"_s, u"child"_s});
    const auto isOrder = [](const Step &step) { return step.name == u"supervisor/receive order"_s; };
    QCOMPARE(std::any_of(steps.cbegin(), steps.cend(), isOrder), hasService);
    QList<Step> plan;
    for (int round = 0; round < (Stage::isLong() ? 5 : 1); ++round)
        plan += steps;
    for (const Step &step : std::as_const(plan)) {
        stage.kills().give(step.name, step.count);
        if (QTest::qWaitFor(
                [&] {
                    stage.keepBusy(brief);
                    return !stage.kills().isPending();
                },
                Stage::patience))
            ++kills;
        stage.kills().withdraw();
    }
    const Reckoning reckoning = stage.finish(Supervision::Attacked);
    qInfo().noquote() << Stage::report(u"%1 kills of a runner, each at a step of its own"_s.arg(kills),
                                       reckoning);
    QVERIFY(reckoning.isClean());
    QVERIFY(kills > 10);
    QCOMPARE(kills, plan.size());
}

/// The broker delivers a command again whose receipt it has not seen. By then there may be room for it, but
/// what has been said holds.
void TestKills::aRefusalIsSaidOnce()
{
    Stage stage(u"refusals"_s);
    const auto opened = stage.open();
    QVERIFY2(opened, qPrintable(opened ? QString() : opened.error().text()));
    Customer &customer = stage.customer();
    for (int serial = 1; serial <= Stage::workloadsAtOnce; ++serial)
        customer.send({.lines = 3, .pause = 99, .serial = serial});
    const auto haveAllStarted = [&] { return stage.evidence().starts.size() == Stage::workloadsAtOnce; };
    QVERIFY(QTest::qWaitFor(haveAllStarted, Stage::patience));

    // Before its answer leaves, and so before the command is acknowledged. (What the earlier jobs still have
    // to be acknowledged for is no final answer.)
    stage.kills().give(u"node/send PUBLISH final"_s, 1);
    restart(stage);
    QVERIFY(stage.node().waitUntilReady());
    const Job refused{.serial = 100};
    customer.send(refused);
    QTRY_VERIFY_WITH_TIMEOUT(!stage.node().isRunning(), Stage::patience);
    QTRY_VERIFY_WITH_TIMEOUT(stage.node().family().isEmpty(), Stage::patience); // there is room now
    stage.startNode();
    const Job accepted{.serial = 101};
    customer.send(accepted);
    const auto isAnswered = [&] {
        customer.catchUp();
        return !customer.finalsOf(accepted.requestId()).isEmpty();
    };
    QVERIFY(QTest::qWaitFor(isAnswered, Stage::patience));
    const QList<QJsonObject> answers = customer.finalsOf(refused.requestId());
    QVERIFY(!answers.isEmpty());
    for (const QJsonObject &answer : answers)
        QVERIFY2(answer.value("error"_L1).toString().contains(u"busy"_s),
                 QJsonDocument(answer).toJson().constData());
    QCOMPARE(stage.evidence().starts.value(refused.requestId()), 0);
}

QTEST_GUILESS_MAIN(TestKills)
#include "tst_kills.moc"
