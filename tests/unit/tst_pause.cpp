#include "node/pause.h"

#include <QDir>
#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::Literals::StringLiterals;
using namespace cloudnode;

class TestPause : public QObject {
    Q_OBJECT

private slots:
    void lastsUntilItIsTakenBack();
    void twiceIsNoError();
    void isNotThereIfItCannotBeWritten();
    void lastsIfItCannotBeRemoved();
};

void TestPause::lastsUntilItIsTakenBack()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(u"paused"_s);
    Pause first(path);
    QSignalSpy changed(&first, &Pause::changed);
    QVERIFY(!first.isActive());
    QVERIFY(first.begin());
    QVERIFY(first.isActive());
    QCOMPARE(changed.size(), 1);
    Pause second(path);
    QVERIFY(second.isActive());
    QVERIFY(second.end());
    QVERIFY(!Pause(path).isActive());
}

void TestPause::twiceIsNoError()
{
    const QTemporaryDir folder;
    Pause pause(folder.filePath(u"paused"_s));
    QSignalSpy changed(&pause, &Pause::changed);
    QVERIFY(pause.end());
    QVERIFY(pause.begin());
    QVERIFY(pause.begin());
    QVERIFY(pause.end());
    QCOMPARE(changed.size(), 2);
}

void TestPause::isNotThereIfItCannotBeWritten()
{
    const QTemporaryDir folder;
    Pause pause(folder.filePath(u"missing/paused"_s));
    QSignalSpy changed(&pause, &Pause::changed);
    QVERIFY(!pause.begin());
    QVERIFY(!pause.isActive());
    QCOMPARE(changed.size(), 0);
}

void TestPause::lastsIfItCannotBeRemoved()
{
    const QTemporaryDir folder;
    QVERIFY(QDir(folder.path()).mkpath(u"paused/full"_s)); // nothing that can be removed as a file
    Pause pause(folder.filePath(u"paused"_s));
    QVERIFY(pause.isActive());
    QVERIFY(!pause.end());
    QVERIFY(pause.isActive());
}

QTEST_GUILESS_MAIN(TestPause)
#include "tst_pause.moc"
