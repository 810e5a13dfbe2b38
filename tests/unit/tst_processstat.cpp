#include "platform/processstat.h"

#include <QTest>

#include <unistd.h>

#include <csignal>

using namespace Qt::Literals::StringLiterals;
using cloudnode::ProcessStat;

class TestProcessStat : public QObject {
    Q_OBJECT

private slots:
    void parses_data();
    void parses();
    void readsItself();
    void findsNobody();
};

void TestProcessStat::parses_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("rest");
    QTest::addColumn<bool>("isRead");
    QTest::addColumn<bool>("isOver");
    const auto rest = [](char state, int threads) {
        return QByteArray(") ") + state + " 7 8 9 0 -1 4194304 1 2 3 4 5 6 7 8 20 0 " +
               QByteArray::number(threads) + " 0 18446744073709551615 1 2\n";
    };
    QTest::newRow("a process asleep") << QByteArray("sleep") << rest('S', 1) << true << false;
    QTest::newRow("one nobody has waited for") << QByteArray("sleep") << rest('Z', 1) << true << true;
    QTest::newRow("one that is just going") << QByteArray("sleep") << rest('X', 0) << true << true;
    QTest::newRow("one whose first thread has ended") << QByteArray("java") << rest('Z', 3) << true << false;
    QTest::newRow("one whose name looks like the rest")
        << QByteArray("a) Z 1 1 1 (b") << rest('R', 1) << true << false;
    QTest::newRow("one with a line break in its name") << QByteArray("a\n)") << rest('R', 1) << true << false;
    QTest::newRow("cut off") << QByteArray("sleep") << QByteArray(") S 7 8") << false << false;
    QTest::newRow("without a name") << QByteArray("sleep") << QByteArray(" S 7 8") << false << false;
}

void TestProcessStat::parses()
{
    QFETCH(QByteArray, name);
    QFETCH(QByteArray, rest);
    QFETCH(bool, isRead);
    const auto stat = ProcessStat::parse(42, ("42 (" + name + rest).constData());
    QCOMPARE(stat.has_value(), isRead);
    if (!stat)
        return;
    QCOMPARE(stat->pid, 42);
    QCOMPARE(stat->parent, 7);
    QCOMPARE(stat->group, 8);
    QCOMPARE(stat->startTicks, 18446744073709551615U);
    QTEST(stat->isOver(), "isOver");
}

void TestProcessStat::readsItself()
{
    const auto self = ProcessStat::read(::getpid());
    QVERIFY(self && self->startTicks > 0 && !self->isOver());
    QCOMPARE(self->parent, ::getppid());
    QCOMPARE(self->group, ::getpgrp());
    QCOMPARE(cloudnode::signalProcess(self->pid, self->startTicks, 0), 0);
    QCOMPARE(cloudnode::signalProcess(self->pid, self->startTicks + 1, SIGKILL), ESRCH);
}

void TestProcessStat::findsNobody()
{
    QVERIFY(!ProcessStat::read(0));
    QVERIFY(!ProcessStat::read(-1));
}

QTEST_GUILESS_MAIN(TestProcessStat)
#include "tst_processstat.moc"
