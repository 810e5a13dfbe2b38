#include "samples.h"
#include "ui/workloads/actiondelegate.h"
#include "ui/workloads/workloadmodel.h"
#include "ui/workloads/workloadtable.h"

#include <QHeaderView>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>

using namespace Qt::Literals::StringLiterals;
using namespace cloudnode;

class TestWorkloadTable : public QObject {
    Q_OBJECT

private slots:
    void init();
    void choiceAndPlaceSurviveUpdates();
    void buttonAsksForTheEndOfItsRow();
    void deleteAsksForTheEndOfTheChosenRow();
    void aPressElsewhereAsksForNothing();
    void showsTheColumnsThatMatter();
    void aChoiceThatEndsIsNotReplaced();
    void rowsThatComeAboveMoveNothing();
    void keepsTheOrderOfEitherKind();

private:
    QPoint buttonOf(int row) const;

    std::unique_ptr<WorkloadModel> m_model;
    std::unique_ptr<WorkloadFilter> m_filter;
    std::unique_ptr<WorkloadTable> m_table;
};

void TestWorkloadTable::init()
{
    m_table.reset();
    m_model = std::make_unique<WorkloadModel>();
    m_filter = std::make_unique<WorkloadFilter>();
    m_filter->setSourceModel(m_model.get());
    m_table = std::make_unique<WorkloadTable>(*m_filter);
    m_table->resize(1000, 300);
    m_table->show();
    QList<WorkloadRecord> active;
    for (int i = 0; i < 30; ++i)
        active.append(samples::active(u"r-%1"_s.arg(i, 2, 10, QChar(u'0'))));
    m_model->setActive(active);
    m_table->sortByColumn(WorkloadModel::Request, Qt::AscendingOrder);
}

QPoint TestWorkloadTable::buttonOf(int row) const
{
    return ActionDelegate::buttonRect(m_table->visualRect(m_filter->index(row, WorkloadModel::Action)))
        .center();
}

void TestWorkloadTable::choiceAndPlaceSurviveUpdates()
{
    m_table->selectRow(20);
    m_table->scrollTo(m_filter->index(20, 0), QAbstractItemView::PositionAtTop);
    const int place = m_table->verticalScrollBar()->value();
    QVERIFY(place > 0);
    QSignalSpy chosen(m_table.get(), &WorkloadTable::chosen);
    QList<WorkloadRecord> changed;
    for (int i = 0; i < 30; ++i) {
        changed.append(samples::active(u"r-%1"_s.arg(i, 2, 10, QChar(u'0'))));
        changed.last().cpuPercent = i;
    }
    m_model->setActive(changed);
    m_model->tick();
    m_model->setListed({samples::finished(u"r-25"_s)});
    QCOMPARE(m_table->currentKey(), u"r-20"_s);
    QCOMPARE(m_table->verticalScrollBar()->value(), place);
    QCOMPARE(chosen.count(), 0);
}

void TestWorkloadTable::buttonAsksForTheEndOfItsRow()
{
    QSignalSpy asked(m_table.get(), &WorkloadTable::endAsked);
    QTest::mouseClick(m_table->viewport(), Qt::LeftButton, {}, buttonOf(2));
    QCOMPARE(asked.count(), 1);
    QCOMPARE(asked.at(0).at(0).toString(), u"r-02"_s);
}

void TestWorkloadTable::deleteAsksForTheEndOfTheChosenRow()
{
    QSignalSpy asked(m_table.get(), &WorkloadTable::endAsked);
    QTest::keyClick(m_table.get(), Qt::Key_Delete);
    QCOMPARE(asked.count(), 0);
    m_table->selectRow(4);
    QTest::keyClick(m_table.get(), Qt::Key_Delete);
    QCOMPARE(asked.count(), 1);
    QCOMPARE(asked.at(0).at(0).toString(), u"r-04"_s);
}

