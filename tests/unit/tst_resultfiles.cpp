#include "platform/resultfiles.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

using namespace Qt::Literals::StringLiterals;
using namespace cloudnode;

class TestResultFiles : public QObject {
    Q_OBJECT

private slots:
    void init();

    void listsRegularFilesAtAnyDepth();
    void aMissingFolderHoldsNothing();
    void followsLinksToFilesInsideOnly();
    void doesNotFollowAFolderThatHasBecomeALink();
    void takesSoManyAndSaysHowManyMore();
    void endsEarlyWhenTold();
    void complainsOfNamesThatAreNoText();
    void ofASharedFolderTakesWhatIsOfThatTime_data();
    void ofASharedFolderTakesWhatIsOfThatTime();
    void takesItsOwnOfTwoWithOneName();
    void opensWhatItHasListed();
    void doesNotOpenWhatHasBecomeSomethingElse_data();
    void doesNotOpenWhatHasBecomeSomethingElse();
    void removesWhatIsUnchanged();

private:
    QString path(const QString &name) const { return m_dir->filePath(u"results/"_s + name); }
    void put(const QString &name, const QByteArray &content = "content") const;
    void setTime(const QString &name, const QDateTime &time) const;
    ResultFiles files() const { return ResultFiles({.own = m_dir->filePath(u"results"_s)}); }
    static QStringList namesIn(const ResultListing &listing);

    std::unique_ptr<QTemporaryDir> m_dir;
    const std::atomic<bool> m_goOn = false;
};

void TestResultFiles::init()
{
    m_dir = std::make_unique<QTemporaryDir>();
    QVERIFY(QDir().mkpath(path(u"."_s)));
}

void TestResultFiles::put(const QString &name, const QByteArray &content) const
{
    QDir().mkpath(QFileInfo(path(name)).path());
    QFile file(path(name));
    if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
        qFatal("cannot write the test's file");
}

void TestResultFiles::setTime(const QString &name, const QDateTime &time) const
{
    QFile file(path(name));
    if (!file.open(QIODevice::ReadWrite) || !file.setFileTime(time, QFileDevice::FileModificationTime))
        qFatal("cannot set the time of the test's file");
}

QStringList TestResultFiles::namesIn(const ResultListing &listing)
{
    QStringList names;
    for (const ResultFile &file : listing.files)
        names << file.name;
    return names;
}

void TestResultFiles::listsRegularFilesAtAnyDepth()
{
    put(u"z.txt"_s, "12345");
    put(u"a/b/model π.pt"_s);
    put(u"a/.hidden"_s, "");
    QDir().mkpath(path(u"empty"_s));
    QCOMPARE(::mkfifo(QFile::encodeName(path(u"pipe"_s)).constData(), 0600), 0);
    const ResultListing listing = files().list(m_goOn);
    QCOMPARE(namesIn(listing), (QStringList{u"a/.hidden"_s, u"a/b/model π.pt"_s, u"z.txt"_s}));
    QCOMPARE(listing.files.last().size, 5);
    QVERIFY(listing.problems.isEmpty());
}

void TestResultFiles::aMissingFolderHoldsNothing()
{
    const ResultListing listing =
        ResultFiles({.own = path(u"none"_s), .shared = path(u"nor/this"_s)}).list(m_goOn);
    QVERIFY(listing.files.isEmpty() && listing.problems.isEmpty());
}

void TestResultFiles::followsLinksToFilesInsideOnly()
{
    put(u"epochs/7.pt"_s, "seven");
    QFile::link(u"epochs/7.pt"_s, path(u"best.pt"_s));
    QFile::link(u"epochs"_s, path(u"same"_s));
    QFile::link(u"/etc/passwd"_s, path(u"passwd"_s));
    QFile::link(u"/etc"_s, path(u"etc"_s));
    QFile::link(u"nowhere"_s, path(u"dangling"_s));
    QFile::link(u"."_s, path(u"loop"_s));
    const ResultListing listing = files().list(m_goOn);
    QCOMPARE(namesIn(listing), (QStringList{u"best.pt"_s, u"epochs/7.pt"_s}));
    QCOMPARE(listing.files.first().size, 5);
    const auto opened = files().open(listing.files.first());
    QVERIFY(opened);
    QCOMPARE(opened->file->readAll(), "seven");
}

void TestResultFiles::doesNotFollowAFolderThatHasBecomeALink()
{
    QVERIFY(QDir(path(u"."_s)).removeRecursively());
    QVERIFY(QFile::link(u"/etc"_s, m_dir->filePath(u"results"_s)));
    const ResultListing listing = files().list(m_goOn);
    QVERIFY(listing.files.isEmpty());
    QCOMPARE(listing.problems.size(), 1);
}

void TestResultFiles::takesSoManyAndSaysHowManyMore()
{
    for (int i = 0; i < 10; ++i)
        put(u"%1/file"_s.arg(i));
    const ResultListing listing = files().list(m_goOn, 7);
    QCOMPARE(listing.files.size(), 7);
    QCOMPARE(listing.leftOut, 3);
}

void TestResultFiles::endsEarlyWhenTold()
{
    put(u"a"_s);
    const std::atomic<bool> stop = true;
    QVERIFY(files().list(stop).files.isEmpty());
}

