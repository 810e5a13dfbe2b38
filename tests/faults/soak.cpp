// A node at work for a while, with everything a normal day brings: short and long jobs, cancellations, a
// broker that drops its connections. Usage: soak MINUTES. Prints how the node's vitals went, and whether all
// was well.

#include "faults/mqttproxy.h"
#include "faults/stage.h"
#include "faults/vitals.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QTest>

#include <cstdio>

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;
using namespace cloudnode;
using namespace cloudnode::faults;
using Kind = Job::Kind;

namespace {

constexpr auto pauseBetweenJobs = 400ms; // it shall be a soak, not a race
constexpr auto betweenDrops = 45s;
constexpr auto betweenSamples = 5s;

const QList<Kind> mixture = {Kind::Plain, Kind::Plain,  Kind::Plain,   Kind::Unended, Kind::Binary,
                             Kind::Long,  Kind::Closed, Kind::Suicide, Kind::Deaf};

/// Does something again and again, as often as its interval says.
class Every {
public:
    explicit Every(std::chrono::milliseconds interval) : m_interval(interval.count()) { m_since.start(); }
    bool isDue()
    {
        if (!m_since.hasExpired(m_interval))
            return false;
        m_since.start();
        return true;
    }

private:
    qint64 m_interval;
    QElapsedTimer m_since;
};

int complain(const QString &what)
{
    std::fprintf(stderr, "soak: %s\n", qUtf8Printable(what));
    return 1;
}

int soak(std::chrono::minutes length)
{
    Stage stage(u"soak"_s);
    std::unique_ptr<MqttProxy> proxy;
    const auto opened = stage.open([&](quint16 port) {
        proxy = std::make_unique<MqttProxy>(port);
        return proxy->port();
    });
    if (!opened)
        return complain(opened.error().text());

    QElapsedTimer clock;
    clock.start();
    Every nextJob(pauseBetweenJobs);
    Every nextDrop(betweenDrops);
    Every nextSample(betweenSamples);
    int drops = 0;
    int longest = 0;
    QList<Vitals> samples;
    while (!clock.hasExpired(std::chrono::milliseconds(length).count()) && stage.node().isRunning()) {
        QTest::qWait(50);
        stage.customer().catchUp();
        if (nextJob.isDue() && stage.customer().unfinished() < Stage::workloadsAtOnce - 1)
            stage.customer().sendAny(mixture);
        if (nextDrop.isDue()) {
            ++drops;
            proxy->cut();
            // One that takes longer than the time until the next drop.
            stage.customer().send({.lines = 60, .pause = 99, .serial = 1'000'000 + ++longest});
        }
        if (nextSample.isDue())
            samples << Vitals::of(stage.node().pid(), stage.node().stateDir(),
                                  static_cast<double>(clock.elapsed()) / 1000);
    }
    if (!stage.node().isRunning())
        return complain(u"the node has ended: "_s + stage.node().log());
    const Reckoning reckoning = stage.finish();
    std::printf("%s\n%s",
                qUtf8Printable(Stage::report(
                    u"soak of %1 minutes, %2 lines cut"_s.arg(length.count()).arg(drops), reckoning)),
                qUtf8Printable(summaryOf(samples)));
    return reckoning.isClean() && reckoning.logRewinds == 0 ? 0 : 1;
}

} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    const int minutes = argc == 2 ? QByteArray(argv[1]).toInt() : 0;
    if (minutes <= 0)
        return complain(u"usage: soak MINUTES"_s);
    return soak(std::chrono::minutes(minutes));
}
