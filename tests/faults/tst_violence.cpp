#include "faults/stage.h"
#include "support/cannedserver.h"
#include "support/processes.h"

#include <QJsonDocument>
#include <QTest>

#include <csignal>

using namespace Qt::Literals::StringLiterals;
using namespace cloudnode;
using namespace cloudnode::faults;
using cloudnode::test::isAlive;
using Kind = Job::Kind;

/// Workloads that behave as badly as they can, and those to whom it is done.
class TestViolence : public QObject {
    Q_OBJECT

private slots:
    void jobsThatMisbehave();
    void jobsAndSupervisorsThatAreKilled();
    void aFloodLeavesTheNodeAsItWas();

private:
    qint64 residentKiB(const NodeProcess &node) const;
};

namespace {

const QList<Kind> unruly = {Kind::Unended, Kind::Binary, Kind::Daemon, Kind::Closed,
                            Kind::Suicide, Kind::Group,  Kind::Long,   Kind::Deaf};

} // namespace

void TestViolence::jobsThatMisbehave()
{
    Stage stage(u"unruly jobs"_s);
    const auto opened = stage.open();
    QVERIFY2(opened, qPrintable(opened ? QString() : opened.error().text()));
    const int jobs = Stage::isLong() ? 300 : 24;
    QVERIFY(QTest::qWaitFor(
        [&] {
            stage.keepBusy(unruly);
            return stage.customer().jobs().size() >= jobs;
        },
        Stage::isLong() ? 10 * Stage::patience : Stage::patience));
    const Reckoning reckoning = stage.finish();
    qInfo().noquote() << Stage::report(u"unruly jobs"_s, reckoning);
    QVERIFY(reckoning.isClean());
    QCOMPARE(reckoning.logRewinds, 0);
}

/// Kills from outside: the job, its whole group, or whoever supervises it.
void TestViolence::jobsAndSupervisorsThatAreKilled()
{
    Stage stage(u"killed jobs"_s);
    const auto opened = stage.open();
    QVERIFY2(opened, qPrintable(opened ? QString() : opened.error().text()));
    const int wanted = Stage::isLong() ? 200 : 12;
    int kills = 0;
    QSet<QString> struck;
    QVERIFY(QTest::qWaitFor(
        [&] {
            stage.keepBusy({Kind::Deaf, Kind::Long});
            const Evidence evidence = stage.evidence();
            for (auto job = evidence.processes.cbegin(); job != evidence.processes.cend(); ++job) {
                if (struck.contains(job.key()) || !isAlive(job->job))
                    continue;
                struck << job.key();
                const auto pid = static_cast<pid_t>(job->job);
                const auto supervisor = static_cast<pid_t>(job->supervisor);
                const int victim = stage.chance().bounded(3);
                ::kill(victim == 0 ? pid : victim == 1 ? -pid : supervisor, SIGKILL);
                ++kills;
            }
            return kills >= wanted;
        },
        Stage::isLong() ? 10 * Stage::patience : Stage::patience));
    const Reckoning reckoning = stage.finish(Supervision::Attacked);
    qInfo().noquote() << Stage::report(u"%1 kills of jobs, groups and supervisors"_s.arg(kills), reckoning);
    // What was killed was not cancelled, and may even have been both: only its truth is in doubt.
    QCOMPARE(reckoning.lost + reckoning.doubled + reckoning.startedTwice + reckoning.left, 0);
}

qint64 TestViolence::residentKiB(const NodeProcess &node) const
{
    QFile status(u"/proc/%1/status"_s.arg(node.pid()));
    if (!status.open(QIODevice::ReadOnly))
        return 0;
    for (const QByteArray &line : status.readAll().split('\n')) {
        if (line.startsWith("VmRSS:"))
            return line.simplified().split(' ').value(1).toLongLong();
    }
    return 0;
}

void TestViolence::aFloodLeavesTheNodeAsItWas()
{
    Stage stage(u"flood"_s);
    // A backend that keeps nothing of it.
    test::CannedServer backend([&](const QByteArray &request) {
        const qsizetype body = request.indexOf("\r\n\r\n") + 4;
        stage.logbook().note(QJsonDocument::fromJson(request.sliced(body)).object());
        return test::CannedServer::response(200, R"({"success": true, "uuid": "u-1", "slug": "flooded"})",
                                            "Connection: close\r\n"); // it does close it
    });
    backend.keepRequests(false);
    const auto opened =
        stage.open(Stage::straight, [&](quint16) { return static_cast<quint16>(backend.url().port()); });
    QVERIFY2(opened, qPrintable(opened ? QString() : opened.error().text()));
    const int lines = Stage::isLong() ? 10'000'000 : 50'000; // of a hundred bytes
    const qint64 before = residentKiB(stage.node());
    stage.customer().send({.kind = Kind::Flood, .exitCode = 0, .lines = lines, .pause = 0, .serial = 1});
    qint64 most = 0;
    QVERIFY(QTest::qWaitFor(
        [&] {
            most = std::max(most, residentKiB(stage.node()));
            stage.customer().catchUp();
            return stage.customer().isContent();
        },
        Stage::isLong() ? 20 * Stage::patience : Stage::patience));
    const Reckoning reckoning = stage.finish();
    qInfo().noquote() << Stage::report(
        u"flood of %1 MB; the node grew by %2 KiB"_s.arg(lines / 10'000).arg(most - before), reckoning);
    QVERIFY(reckoning.isClean());
    QVERIFY2(most - before < 16 * 1024, qPrintable(u"%1 KiB"_s.arg(most - before)));
}

QTEST_GUILESS_MAIN(TestViolence)
#include "tst_violence.moc"
