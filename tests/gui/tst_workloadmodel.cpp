#include "samples.h"
#include "ui/workloads/workloadfilter.h"
#include "ui/workloads/workloadmodel.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace Qt::Literals::StringLiterals;
using namespace cloudnode;

class TestWorkloadModel : public QObject {
    Q_OBJECT

private slots:
    void saysWhatIsPainted_data();
    void saysWhatIsPainted();
    void keepsRowsInTheirPlace();
    void announcesOnlyWhatChanged();
    void saysWhatIsBeingUploaded();
    void dropsWhatTheNodeForgot();
    void keepsWhatAnOlderListDoesNotKnow();
    void offersForceWhenGraceIsOver();
    void filters_data();
    void filters();
};

void TestWorkloadModel::saysWhatIsPainted_data()
{
    QTest::addColumn<WorkloadRecord>("workload");
    QTest::addColumn<int>("column");
    QTest::addColumn<QString>("text");
    using Model = WorkloadModel;
    using Status = WorkloadRecord::Status;
    WorkloadRecord plain = samples::active(u"r-8f2c"_s);
    WorkloadRecord progressing = plain;
    progressing.progress = WorkloadRecord::Progress{0.424, u"epoch 4"_s};
    WorkloadRecord wordy = plain;
    wordy.progress = WorkloadRecord::Progress{std::nullopt, u"warming up"_s};
    WorkloadRecord stopping = progressing;
    const QDateTime now = QDateTime::currentDateTimeUtc();
    stopping.cancel = WorkloadRecord::Cancel{u"SIGTERM"_s, now, now.addSecs(3600)};
    WorkloadRecord killed = samples::finished(u"r"_s, Status::Failed);
    killed.exitCode.reset();
    killed.signalName = u"SIGKILL"_s;
    QTest::newRow("progress") << progressing << int(Model::Progress) << u"42 %"_s;
    QTest::newRow("progress in words") << wordy << int(Model::Progress) << u"warming up"_s;
    QTest::newRow("no progress known") << plain << int(Model::Progress) << u"Running"_s;
    QTest::newRow("being cancelled") << stopping << int(Model::Progress) << u"Stopping, 1 h 0 min"_s;
    QTest::newRow("cancel button") << plain << int(Model::Action) << u"Cancel r-8f2c"_s;
    QTest::newRow("no second cancel") << stopping << int(Model::Action) << QString();
    QTest::newRow("cpu") << plain << int(Model::Cpu) << u"740 %"_s;
    QTest::newRow("memory") << plain << int(Model::Memory) << u"6.1 GB"_s;
    QTest::newRow("completed") << samples::finished(u"r"_s) << int(Model::Result) << u"Completed"_s;
    QTest::newRow("failed") << samples::finished(u"r"_s, Status::Failed) << int(Model::Result)
                            << u"Failed, code 3"_s;
    QTest::newRow("killed") << killed << int(Model::Result) << u"Failed, SIGKILL"_s;
    QTest::newRow("duration") << samples::finished(u"r"_s) << int(Model::Duration) << u"1:11:40"_s;
    QTest::newRow("ended") << samples::finished(u"r"_s) << int(Model::Ended) << u"1 min ago"_s;
    QTest::newRow("nothing to cancel") << samples::finished(u"r"_s) << int(Model::Action) << QString();
}

void TestWorkloadModel::saysWhatIsPainted()
{
    QFETCH(WorkloadRecord, workload);
    QFETCH(int, column);
    WorkloadModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setListed({workload});
    QTEST(model.index(0, column).data(Qt::AccessibleTextRole).toString(), "text");
}

void TestWorkloadModel::keepsRowsInTheirPlace()
{
    WorkloadModel model;
    model.setActive({samples::active(u"a"_s), samples::active(u"b"_s)});
    const QPersistentModelIndex b = model.index(1, 0);
    model.setActive({samples::active(u"c"_s), samples::active(u"b"_s)});
    model.setListed({samples::active(u"c"_s), samples::finished(u"b"_s), samples::finished(u"a"_s)});
    QCOMPARE(b.row(), 1);
    QCOMPARE(b.data(WorkloadModel::KeyRole).toString(), u"b"_s);
    QCOMPARE(model.rowCount(), 3);
    QCOMPARE(model.activeCount(), 1);
}

void TestWorkloadModel::announcesOnlyWhatChanged()
{
    WorkloadModel model;
    WorkloadRecord a = samples::active(u"a"_s);
    const WorkloadRecord b = samples::active(u"b"_s);
    model.setActive({a, b});
    QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
    QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
    model.setActive({a, b});
    QCOMPARE(changed.count(), 0);
    a.cpuPercent = 12;
    model.setActive({a, b});
    QCOMPARE(changed.count(), 1);
    QCOMPARE(changed.at(0).at(0).toModelIndex().row(), 0);
    QCOMPARE(changed.at(0).at(1).toModelIndex().row(), 0);
    QCOMPARE(reset.count(), 0);
}