void TestResultFiles::complainsOfNamesThatAreNoText()
{
    const QByteArray name = QFile::encodeName(path(u"."_s)) + "/\xff\xfe";
    FILE *made = std::fopen(name.constData(), "w");
    QVERIFY(made);
    std::fclose(made);
    const ResultListing listing = files().list(m_goOn);
    QCOMPARE(std::remove(name.constData()), 0); // Qt cannot
    QVERIFY(listing.files.isEmpty());
    QCOMPARE(listing.problems.size(), 1);
}

void TestResultFiles::ofASharedFolderTakesWhatIsOfThatTime_data()
{
    QTest::addColumn<int>("begun"); // seconds from now; of the workload
    QTest::addColumn<int>("ended");
    QTest::addColumn<int>("written"); // of the file, which is made now
    QTest::addColumn<bool>("taken");
    QTest::newRow("written meanwhile") << -10 << 10 << 0 << true;
    QTest::newRow("made and written before it began") << 5 << 10 << 0 << false;
    QTest::newRow("a copy that has the time of its original") << -10 << 10 << -3600 << true;
    QTest::newRow("written after it had ended") << -10 << -5 << 0 << false;
    QTest::newRow("written in the very moment it began") << 0 << 10 << 0 << true;
}

void TestResultFiles::ofASharedFolderTakesWhatIsOfThatTime()
{
    QFETCH(int, begun);
    QFETCH(int, ended);
    QFETCH(int, written);
    QFETCH(bool, taken);
    const QDateTime now = QDateTime::currentDateTimeUtc();
    put(u"shared/file"_s);
    if (written != 0)
        setTime(u"shared/file"_s, now.addSecs(written));
    const ResultFiles files(
        {.shared = path(u"shared"_s), .from = now.addSecs(begun), .until = now.addSecs(ended)});
    QCOMPARE(files.list(m_goOn).files.size(), taken ? 1 : 0);
}

void TestResultFiles::takesItsOwnOfTwoWithOneName()
{
    put(u"own/model.pt"_s, "own");
    put(u"shared/model.pt"_s, "the other");
    put(u"shared/z"_s);
    const QDateTime now = QDateTime::currentDateTimeUtc();
    const ResultListing listing = ResultFiles({.own = path(u"own"_s),
                                               .shared = path(u"shared"_s),
                                               .from = now.addSecs(-60),
                                               .until = now.addSecs(60)})
                                      .list(m_goOn);
    QCOMPARE(namesIn(listing), (QStringList{u"model.pt"_s, u"z"_s}));
    QCOMPARE(listing.files[0].size, 3);
    QCOMPARE(listing.problems.size(), 1);
}

void TestResultFiles::opensWhatItHasListed()
{
    put(u"a/file"_s, "one");
    const ResultFile listed = files().list(m_goOn).files.value(0);
    put(u"a/file"_s, "longer");
    const auto opened = files().open(listed);
    QVERIFY(opened);
    QCOMPARE(opened->is.size, 6); // it says what is there now
    QCOMPARE(opened->file->readAll(), "longer");
}

void TestResultFiles::doesNotOpenWhatHasBecomeSomethingElse_data()
{
    QTest::addColumn<QString>("command"); // in the folder; a/file is listed
    QTest::addColumn<QString>("problem");
    QTest::newRow("gone") << u"rm a/file"_s << u"not there any more"_s;
    QTest::newRow("a link to elsewhere") << u"rm a/file; ln -s /etc/passwd a/file"_s << u"not there"_s;
    QTest::newRow("in a folder that leads elsewhere")
        << u"mv a ../b; ln -s $PWD/../b a"_s << u"cannot be read"_s;
    QTest::newRow("a pipe") << u"rm a/file; mkfifo a/file"_s << u"cannot be read"_s;
    QTest::newRow("a folder") << u"rm a/file; mkdir a/file"_s << u"cannot be read"_s;
}

void TestResultFiles::doesNotOpenWhatHasBecomeSomethingElse()
{
    QFETCH(QString, command);
    QFETCH(QString, problem);
    put(u"a/file"_s);
    const ResultFile listed = files().list(m_goOn).files.value(0);
    const QByteArray line = QFile::encodeName(u"cd %1 && "_s.arg(path(u"."_s)) + command);
    QCOMPARE(std::system(line.constData()), 0); // NOLINT(concurrency-mt-unsafe)
    const auto opened = files().open(listed);
    QVERIFY(!opened);
    QVERIFY2(opened.error().what.contains(problem), qPrintable(opened.error().what));
}

void TestResultFiles::removesWhatIsUnchanged()
{
    put(u"a/kept"_s);
    put(u"a/removed"_s);
    QFile::link(u"a/removed"_s, path(u"link"_s));
    const QList<ResultFile> listed = files().list(m_goOn).files;
    QCOMPARE(listed.size(), 3);
    put(u"a/kept"_s, "something new");
    QVERIFY(!files().remove(listed[0]));
    QVERIFY(files().remove(listed[1]));
    QVERIFY(files().remove(listed[1])); // gone already
    QVERIFY(files().remove(listed[2])); // a link that leads nowhere now
    QCOMPARE(namesIn(files().list(m_goOn)), QStringList{u"a/kept"_s});
    QVERIFY(!QFileInfo(path(u"link"_s)).isSymLink());
}

QTEST_GUILESS_MAIN(TestResultFiles)
#include "tst_resultfiles.moc"
