#include "support/waiting.h"
#include "workload/sparefolders.h"

#include <QDir>
#include <QSet>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::Literals::StringLiterals;
using namespace cloudnode;

class TestSpareFolders : public QObject {
    Q_OBJECT

private slots:
    void init();

    void isMadeBeforeItIsNeeded();
    void isMadeAtOnceIfItMust();
    void isReplacedWhenItIsTaken();
    void areMoreWhereOneWasTooFew();
    void livesWithItsRemoval();
    void leavesNothingBehind();
    void saysWhyThereIsNone();

private:
    QStringList names() const
    {
        return QDir(m_parent->path()).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot);
    }

    std::unique_ptr<QTemporaryDir> m_parent;
};

namespace {

const QStringList files = {u"exit.json.new"_s, u"lock"_s,      u"params.json"_s,
                           u"results"_s,       u"spec.json"_s, u"started.json.new"_s,
                           u"stderr.log"_s,    u"stdout.log"_s};

QStringList filesOf(const QTemporaryDir &folder)
{
    QStringList found = QDir(folder.path()).entryList(QDir::AllEntries | QDir::NoDotAndDotDot);
    found.sort();
    return found;
}

} // namespace

void TestSpareFolders::init()
{
    m_parent = std::make_unique<QTemporaryDir>();
}

void TestSpareFolders::isMadeBeforeItIsNeeded()
{
    SpareFolders spares(m_parent->path(), u".spare-"_s);
    QSignalSpy prepared(&spares, &SpareFolders::prepared);
    spares.prepare();
    WAIT_FOR(!prepared.isEmpty());
    QCOMPARE(names().size(), 1);
    QVERIFY(names().first().startsWith(u".spare-"_s));
    const auto taken = spares.take();
    QVERIFY(taken);
    QCOMPARE((*taken)->path(), m_parent->filePath(names().first()));
    QCOMPARE(filesOf(**taken), files);
    QCOMPARE(QFileInfo((*taken)->filePath(u"spec.json"_s)).size(), 0);
    QVERIFY(QFileInfo((*taken)->filePath(u"exit.json.new"_s)).size() >= 4096); // the space is its own
}

void TestSpareFolders::isMadeAtOnceIfItMust()
{
    SpareFolders spares(m_parent->path(), u".spare-"_s);
    const auto taken = spares.take();
    QVERIFY(taken);
    QCOMPARE(filesOf(**taken), files);
}

void TestSpareFolders::isReplacedWhenItIsTaken()
{
    SpareFolders spares(m_parent->path(), u".spare-"_s);
    QSignalSpy prepared(&spares, &SpareFolders::prepared);
    const auto first = spares.take();
    QVERIFY(first);
    WAIT_FOR(!prepared.isEmpty());
    QCOMPARE(names().size(), 2);
    const auto second = spares.take();
    QVERIFY(second && (*second)->path() != (*first)->path());
}

void TestSpareFolders::areMoreWhereOneWasTooFew()
{
    SpareFolders spares(m_parent->path(), u".spare-"_s);
    std::vector<std::unique_ptr<QTemporaryDir>> taken;
    for (std::size_t i = 0; i < 2 * SpareFolders::most; ++i) {
        auto one = spares.take();
        QVERIFY(one);
        QCOMPARE(filesOf(**one), files);
        taken.push_back(std::move(*one));
    }
    WAIT_FOR(names().size() > static_cast<qsizetype>(taken.size() + SpareFolders::most / 2));
    QSet<QString> paths;
    for (const auto &one : taken)
        paths << one->path();
    QCOMPARE(paths.size(), static_cast<qsizetype>(taken.size()));
}

void TestSpareFolders::livesWithItsRemoval()
{
    SpareFolders spares(m_parent->path(), u".spare-"_s);
    QSignalSpy prepared(&spares, &SpareFolders::prepared);
    spares.prepare();
    WAIT_FOR(!prepared.isEmpty());
    QVERIFY(QDir(m_parent->filePath(names().first())).removeRecursively());
    const auto taken = spares.take();
    QVERIFY(taken);
    QCOMPARE(filesOf(**taken), files);
}

void TestSpareFolders::leavesNothingBehind()
{
    {
        SpareFolders spares(m_parent->path(), u".spare-"_s);
        const auto taken = spares.take();
        QVERIFY(taken);
        WAIT_FOR(names().size() == 2);
    }
    QCOMPARE(names(), QStringList());
}

void TestSpareFolders::saysWhyThereIsNone()
{
    SpareFolders spares(m_parent->filePath(u"missing"_s), u".spare-"_s);
    spares.prepare();
    const auto taken = spares.take();
    QVERIFY(!taken);
    QVERIFY(taken.error().where.startsWith(m_parent->filePath(u"missing"_s)));
}

QTEST_GUILESS_MAIN(TestSpareFolders)
#include "tst_sparefolders.moc"