void TestWorkloadModel::saysWhatIsBeingUploaded()
{
    WorkloadModel model;
    const QAbstractItemModelTester tester(&model);
    model.setListed({samples::finished(u"r-1"_s), samples::finished(u"r-2"_s)});
    const WorkloadUpload upload{model.at(0).key, 12, 3, 1'000'000, 250'000, u"the store is unavailable"_s};
    QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
    model.setUploads({upload});
    QCOMPARE(changed.size(), 1);
    const QModelIndex cell = model.index(0, WorkloadModel::Result);
    QCOMPARE(cell.data().toString(), u"Uploading 3 of 12"_s);
    QVERIFY(cell.data(Qt::ToolTipRole).toString().contains(u"the store is unavailable"_s));
    QCOMPARE(model.index(1, WorkloadModel::Result).data().toString(), u"Completed"_s);
    model.setUploads({upload});
    QCOMPARE(changed.size(), 1);
    model.setUploads({});
    QCOMPARE(changed.size(), 2);
    QCOMPARE(cell.data().toString(), u"Completed"_s);
}

void TestWorkloadModel::dropsWhatTheNodeForgot()
{
    WorkloadModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setListed({samples::finished(u"c"_s), samples::finished(u"b"_s), samples::finished(u"a"_s)});
    model.setListed({samples::finished(u"c"_s), samples::finished(u"b"_s)});
    QCOMPARE(model.rowCount(), 2);
    QVERIFY(!model.find(u"a"_s));
    QCOMPARE(model.find(u"c"_s)->key, u"c"_s);
}

void TestWorkloadModel::keepsWhatAnOlderListDoesNotKnow()
{
    WorkloadModel model;
    WorkloadRecord running = samples::active(u"a"_s);
    running.progress = WorkloadRecord::Progress{0.5, {}};
    model.setActive({running});
    model.setListed({});
    QVERIFY(model.find(u"a"_s));
    WorkloadRecord listed = samples::active(u"a"_s);
    listed.cpuPercent.reset();
    model.setListed({listed});
    QCOMPARE(model.find(u"a"_s)->cpuPercent, running.cpuPercent);
    QVERIFY(model.find(u"a"_s)->progress);
}

void TestWorkloadModel::offersForceWhenGraceIsOver()
{
    WorkloadModel model;
    WorkloadRecord workload = samples::active(u"a"_s);
    const QDateTime now = QDateTime::currentDateTimeUtc();
    workload.cancel = WorkloadRecord::Cancel{u"SIGTERM"_s, now.addSecs(-20), now.addSecs(-10)};
    model.setActive({workload});
    QCOMPARE(model.offer(0), WorkloadModel::Offer::Force);
    QCOMPARE(model.index(0, WorkloadModel::Action).data(Qt::AccessibleTextRole).toString(), u"Force a"_s);
    model.setLive(false);
    QCOMPARE(model.offer(0), WorkloadModel::Offer::None);
    model.setLive(true);
    workload.cancel->forceAt = {};
    model.setActive({workload});
    QCOMPARE(model.offer(0), WorkloadModel::Offer::Force);
}

void TestWorkloadModel::filters_data()
{
    QTest::addColumn<bool>("active");
    QTest::addColumn<QString>("text");
    QTest::addColumn<QStringList>("keys");
    QTest::newRow("active") << true << QString() << QStringList{u"run-1"_s, u"run-2"_s};
    QTest::newRow("finished") << false << QString() << QStringList{u"done-1"_s, u"done-2"_s};
    QTest::newRow("by id") << true << u"RUN-2"_s << QStringList{u"run-2"_s};
    QTest::newRow("by result") << false << u"failed"_s << QStringList{u"done-2"_s};
    QTest::newRow("nothing") << true << u"elephant"_s << QStringList();
}

void TestWorkloadModel::filters()
{
    QFETCH(bool, active);
    QFETCH(QString, text);
    WorkloadModel model;
    WorkloadFilter filter;
    filter.setSourceModel(&model);
    filter.sort(WorkloadModel::Request);
    model.setActive({samples::active(u"run-1"_s), samples::active(u"run-2"_s)});
    model.setListed(
        {samples::finished(u"done-1"_s), samples::finished(u"done-2"_s, WorkloadRecord::Status::Failed)});
    filter.setWhich(active ? WorkloadFilter::Which::Active : WorkloadFilter::Which::Finished);
    filter.setText(text);
    QStringList keys;
    for (int row = 0; row < filter.rowCount(); ++row)
        keys.append(filter.index(row, 0).data(WorkloadModel::KeyRole).toString());
    QTEST(keys, "keys");
}

QTEST_MAIN(TestWorkloadModel)
#include "tst_workloadmodel.moc"