void TestWorkloadTable::aPressElsewhereAsksForNothing()
{
    QSignalSpy asked(m_table.get(), &WorkloadTable::endAsked);
    QTest::mousePress(m_table->viewport(), Qt::LeftButton, {}, buttonOf(1));
    QTest::mouseRelease(m_table->viewport(), Qt::LeftButton, {}, buttonOf(3));
    QTest::mouseClick(m_table->viewport(), Qt::LeftButton, {},
                      m_table->visualRect(m_filter->index(1, 1)).center());
    QCOMPARE(asked.count(), 0);
}

void TestWorkloadTable::showsTheColumnsThatMatter()
{
    QVERIFY(m_table->isColumnHidden(WorkloadModel::Result));
    QVERIFY(!m_table->isColumnHidden(WorkloadModel::Action));
    m_table->setWhich(WorkloadFilter::Which::Finished);
    QVERIFY(!m_table->isColumnHidden(WorkloadModel::Result));
    QVERIFY(m_table->isColumnHidden(WorkloadModel::Action));
    m_table->setWhich(WorkloadFilter::Which::Active);
    QVERIFY(!m_table->isColumnHidden(WorkloadModel::Pid));
    for (const int width : {660, 560}) {
        m_table->resize(width, 300);
        QVERIFY(m_table->isColumnHidden(WorkloadModel::Pid));
        const QRect button = m_table->visualRect(m_filter->index(0, WorkloadModel::Action));
        QVERIFY(button.right() <= m_table->viewport()->width());
        QVERIFY(m_table->columnWidth(WorkloadModel::Request) >= 100);
    }
}

/// Else the log would change under its reader, and Delete would mean another workload.
void TestWorkloadTable::aChoiceThatEndsIsNotReplaced()
{
    m_table->selectRow(3);
    QSignalSpy chosen(m_table.get(), &WorkloadTable::chosen);
    m_model->setListed({samples::finished(u"r-03"_s)});
    QCOMPARE(m_table->currentKey(), QString());
    QVERIFY(!m_table->currentIndex().isValid());
    QCOMPARE(chosen.count(), 1);
    QSignalSpy asked(m_table.get(), &WorkloadTable::endAsked);
    QTest::keyClick(m_table.get(), Qt::Key_Delete);
    QCOMPARE(asked.count(), 0);
}

void TestWorkloadTable::rowsThatComeAboveMoveNothing()
{
    QCoreApplication::processEvents(); // rows have their places now
    m_table->scrollTo(m_filter->index(15, 0), QAbstractItemView::PositionAtTop);
    const auto placeOfRow = [this](const QString &key) {
        const QModelIndexList found =
            m_filter->match(m_filter->index(0, 0), WorkloadModel::KeyRole, key, 1, Qt::MatchExactly);
        return m_table->visualRect(found.at(0)).top();
    };
    QCOMPARE(placeOfRow(u"r-15"_s), 0);
    m_model->setActive({samples::active(u"a-1"_s), samples::active(u"a-2"_s)});
    QCoreApplication::processEvents();
    QCOMPARE(placeOfRow(u"r-15"_s), 0);
    m_model->setListed({samples::finished(u"a-1"_s), samples::active(u"r-15"_s), samples::active(u"a-2"_s),
                        samples::active(u"r-16"_s)}); // thirteen end, above and below
    QCoreApplication::processEvents();
    QVERIFY(m_filter->rowCount() < 10);
    m_table->scrollToTop();
    m_model->setActive({samples::active(u"a-0"_s)});
    QCoreApplication::processEvents();
    QCOMPARE(placeOfRow(u"a-0"_s), 0); // at the top, what is new is seen
}

void TestWorkloadTable::keepsTheOrderOfEitherKind()
{
    m_table->sortByColumn(WorkloadModel::Request, Qt::DescendingOrder);
    m_table->setWhich(WorkloadFilter::Which::Finished);
    QCOMPARE(m_table->horizontalHeader()->sortIndicatorSection(), int(WorkloadModel::Ended));
    m_table->setWhich(WorkloadFilter::Which::Active);
    QCOMPARE(m_table->horizontalHeader()->sortIndicatorSection(), int(WorkloadModel::Request));
    QCOMPARE(m_table->horizontalHeader()->sortIndicatorOrder(), Qt::DescendingOrder);
}

QTEST_MAIN(TestWorkloadTable)
#include "tst_workloadtable.moc"
