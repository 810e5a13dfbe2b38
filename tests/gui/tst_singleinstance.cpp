#include "support/waiting.h"
#include "ui/desktop/singleinstance.h"

#include <QFile>
#include <QLocalServer>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::Literals::StringLiterals;
using namespace cloudnode;

class TestSingleInstance : public QObject {
    Q_OBJECT

private slots:
    void theSecondRaisesTheFirst();
    void aDeadOneIsReplaced();
};

void TestSingleInstance::theSecondRaisesTheFirst()
{
    const QTemporaryDir folder;
    SingleInstance one(folder.filePath(u"new/socket"_s));
    QSignalSpy first(&one, &SingleInstance::first);
    QSignalSpy raise(&one, &SingleInstance::raiseWanted);
    one.claim();
    WAIT_FOR_EQUAL(first.count(), 1);
    SingleInstance other(folder.filePath(u"new/socket"_s));
    QSignalSpy second(&other, &SingleInstance::second);
    QSignalSpy wrong(&other, &SingleInstance::first);
    other.claim();
    WAIT_FOR_EQUAL(second.count(), 1);
    WAIT_FOR_EQUAL(raise.count(), 1);
    QCOMPARE(wrong.count(), 0);
}

void TestSingleInstance::aDeadOneIsReplaced()
{
    const QTemporaryDir folder;
    QFile left(folder.filePath(u"socket"_s));
    QVERIFY(left.open(QIODevice::WriteOnly));
    SingleInstance one(left.fileName());
    QSignalSpy first(&one, &SingleInstance::first);
    one.claim();
    WAIT_FOR_EQUAL(first.count(), 1);
    SingleInstance other(left.fileName());
    QSignalSpy second(&other, &SingleInstance::second);
    other.claim();
    WAIT_FOR_EQUAL(second.count(), 1);
}

QTEST_MAIN(TestSingleInstance)
#include "tst_singleinstance.moc"
