#include "bench/reference.h"

#include <QTemporaryDir>
#include <QTest>

#include <vector>

using namespace Qt::Literals::StringLiterals;
using namespace cloudnode::bench;

/// What the benchmark takes for a regression, and what for the noise of a machine.
class TestBenchReference : public QObject {
    Q_OBJECT

private slots:
    void init();
    void ownFiguresAreNoRegression();
    void aBusyMachineIsNone();
    void slowerByMoreThanTheToleranceIsOne();
    void aLowerRateIsOne();
    void aRowWithoutAReferenceIsNone();
    void keepsItsChoice();
    void saysWhatIsWrongWithTheFile();

private:
    QString path() const { return m_folder.filePath(u"reference.json"_s); }
    QStringList regressions(const Row &row) const;

    QTemporaryDir m_folder;
};

namespace {

Summary summaryOf(const std::vector<double> &values)
{
    Samples samples;
    for (const double value : values)
        samples.add(value);
    return samples.summary();
}

Row latency(const std::vector<double> &values)
{
    return {.key = u"latency"_s,
            .what = u"question -> answer"_s,
            .unit = u"ms"_s,
            .measured = summaryOf(values),
            .floorWhat = u"the same, done by nobody"_s,
            .floor = summaryOf({1, 1, 1, 1, 1, 1, 1, 1, 1, 1}),
            .goals = {{.of = Goal::Of::Ratio, .limit = 1.5}},
            .note = {}};
}

Row rate(const std::vector<double> &values)
{
    Row row = latency(values);
    row.key = u"rate"_s;
    row.goals = {{.of = Goal::Of::Ratio, .limit = 0.5, .bound = Goal::Bound::AtLeast}};
    return row;
}

const std::vector<double> usual = {2, 2, 2, 2, 2, 2, 2, 2, 2, 2};

} // namespace

QStringList TestBenchReference::regressions(const Row &row) const
{
    const auto reference = Reference::load(path());
    return reference ? reference->regressions({row}) : QStringList(reference.error().text());
}

void TestBenchReference::init()
{
    QVERIFY(Reference::save({latency(usual), rate(usual)}, path()));
}

void TestBenchReference::ownFiguresAreNoRegression()
{
    QCOMPARE(regressions(latency(usual)), QStringList());
    QCOMPARE(regressions(rate(usual)), QStringList());
}

void TestBenchReference::aBusyMachineIsNone()
{
    QCOMPARE(regressions(latency({2, 20, 30, 25, 40, 21, 33, 50, 28, 90})), QStringList());
    QCOMPARE(regressions(rate({2, 0.1, 0.2, 0.3, 0.1, 0.2, 0.1, 0.4, 0.2, 0.1})), QStringList());
}

void TestBenchReference::slowerByMoreThanTheToleranceIsOne()
{
    QCOMPARE(regressions(latency(std::vector<double>(10, 5.9))), QStringList());
    QCOMPARE(regressions(latency(std::vector<double>(10, 6.1))),
             QStringList(u"question -> answer: at best 6.10 times its floor, and 2.00 in the reference"_s));
}

void TestBenchReference::aLowerRateIsOne()
{
    QCOMPARE(regressions(rate(std::vector<double>(10, 0.7))), QStringList());
    QCOMPARE(regressions(rate(std::vector<double>(10, 0.6))).size(), 1);
}

void TestBenchReference::aRowWithoutAReferenceIsNone()
{
    Row unknown = latency(std::vector<double>(10, 1000));
    unknown.key = u"new"_s;
    QCOMPARE(regressions(unknown), QStringList());
    Row withoutFloor = latency(std::vector<double>(10, 1000));
    withoutFloor.floor.reset();
    QCOMPARE(regressions(withoutFloor), QStringList());
}

void TestBenchReference::keepsItsChoice()
{
    Row other = latency(usual);
    other.key = u"other"_s;
    const std::vector<double> slower(10, 8);
    QVERIFY(Reference::save({latency(slower), other}, path()));
    QCOMPARE(regressions(latency(slower)), QStringList());
    other.measured = summaryOf(std::vector<double>(10, 100));
    QCOMPARE(regressions(other), QStringList());
    QCOMPARE(regressions(rate(usual)), QStringList()); // not measured this time, and not forgotten
    QCOMPARE(regressions(rate(std::vector<double>(10, 0.1))).size(), 1);
}

void TestBenchReference::saysWhatIsWrongWithTheFile()
{
    QFile file(path());
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("[]");
    file.close();
    QVERIFY(regressions(latency(usual)).first().contains(u"is no JSON object of numbers"_s));
}

QTEST_GUILESS_MAIN(TestBenchReference)
#include "tst_benchreference.moc"
