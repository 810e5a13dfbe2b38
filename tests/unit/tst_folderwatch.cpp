#include "platform/folderwatch.h"
#include "support/waiting.h"

#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::Literals::StringLiterals;
using namespace cloudnode;

class TestFolderWatch : public QObject {
    Q_OBJECT

private slots:
    void init();
    void namesTheFilesThatAreWrittenTo();
    void tellsOnceUntilItIsAsked();
    void cannotWatchWhatIsNotThere();

private:
    QString append(const QString &name);

    std::unique_ptr<QTemporaryDir> m_dir;
};

void TestFolderWatch::init()
{
    m_dir = std::make_unique<QTemporaryDir>();
}

QString TestFolderWatch::append(const QString &name)
{
    QFile file(m_dir->filePath(name));
    if (!file.open(QIODevice::Append) || file.write("a line\n") != 7)
        qFatal("cannot write the test's file");
    return file.fileName();
}

void TestFolderWatch::namesTheFilesThatAreWrittenTo()
{
    const QString before = append(u"there before"_s);
    FolderWatch watch;
    QSignalSpy written(&watch, &FolderWatch::written);
    QVERIFY(watch.add(m_dir->path()));
    QVERIFY(watch.add(m_dir->path())); // for each of its files, perhaps
    append(u"there before"_s);
    const QString later = append(u"made later"_s);
    append(u"made later"_s);
    WAIT_FOR_EQUAL(written.size(), 1);
    FolderWatch::News news = watch.take();
    std::sort(news.paths.begin(), news.paths.end());
    QCOMPARE(news.paths, (QStringList{later, before}));
    QVERIFY(news.isComplete);
    QVERIFY(watch.take().paths.isEmpty());
}

void TestFolderWatch::tellsOnceUntilItIsAsked()
{
    FolderWatch watch;
    QSignalSpy written(&watch, &FolderWatch::written);
    QVERIFY(watch.add(m_dir->path()));
    append(u"log"_s);
    WAIT_FOR_EQUAL(written.size(), 1);
    append(u"log"_s);
    QTest::qWait(50);
    QCOMPARE(written.size(), 1);
    watch.take();
    append(u"log"_s);
    WAIT_FOR_EQUAL(written.size(), 2);
}

void TestFolderWatch::cannotWatchWhatIsNotThere()
{
    FolderWatch watch;
    QVERIFY(!watch.add(m_dir->filePath(u"missing"_s)));
}

QTEST_GUILESS_MAIN(TestFolderWatch)
#include "tst_folderwatch.moc"
