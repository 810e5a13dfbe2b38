#include "platform/fileoperations.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>
#include <unistd.h>

using namespace Qt::Literals::StringLiterals;
namespace fileoperations = cloudnode::fileoperations;

class TestFileOperations : public QObject {
    Q_OBJECT

private slots:
    void init();

    void readsTheWholeOfAFile();
    void missesNothing();
    void readsNoMoreThanAllowed();
    void readsOnlyFiles_data();
    void readsOnlyFiles();
    void makesAnEmptyFileOnce();
    void addsToTheEnd();
    void addsNothingToAFullOne();
    void addsToNothingButAFile();

private:
    QString path(const QString &name) const { return m_folder->filePath(name); }
    void put(const QString &name, const QByteArray &data) const
    {
        QFile file(path(name));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(data) == data.size());
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

void TestFileOperations::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
}

void TestFileOperations::readsTheWholeOfAFile()
{
    const QByteArray data(100'000, 'x');
    put(u"file"_s, data);
    put(u"empty"_s, {});
    QCOMPARE(fileoperations::read(path(u"file"_s), data.size()).value(), data);
    QCOMPARE(fileoperations::read(path(u"empty"_s), 10).value(), QByteArray());
}

void TestFileOperations::missesNothing()
{
    const auto found = fileoperations::read(path(u"missing"_s), 10);
    QVERIFY(found && !found->has_value());
}

void TestFileOperations::readsNoMoreThanAllowed()
{
    put(u"file"_s, "12345");
    QVERIFY(fileoperations::read(path(u"file"_s), 5));
    const auto refused = fileoperations::read(path(u"file"_s), 4);
    QVERIFY(!refused);
    QCOMPARE(refused.error().where, path(u"file"_s));
}

void TestFileOperations::readsOnlyFiles_data()
{
    QTest::addColumn<QString>("name");
    for (const char *name : {"folder", "pipe", "link"})
        QTest::newRow(name) << QString::fromLatin1(name);
}

void TestFileOperations::readsOnlyFiles()
{
    QFETCH(QString, name);
    put(u"file"_s, "12345");
    QVERIFY(QDir(m_folder->path()).mkdir(u"folder"_s));
    QCOMPARE(::mkfifo(QFile::encodeName(path(u"pipe"_s)).constData(), 0600), 0);
    QVERIFY(QFile::link(path(u"file"_s), path(u"link"_s)));
    const auto refused = fileoperations::read(path(name), 10);
    QVERIFY(!refused);
    QCOMPARE(refused.error().what, u"is no file"_s);
}

void TestFileOperations::makesAnEmptyFileOnce()
{
    QVERIFY(fileoperations::make(path(u"file"_s)));
    QCOMPARE(fileoperations::read(path(u"file"_s), 10).value(), QByteArray());
    const auto refused = fileoperations::make(path(u"file"_s));
    QVERIFY(!refused);
    QCOMPARE(refused.error().where, path(u"file"_s));
}

void TestFileOperations::addsToTheEnd()
{
    QVERIFY(fileoperations::append(path(u"file"_s), "one\n", 100));
    QVERIFY(fileoperations::append(path(u"file"_s), "two\n", 100));
    QCOMPARE(fileoperations::read(path(u"file"_s), 100).value(), QByteArray("one\ntwo\n"));
    struct stat info = {};
    QCOMPARE(::stat(QFile::encodeName(path(u"file"_s)).constData(), &info), 0);
    QCOMPARE(info.st_mode & 0777U, 0600U);
}

void TestFileOperations::addsNothingToAFullOne()
{
    put(u"file"_s, "12345");
    QVERIFY(fileoperations::append(path(u"file"_s), "6", 5));
    QCOMPARE(fileoperations::read(path(u"file"_s), 100).value(), QByteArray("12345"));
}

void TestFileOperations::addsToNothingButAFile()
{
    QVERIFY(QDir(m_folder->path()).mkdir(u"folder"_s));
    const auto refused = fileoperations::append(path(u"folder"_s), "6", 5);
    QVERIFY(!refused);
    QCOMPARE(refused.error().where, path(u"folder"_s));
    QVERIFY(!fileoperations::append(path(u"missing/file"_s), "6", 5));
}

QTEST_GUILESS_MAIN(TestFileOperations)
#include "tst_fileoperations.moc"
