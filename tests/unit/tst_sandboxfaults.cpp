#include "sandbox/faults.h"

#include <QTest>

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;
using namespace cloudnode::sandbox;

Q_DECLARE_METATYPE(cloudnode::sandbox::Operation)

class TestSandboxFaults : public QObject {
    Q_OBJECT

private slots:
    void parses_data();
    void parses();
    void refuses_data();
    void refuses();
    void someActNonetheless();
    void countsDown();
    void comesInOrder();
    void clearsOneOperation();
};

void TestSandboxFaults::parses_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<Operation>("operation");
    QTest::addColumn<QString>("effect");
    QTest::addColumn<int>("count"); // -1: for ever
    QTest::newRow("a status, three times") << u"register=503:3"_s << Operation::Register << u"503"_s << 3;
    QTest::newRow("a status, for ever") << u"create=401"_s << Operation::Create << u"401"_s << -1;
    QTest::newRow("a redirect") << u"log=302"_s << Operation::Log << u"302"_s << -1;
    QTest::newRow("no answer") << u"heartbeat=hang"_s << Operation::Heartbeat << u"hang"_s << -1;
    QTest::newRow("half an answer, once") << u"failed=close:1"_s << Operation::Failed << u"close"_s << 1;
    QTest::newRow("a late answer") << u"log=slow=250:2"_s << Operation::Log << u"slow=250"_s << 2;
    QTest::newRow("nonsense") << u"terminated=badjson"_s << Operation::Terminated << u"badjson"_s << -1;
    QTest::newRow("a page for people") << u"log=html"_s << Operation::Log << u"html"_s << -1;
    QTest::newRow("done, but never answered") << u"log=lost:1"_s << Operation::Log << u"lost"_s << 1;
    QTest::newRow("answered twice") << u"log=twice"_s << Operation::Log << u"twice"_s << -1;
    QTest::newRow("answered to somebody else")
        << u"workload_status=stranger"_s << Operation::WorkloadStatus << u"stranger"_s << -1;
    QTest::newRow("a store that hangs up") << u"store=cut=1000:2"_s << Operation::Store << u"cut=1000"_s << 2;
    QTest::newRow("a slow store") << u"store=crawl=4096"_s << Operation::Store << u"crawl=4096"_s << -1;
    QTest::newRow("an expired URL") << u"store=expired:1"_s << Operation::Store << u"expired"_s << 1;
    QTest::newRow("nothing") << u"create=empty"_s << Operation::Create << u"empty"_s << -1;
}

void TestSandboxFaults::parses()
{
    QFETCH(QString, text);
    QFETCH(Operation, operation);
    QFETCH(QString, effect);
    QFETCH(int, count);
    const auto fault = Fault::parse(text);
    QVERIFY2(fault, fault ? "" : qPrintable(fault.error().text()));
    QCOMPARE(toString(fault->operation), toString(operation));
    QCOMPARE(fault->effect(), effect);
    QCOMPARE(fault->count.value_or(-1), count);
}

void TestSandboxFaults::refuses_data()
{
    QTest::addColumn<QString>("text");
    for (const char *text : {"",
                             "register",
                             "=503",
                             "dance=503",
                             "register=",
                             "register=200",
                             "register=600",
                             "register=503:",
                             "register=503:0",
                             "register=503:-1",
                             "register=503:many",
                             "register=slow",
                             "register=slow=",
                             "register=slow=-1",
                             "register=Hang",
                             "register=cut=5",
                             "register=expired",
                             "store=html",
                             "store=twice",
                             "store=cut=",
                             "store=cut=-1",
                             "store=crawl=0"})
        QTest::newRow(text) << QString::fromLatin1(text);
}

void TestSandboxFaults::refuses()
{
    QFETCH(QString, text);
    const auto fault = Fault::parse(text);
    QVERIFY(!fault);
    QVERIFY(fault.error().what.contains(text));
    QVERIFY(!fault.error().remedy.isEmpty());
}

void TestSandboxFaults::someActNonetheless()
{
    for (const QString &effect : {u"slow=1"_s, u"lost"_s, u"twice"_s, u"stranger"_s})
        QVERIFY2(Fault::parse(u"log="_s + effect).value().acts(), qPrintable(effect));
    for (const QString &effect : {u"503"_s, u"hang"_s, u"close"_s, u"badjson"_s, u"empty"_s, u"html"_s})
        QVERIFY2(!Fault::parse(u"log="_s + effect).value().acts(), qPrintable(effect));
}

void TestSandboxFaults::countsDown()
{
    Faults faults;
    faults.add(Fault::parse(u"register=503:2"_s).value());
    QVERIFY(!faults.take(Operation::Heartbeat));
    QVERIFY(faults.take(Operation::Register));
    QVERIFY(faults.take(Operation::Register));
    QVERIFY(!faults.take(Operation::Register));
}

void TestSandboxFaults::comesInOrder()
{
    Faults faults;
    faults.add(Fault::parse(u"register=503:1"_s).value());
    faults.add(Fault::parse(u"register=slow=5"_s).value());
    QCOMPARE(faults.take(Operation::Register)->status, 503);
    for (int i = 0; i < 5; ++i)
        QCOMPARE(faults.take(Operation::Register)->delay, 5ms);
}

void TestSandboxFaults::clearsOneOperation()
{
    Faults faults;
    faults.add(Fault::parse(u"register=503"_s).value());
    faults.add(Fault::parse(u"log=503"_s).value());
    faults.clear(Operation::Register);
    QVERIFY(!faults.take(Operation::Register));
    QVERIFY(faults.take(Operation::Log));
}

QTEST_GUILESS_MAIN(TestSandboxFaults)
#include "tst_sandboxfaults.moc"
