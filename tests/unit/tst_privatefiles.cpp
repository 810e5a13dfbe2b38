#include "config/privatefiles.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>
#include <unistd.h>

using namespace Qt::Literals::StringLiterals;
using namespace cloudnode;

class TestPrivateFiles : public QObject {
    Q_OBJECT

private slots:
    void closesTheStateFolder_data();
    void closesTheStateFolder();
    void refusesWhatItCannotClose();
};

namespace {

int modeOf(const QString &path)
{
    struct stat info = {};
    return ::stat(QFile::encodeName(path).constData(), &info) == 0 ? static_cast<int>(info.st_mode & 07777)
                                                                   : -1;
}

void setMode(const QString &path, int mode)
{
    QCOMPARE(::chmod(QFile::encodeName(path).constData(), static_cast<mode_t>(mode)), 0);
}

void makeFile(const QString &path)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
}

} // namespace

void TestPrivateFiles::closesTheStateFolder_data()
{
    QTest::addColumn<QString>("file"); // what is in it
    QTest::addColumn<int>("mode");
    QTest::addColumn<int>("after");
    QTest::addColumn<QString>("problem"); // empty: it may be used
    QTest::newRow("closed") << u"anything"_s << 0700 << 0700 << QString();
    QTest::newRow("empty") << QString() << 0755 << 0700 << QString();
    QTest::newRow("an earlier node's") << u"node.lock"_s << 0755 << 0700 << QString();
    QTest::newRow("with a login's credentials") << u"credentials.json"_s << 0750 << 0700 << QString();
    QTest::newRow("somebody's home") << u"photos"_s << 0755 << 0755 << u"things that are not the node's"_s;
    QTest::newRow("shared by all") << u"node.lock"_s << 01777 << 01777 << u"open to others"_s;
}

void TestPrivateFiles::closesTheStateFolder()
{
    QFETCH(QString, file);
    QFETCH(int, mode);
    QFETCH(int, after);
    QFETCH(QString, problem);
    const QTemporaryDir folder;
    if (!file.isEmpty())
        makeFile(folder.filePath(file));
    setMode(folder.path(), mode);
    const auto closed = privatefiles::closeStateFolder(folder.path());
    QCOMPARE(modeOf(folder.path()), after);
    QCOMPARE(closed.has_value(), problem.isEmpty());
    if (closed)
        QCOMPARE(closed->has_value(), mode != after);
    else
        QVERIFY2(closed.error().text().contains(problem), qPrintable(closed.error().text()));
}

void TestPrivateFiles::refusesWhatItCannotClose()
{
    // Root may change everything, so it is somebody else for a moment.
    constexpr uid_t nobody = 65534;
    const QString foreign = u"/etc/passwd"_s;
    const bool isRoot = ::geteuid() == 0;
    QVERIFY(privatefiles::isOpenToAll(foreign));
    QVERIFY(!isRoot || ::seteuid(nobody) == 0);
    const auto closed = privatefiles::closeFile(foreign);
    QVERIFY(!isRoot || ::seteuid(0) == 0);
    QVERIFY(!closed);
    QVERIFY(closed.error().remedy.contains(u"chmod 600 /etc/passwd"_s));
}

QTEST_GUILESS_MAIN(TestPrivateFiles)
#include "tst_privatefiles.moc"
