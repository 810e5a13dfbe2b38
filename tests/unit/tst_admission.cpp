#include "node/admission.h"

#include <QTest>

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;
using namespace cloudnode;

class TestAdmission : public QObject {
    Q_OBJECT

private slots:
    void admits();
    void refuses_data();
    void refuses();
    void namesTheTemplateThatIsWrong();
    void fixesWhereResultsAreLookedFor_data();
    void fixesWhereResultsAreLookedFor();
    void refusesAResultsFolderThatHoldsItsOwnState_data();
    void refusesAResultsFolderThatHoldsItsOwnState();
};

namespace {

NodeConfig config()
{
    NodeConfig config;
    config.inference = u"run {body} {request_id}"_s;
    config.workingDirectory = u"/project"_s;
    config.maxConcurrentWorkloads = 2;
    config.workloadTimeout = 60s;
    config.cancelGrace = 5s;
    return config;
}

const RequestId id = *RequestId::parse(u"r'1"_s);

} // namespace

void TestAdmission::admits()
{
    const auto admission = Admission::fromConfig(config());
    QVERIFY(admission);
    QVERIFY(admission->offers(WorkloadType::Inference));
    QVERIFY(!admission->offers(WorkloadType::Training));
    const auto spec = admission->admit(id, {WorkloadType::Inference, {{u"a"_s, u"it's"_s}}, u"w"_s},
                                       u"/p.json"_s, {1, false, false});
    QVERIFY(spec);
    QCOMPARE(spec->command, uR"(run '{"a":"it'\''s"}' 'r'\''1')"_s);
    QCOMPARE(spec->params, R"({"a":"it's"})");
    QCOMPARE(spec->workingDirectory, u"/project"_s);
    QCOMPARE(spec->workloadUuid, u"w"_s);
    QCOMPARE(spec->timeout, 60s);
    QCOMPARE(spec->cancelGrace, 5s);
}

void TestAdmission::refuses_data()
{
    QTest::addColumn<bool>("inference");
    QTest::addColumn<qsizetype>("bodySize");
    QTest::addColumn<int>("active");
    QTest::addColumn<bool>("stopping");
    QTest::addColumn<bool>("paused");
    QTest::addColumn<QString>("keyWords");
    QTest::newRow("as many as configured")
        << true << qsizetype(1) << 2 << false << false << u"busy with 2 active"_s;
    QTest::newRow("no template") << false << qsizetype(1) << 0 << false << false
                                 << u"not configured in cyberwave.yml"_s;
    QTest::newRow("shutting down") << true << qsizetype(1) << 0 << true << false << u"shutting down"_s;
    QTest::newRow("shutting down comes before busy")
        << true << qsizetype(1) << 2 << true << false << u"shutting down"_s;
    QTest::newRow("paused") << true << qsizetype(1) << 0 << false << true << u"paused by its owner"_s;
    QTest::newRow("shutting down comes before paused")
        << true << qsizetype(1) << 0 << true << true << u"shutting down"_s;
    QTest::newRow("a body for no command line")
        << true << qsizetype(200'000) << 0 << false << false << u"{body_file}"_s;
}

void TestAdmission::refuses()
{
    QFETCH(bool, inference);
    QFETCH(qsizetype, bodySize);
    QFETCH(int, active);
    QFETCH(bool, stopping);
    QFETCH(bool, paused);
    QFETCH(QString, keyWords);
    const auto admission = Admission::fromConfig(config());
    const auto type = inference ? WorkloadType::Inference : WorkloadType::Training;
    const auto spec = admission->admit(id, {type, {{u"a"_s, QString(bodySize, u'x')}}, {}}, u"/p.json"_s,
                                       {active, stopping, paused});
    QVERIFY(!spec);
    QVERIFY2(spec.error().text().contains(keyWords), qPrintable(spec.error().text()));
}

void TestAdmission::namesTheTemplateThatIsWrong()
{
    NodeConfig wrong = config();
    wrong.training = u"train '{body}'"_s;
    const auto admission = Admission::fromConfig(wrong);
    QVERIFY(!admission);
    QCOMPARE(admission.error().where, u"training"_s);
}

void TestAdmission::fixesWhereResultsAreLookedFor_data()
{
    QTest::addColumn<bool>("upload");
    QTest::addColumn<QString>("configured");
    QTest::addColumn<QString>("fixed");
    QTest::newRow("nothing configured") << true << NodeConfig().resultsFolder << u"/results"_s;
    QTest::newRow("a folder of the project's") << true << u"out/./files/"_s << u"/project/out/files"_s;
    QTest::newRow("none but its own") << true << QString() << QString();
    QTest::newRow("no upload") << false << u"/results"_s << QString();
}

void TestAdmission::fixesWhereResultsAreLookedFor()
{
    QFETCH(bool, upload);
    QFETCH(QString, configured);
    QFETCH(QString, fixed);
    NodeConfig given = config();
    given.uploadResults = upload;
    given.resultsFolder = configured;
    const auto spec =
        Admission::fromConfig(given)->admit(id, {WorkloadType::Inference, {}, {}}, u"/p.json"_s, {});
    QVERIFY(spec);
    QCOMPARE(spec->uploadResults, upload);
    QCOMPARE(spec->resultsFolder, fixed);
}

void TestAdmission::refusesAResultsFolderThatHoldsItsOwnState_data()
{
    QTest::addColumn<QString>("results");
    QTest::addColumn<bool>("usable");
    QTest::newRow("the very folder") << u"/home/u/.cyberwave"_s << false;
    QTest::newRow("a parent") << u"/home"_s << false;
    QTest::newRow("all there is") << u"/"_s << false;
    QTest::newRow("one beside it") << u"/home/u/.cyberwave-results"_s << true;
    QTest::newRow("one below it") << u"/home/u/.cyberwave/results"_s << true;
}

void TestAdmission::refusesAResultsFolderThatHoldsItsOwnState()
{
    QFETCH(QString, results);
    QFETCH(bool, usable);
    NodeConfig given = config();
    given.stateDir = u"/home/u/.cyberwave"_s;
    given.resultsFolder = results;
    QCOMPARE(Admission::fromConfig(given).has_value(), usable);
    given.uploadResults = false;
    QVERIFY(Admission::fromConfig(given));
}

QTEST_GUILESS_MAIN(TestAdmission)
#include "tst_admission.moc"
