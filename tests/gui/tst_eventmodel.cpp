#include "ui/events/eventfilter.h"
#include "ui/events/eventmodel.h"

#include <QAbstractItemModelTester>
#include <QTest>

using namespace Qt::Literals::StringLiterals;
using namespace cloudnode;

class TestEventModel : public QObject {
    Q_OBJECT

private slots:
    void showsTheLatestFirst();
    void isBounded();
    void goesOnAfterALostLine();
    void filters();
};

namespace {

NodeEvent happening(const QString &text, NodeEvent::Level level = NodeEvent::Level::Info)
{
    return {QDateTime::currentDateTimeUtc(), u"node"_s, level, text, {}};
}

QString text(const QAbstractItemModel &model, int row)
{
    return model.index(row, EventModel::Text).data().toString();
}

} // namespace

void TestEventModel::showsTheLatestFirst()
{
    EventModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setEvents({happening(u"one"_s), happening(u"two"_s)});
    const QPersistentModelIndex one = model.index(1, EventModel::Text);
    model.add(happening(u"three"_s));
    QCOMPARE(text(model, 0), u"Three"_s);
    QCOMPARE(one.data().toString(), u"One"_s);
    QCOMPARE(one.row(), 2);
}

void TestEventModel::isBounded()
{
    EventModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    QList<NodeEvent> events;
    for (int i = 0; i < EventModel::most; ++i)
        events.append(happening(QString::number(i)));
    model.setEvents(events);
    model.add(happening(QString::number(EventModel::most)));
    QCOMPARE(model.rowCount(), EventModel::most);
    QCOMPARE(text(model, 0), QString::number(EventModel::most));
    QCOMPARE(text(model, EventModel::most - 1), u"1"_s);
}

/// The node is asked for all it remembers whenever it answers again.
void TestEventModel::goesOnAfterALostLine()
{
    EventModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    const QList<NodeEvent> events{happening(u"one"_s), happening(u"two"_s), happening(u"three"_s)};
    model.setEvents(events.first(2));
    const QPersistentModelIndex one = model.index(1, EventModel::Text);
    model.setEvents(events);
    QCOMPARE(model.rowCount(), 3);
    QCOMPARE(one.row(), 2);
    model.setEvents({happening(u"of another node"_s)});
    QCOMPARE(model.rowCount(), 1);
    QVERIFY(!one.isValid());
}

void TestEventModel::filters()
{
    EventModel model;
    EventFilter filter;
    filter.setSourceModel(&model);
    model.setEvents({happening(u"Started"_s), happening(u"Lost the broker"_s, NodeEvent::Level::Warning)});
    filter.setOnlyTrouble(true);
    QCOMPARE(filter.rowCount(), 1);
    QCOMPARE(text(filter, 0), u"Lost the broker"_s);
    filter.setText(u"STARTED"_s);
    QCOMPARE(filter.rowCount(), 0);
    filter.setOnlyTrouble(false);
    QCOMPARE(filter.rowCount(), 1);
}

QTEST_MAIN(TestEventModel)
#include "tst_eventmodel.moc"
