#include "platform/nodelock.h"

#include <QTemporaryDir>
#include <QTest>

#include <unistd.h>

using namespace Qt::Literals::StringLiterals;
using cloudnode::NodeLock;

class TestNodeLock : public QObject {
    Q_OBJECT

private slots:
    void isHeldByOneAndNamesIt();
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

void TestNodeLock::saysWhyItCannotBeTaken()
{
    const auto lock = NodeLock::acquire(u"/no/such/folder/node.lock"_s);
    QVERIFY(!lock);
    QCOMPARE(lock.error().where, u"/no/such/folder/node.lock"_s);
}

QTEST_GUILESS_MAIN(TestNodeLock)
#include "tst_nodelock.moc"
