#include "workload/workloadregistry.h"

#include <QTest>

using cloudnode::PooledWorkload;
using cloudnode::RequestId;
using cloudnode::WorkloadEnd;
using cloudnode::WorkloadRegistry;
using namespace Qt::Literals::StringLiterals;

namespace {

PooledWorkload received(const QString &key, int second)
{
    const auto requestId = *RequestId::parse(key);
    return {
        .workload = {.key = requestId.key(),
                     .spec = {.requestId = requestId, .receivedAt = QDateTime::fromSecsSinceEpoch(second)}}};
}

QStringList keysOf(const auto &all)
{
    QStringList keys;
    for (const auto &pooled : all)
        keys << pooled->workload.key;
    return keys;
}

} // namespace

class TestWorkloadRegistry : public QObject {
    Q_OBJECT

private slots:
    void keepsThemInOrder();
    void removesTheOneThatIsMeant();
    void knowsWhichAreActive();
    void aRecalledOneIsNotActive();
};

void TestWorkloadRegistry::keepsThemInOrder()
{
    WorkloadRegistry registry;
    registry.add(received(u"third"_s, 3));
    registry.add(received(u"first"_s, 1));
    registry.add(received(u"second"_s, 2));
    const QStringList inOrder = {u"first"_s, u"second"_s, u"third"_s};
    QCOMPARE(keysOf(registry.all()), inOrder);
    QCOMPARE(keysOf(registry.active()), inOrder);
}

void TestWorkloadRegistry::removesTheOneThatIsMeant()
{
    WorkloadRegistry registry;
    for (const char *key : {"a", "b", "c"})
        registry.add(received(QLatin1StringView(key), 1)); // all at once
    registry.remove(u"b"_s);
    registry.remove(u"unknown"_s);
    const QStringList left = {u"a"_s, u"c"_s};
    QCOMPARE(keysOf(registry.all()), left);
    QCOMPARE(keysOf(registry.active()), left);
    QVERIFY(!registry.find(u"b"_s));
}

void TestWorkloadRegistry::knowsWhichAreActive()
{
    WorkloadRegistry registry;
    registry.add(received(u"runs"_s, 1));
    PooledWorkload &ends = registry.add(received(u"ends"_s, 2));
    PooledWorkload over = received(u"over"_s, 3);
    over.workload.end = WorkloadEnd::because(WorkloadEnd::Outcome::Unknown, {});
    registry.add(std::move(over));
    QCOMPARE(keysOf(registry.active()), (QStringList{u"runs"_s, u"ends"_s}));
    ends.workload.end = WorkloadEnd::because(WorkloadEnd::Outcome::Unknown, {});
    QCOMPARE(keysOf(registry.active()), QStringList{u"runs"_s});
    QCOMPARE(registry.all().size(), std::size_t(3));
}

void TestWorkloadRegistry::aRecalledOneIsNotActive()
{
    WorkloadRegistry registry;
    PooledWorkload recalled = received(u"recalled"_s, 1);
    recalled.recalled = true;
    registry.add(std::move(recalled));
    QVERIFY(registry.active().empty());
    QVERIFY(registry.find(u"recalled"_s));
}

QTEST_GUILESS_MAIN(TestWorkloadRegistry)
#include "tst_workloadregistry.moc"
