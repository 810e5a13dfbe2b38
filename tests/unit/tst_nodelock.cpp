#include "platform/nodelock.h"

#include <QTemporaryDir>
#include <QTest>

#include <sys/wait.h>
#include <unistd.h>

using namespace Qt::Literals::StringLiterals;
using cloudnode::NodeLock;

class TestNodeLock : public QObject {
    Q_OBJECT

private slots:
    void isHeldByOneAndNamesIt();
    void isHadBehindOneThatWasKilledWhileItStartedAProgram();
    void saysWhyItCannotBeTaken();
};

void TestNodeLock::isHeldByOneAndNamesIt()
{
    QTemporaryDir dir;
    const QString path = dir.filePath(u"node.lock"_s);
    auto first = NodeLock::acquire(path);
    QVERIFY(first);
    const auto second = NodeLock::acquire(path);
    QVERIFY(!second);
    QVERIFY2(second.error().what.contains(QString::number(::getpid())), qPrintable(second.error().what));
    first->reset();
    QVERIFY(NodeLock::acquire(path));
}

void TestNodeLock::isHadBehindOneThatWasKilledWhileItStartedAProgram()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(u"node.lock"_s);
    const pid_t node = ::fork();
    if (node == 0) {
        const auto held = NodeLock::acquire(path);
        if (held && ::fork() == 0)
            ::usleep(200'000); // its copy, about to become another program
        ::_exit(held ? 0 : 1);
    }
    int status = -1;
    QCOMPARE(::waitpid(node, &status, 0), node);
    QCOMPARE(status, 0);
    const auto lock = NodeLock::acquire(path);
    QVERIFY2(lock, lock ? "" : qPrintable(lock.error().text()));
}

void TestNodeLock::saysWhyItCannotBeTaken()
{
    const auto lock = NodeLock::acquire(u"/no/such/folder/node.lock"_s);
    QVERIFY(!lock);
    QCOMPARE(lock.error().where, u"/no/such/folder/node.lock"_s);
}

QTEST_GUILESS_MAIN(TestNodeLock)
#include "tst_nodelock.moc"
