#include "platform/foldercontents.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::Literals::StringLiterals;
namespace foldercontents = cloudnode::foldercontents;

class TestFolderContents : public QObject {
    Q_OBJECT

private slots:
    void init();

    void namesTheFoldersInIt();
    void addsUpWhatIsRightInIt();
    void addsUpWhatIsBelowIt();
    void looksAtNoMoreThanAllowed();
    void removesAllThatIsBelowIt();
    void removesNothingBehindALink();
    void missesNothing();
    void saysWhyItCannotRemove();

private:
    QString path(const QString &name) const { return m_folder->filePath(name); }
    /// Makes the folders of it, too.
    void put(const QString &name, qsizetype bytes) const
    {
        QVERIFY(QDir().mkpath(QFileInfo(path(name)).path()));
        QFile file(path(name));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(QByteArray(bytes, 'x')) == bytes);
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

void TestFolderContents::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
}

void TestFolderContents::namesTheFoldersInIt()
{
    put(u"a/file"_s, 1);
    put(u"b/c/file"_s, 1);
    put(u"file"_s, 1);
    QVERIFY(QFile::link(path(u"a"_s), path(u"link"_s)));
    auto found = foldercontents::folders(m_folder->path()).value();
    found.sort();
    QCOMPARE(found, QStringList({u"a"_s, u"b"_s}));
    QVERIFY(!foldercontents::folders(path(u"missing"_s)));
}

void TestFolderContents::addsUpWhatIsRightInIt()
{
    put(u"a/file"_s, 100'000);
    put(u"a/b/file"_s, 1'000'000);
    const qint64 found = foldercontents::bytesOnDisk(path(u"a"_s));
    QVERIFY2(found >= 100'000 && found < 500'000, qPrintable(QString::number(found)));
    QVERIFY(foldercontents::bytesOnDisk(path(u"a/file"_s)) >= 100'000);
}

void TestFolderContents::addsUpWhatIsBelowIt()
{
    put(u"a/file"_s, 100'000);
    put(u"a/b/c/file"_s, 1'000'000);
    QVERIFY(foldercontents::bytesOfTree(path(u"a"_s)) >= 1'100'000);
    QVERIFY(QFile::link(path(u"a"_s), path(u"link"_s)));
    QCOMPARE(foldercontents::bytesOfTree(path(u"link"_s)), 0);
}

void TestFolderContents::looksAtNoMoreThanAllowed()
{
    for (int i = 0; i < 10; ++i)
        put(u"a/%1"_s.arg(i), 100'000);
    const qint64 some = foldercontents::bytesOfTree(path(u"a"_s), 5);
    QVERIFY2(some >= 500'000 && some < 900'000, qPrintable(QString::number(some)));
}

void TestFolderContents::removesAllThatIsBelowIt()
{
    put(u"a/b/c/file"_s, 1);
    put(u"a/.hidden"_s, 1);
    put(u"b/file"_s, 1);
    QVERIFY(foldercontents::removeTree(path(u"a"_s)));
    QCOMPARE(QDir(m_folder->path()).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot),
             QStringList(u"b"_s));
}

void TestFolderContents::removesNothingBehindALink()
{
    put(u"a/file"_s, 1);
    put(u"b/file"_s, 1);
    QVERIFY(QFile::link(path(u"b"_s), path(u"a/link"_s)));
    QVERIFY(foldercontents::removeTree(path(u"a"_s)));
    QVERIFY(!QFile::exists(path(u"a"_s)) && QFile::exists(path(u"b/file"_s)));
}

void TestFolderContents::missesNothing()
{
    QVERIFY(foldercontents::removeTree(path(u"missing"_s)));
    QCOMPARE(foldercontents::bytesOnDisk(path(u"missing"_s)), 0);
    QCOMPARE(foldercontents::bytesOfTree(path(u"missing"_s)), 0);
}

void TestFolderContents::saysWhyItCannotRemove()
{
    put(u"file"_s, 1);
    const auto removed = foldercontents::removeTree(path(u"file/below"_s));
    QVERIFY(!removed);
    QCOMPARE(removed.error().where, path(u"file/below"_s));
    QVERIFY(removed.error().what.contains(u"Not a directory"_s));
}

QTEST_GUILESS_MAIN(TestFolderContents)
#include "tst_foldercontents.moc"
