#include "faults/stage.h"
#include "integration/tcprelay.h"

#include <QTest>

using namespace Qt::Literals::StringLiterals;
using namespace cloudnode;
using namespace cloudnode::faults;
using Kind = Job::Kind;

/// What a backend can do to its nodes. Commands and results take the other way, and do not wait for it; logs
/// wait, and arrive when it is well again.
class TestBackend : public QObject {
    Q_OBJECT

private slots:
    void misbehaves_data();
    void misbehaves();
    void isHeardWhenItAsksForTime();
    void refusesConnections();

private:
    void work(Stage &stage);
};

namespace {

const QList<Kind> brief = {Kind::Plain, Kind::Unended, Kind::Binary, Kind::Suicide};

} // namespace

/// Has a few jobs done and their results delivered.
void TestBackend::work(Stage &stage)
{
    const auto jobs = stage.customer().jobs().size() + Stage::workloadsAtOnce;
    QVERIFY(QTest::qWaitFor(
        [&] {
            if (stage.customer().jobs().size() < jobs)
                stage.keepBusy(brief);
            stage.customer().catchUp();
            return stage.customer().jobs().size() >= jobs && stage.customer().isContent();
        },
        Stage::patience));
}

void TestBackend::misbehaves_data()
{
    QTest::addColumn<QString>("effect");
    QStringList effects = {u"502"_s, u"badjson"_s, u"html"_s, u"302"_s, u"slow=300"_s};
    if (Stage::isLong())
        effects += {u"500"_s, u"429"_s, u"401"_s, u"408"_s, u"empty"_s, u"close"_s, u"hang"_s};
    for (const QString &effect : std::as_const(effects))
        QTest::newRow(qPrintable(effect)) << effect;
}

void TestBackend::misbehaves()
{
    QFETCH(QString, effect);
    Stage stage(u"backend "_s + effect);
    const auto opened = stage.open();
    QVERIFY2(opened, qPrintable(opened ? QString() : opened.error().text()));
    const QString count = effect.startsWith(u"slow"_s) ? QString() : u":2"_s;
    QVERIFY(stage.sandbox().fail({u"log=%1%2"_s.arg(effect, count), u"heartbeat=%1:1"_s.arg(effect)}));
    work(stage);
    QVERIFY(stage.node().isRunning());
    QTRY_VERIFY_WITH_TIMEOUT(stage.sandbox().events(u"fault"_s).size() >= 2, Stage::patience);
    const Reckoning reckoning = stage.finish();
    qInfo().noquote() << Stage::report(u"backend: "_s + effect, reckoning);
    QVERIFY(reckoning.isClean());
    QCOMPARE(reckoning.logRewinds, 0);
}

void TestBackend::isHeardWhenItAsksForTime()
{
    Stage stage(u"backend 429"_s);
    const auto opened = stage.open();
    QVERIFY2(opened, qPrintable(opened ? QString() : opened.error().text()));
    if (stage.sandbox().controlPlane() != u"rest"_s)
        QSKIP("over MQTT it cannot ask");
    QVERIFY(stage.sandbox().fail({u"log=429:1"_s})); // with Retry-After: 1
    // It prints to one stream only, so there is never more than one request under way.
    stage.customer().send({.kind = Kind::Flood, .lines = 3, .serial = 1});
    QTRY_VERIFY_WITH_TIMEOUT(stage.sandbox().hasEvent(u"log"_s), Stage::patience);
    const auto timeOf = [&](const QString &event) {
        return QDateTime::fromString(stage.sandbox().events(event).first().value("time"_L1).toString(),
                                     Qt::ISODateWithMs);
    };
    QVERIFY(timeOf(u"fault"_s).msecsTo(timeOf(u"log"_s)) >= 950); // its own first wait may be half of that
    QVERIFY(stage.finish().isClean());
}

void TestBackend::refusesConnections()
{
    Stage stage(u"backend refuses"_s);
    std::unique_ptr<TcpRelay> relay;
    const auto opened = stage.open(Stage::straight, [&](quint16 port) {
        relay = std::make_unique<TcpRelay>(port);
        return relay->port();
    });
    QVERIFY2(opened, qPrintable(opened ? QString() : opened.error().text()));
    if (stage.sandbox().controlPlane() != u"rest"_s)
        QSKIP("over MQTT the broker's connections are the only ones");
    relay->refuse();
    work(stage);
    QTRY_VERIFY_WITH_TIMEOUT(stage.node().log().contains(u"logs wait for the backend"_s), Stage::patience);
    relay->acceptAgain();
    const Reckoning reckoning = stage.finish();
    qInfo().noquote() << Stage::report(u"backend: refused"_s, reckoning);
    QVERIFY(reckoning.isClean());
    QVERIFY(reckoning.logRewinds <= 4); // what was on its way when the line was cut
}

QTEST_GUILESS_MAIN(TestBackend)
#include "tst_backend.moc"
