#include "samples.h"
#include "ui/workloads/actiondelegate.h"
#include "ui/workloads/workloadmodel.h"
#include "ui/workloads/workloadtable.h"

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
    m_table->resize(500, 300);
    QVERIFY(m_table->isColumnHidden(WorkloadModel::Pid));
}

QTEST_MAIN(TestWorkloadTable)
#include "tst_workloadtable.moc"
