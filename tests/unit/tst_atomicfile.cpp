#include "platform/atomicfile.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>

using namespace Qt::Literals::StringLiterals;
namespace atomicfile = cloudnode::atomicfile;

class TestAtomicFile : public QObject {
    Q_OBJECT

private slots:
    void replacesTheWholeFile_data();
    void replacesTheWholeFile();
    void isForItsOwnerOnly();
    void leavesNothingBehindWhenItFails();
    void makesANewFileOnlyWhereThereIsNone();
    void refusesToReadMoreThanAllowed();
    void takesNoMoreMemoryThanItReads();
    void readsWhatHasNoSize();
    void makesFoldersPrivate();
};

void TestAtomicFile::replacesTheWholeFile_data()
{
    QTest::addColumn<atomicfile::Durability>("durability");
    QTest::newRow("power loss") << atomicfile::Durability::PowerLoss;
    QTest::newRow("process death") << atomicfile::Durability::ProcessDeath;
}

void TestAtomicFile::replacesTheWholeFile()
{
    QFETCH(atomicfile::Durability, durability);
    QTemporaryDir dir;
    const QString path = dir.filePath(u"record.json"_s);
    QVERIFY(atomicfile::write(path, QByteArray(100'000, 'a'), durability));
    QVERIFY(atomicfile::write(path, "short", durability));
    QCOMPARE(atomicfile::read(path, 100).value(), QByteArray("short"));
    QCOMPARE(QDir(dir.path()).entryList(QDir::Files | QDir::Hidden).size(), 1);
}

void TestAtomicFile::isForItsOwnerOnly()
{
    QTemporaryDir dir;
    const QString path = dir.filePath(u"secret"_s);
    QVERIFY(atomicfile::write(path, "x"));
    struct stat info = {};
    QCOMPARE(::stat(QFile::encodeName(path).constData(), &info), 0);
    QCOMPARE(info.st_mode & 0777U, 0600U);
}

void TestAtomicFile::leavesNothingBehindWhenItFails()
{
    QTemporaryDir dir;
    QVERIFY(QDir(dir.path()).mkdir(u"taken"_s));
    const auto written = atomicfile::write(dir.filePath(u"taken"_s), "x");
    QVERIFY(!written);
    QCOMPARE(written.error().where, dir.filePath(u"taken"_s));
    QCOMPARE(QDir(dir.path()).entryList(QDir::Files | QDir::Hidden).size(), 0);
    QVERIFY(!atomicfile::write(dir.filePath(u"no/such/folder"_s), "x"));
}

void TestAtomicFile::makesANewFileOnlyWhereThereIsNone()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(u"new"_s);
    QVERIFY(atomicfile::writeNew(path, "first"));
    QCOMPARE(QFile::permissions(path) & ~(QFile::ReadUser | QFile::WriteUser),
             QFile::ReadOwner | QFile::WriteOwner);
    const auto again = atomicfile::writeNew(path, "second");
    QVERIFY(!again);
    QCOMPARE(again.error().where, path);
    QCOMPARE(*atomicfile::read(path, 100), "first");
}

void TestAtomicFile::refusesToReadMoreThanAllowed()
{
    QTemporaryDir dir;
    const QString path = dir.filePath(u"big"_s);
    QVERIFY(atomicfile::write(path, QByteArray(11, 'x')));
    QVERIFY(!atomicfile::read(path, 10));
    QVERIFY(atomicfile::read(path, 11));
    QVERIFY(!atomicfile::read(dir.filePath(u"missing"_s), 10));
}

void TestAtomicFile::takesNoMoreMemoryThanItReads()
{
    QTemporaryDir dir;
    const QString path = dir.filePath(u"small"_s);
    QVERIFY(atomicfile::write(path, "short"));
    const auto read = atomicfile::read(path, 128 * 1024 * 1024);
    QCOMPARE(read.value(), QByteArray("short"));
    QVERIFY(read->capacity() < 1024);
}

void TestAtomicFile::readsWhatHasNoSize()
{
    const auto read = atomicfile::read(u"/proc/self/status"_s, 1024 * 1024);
    QVERIFY(read && read->contains("VmPeak") && read->endsWith('\n'));
    QVERIFY(!atomicfile::read(u"/proc/self/status"_s, 100));
}

void TestAtomicFile::makesFoldersPrivate()
{
    QTemporaryDir dir;
    const QString path = dir.filePath(u"a/b"_s);
    QVERIFY(atomicfile::makePrivateFolder(path));
    QVERIFY(atomicfile::makePrivateFolder(path));
    struct stat info = {};
    QCOMPARE(::stat(QFile::encodeName(path).constData(), &info), 0);
    QCOMPARE(info.st_mode & 0777U, 0700U);
    QVERIFY(atomicfile::write(dir.filePath(u"file"_s), "x"));
    QVERIFY(!atomicfile::makePrivateFolder(dir.filePath(u"file/below"_s)));
}

QTEST_GUILESS_MAIN(TestAtomicFile)
#include "tst_atomicfile.moc"
