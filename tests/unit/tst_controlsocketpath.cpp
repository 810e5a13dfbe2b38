#include "control/controlsocketpath.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <unistd.h>

using namespace Qt::Literals::StringLiterals;
using cloudnode::controlSocketPaths;
using cloudnode::RuntimeFolders;

class TestControlSocketPath : public QObject {
    Q_OBJECT

private slots:
    void ofTheDefaultStateDirectory_data();
    void ofTheDefaultStateDirectory();
    void anotherStateDirectoryHasItsOwnName();
    void oneFolderHasOneNameHoweverWritten_data();
    void oneFolderHasOneNameHoweverWritten();
    void leavesOutWhatIsTooLong();
    void saysWhenEverythingIsTooLong();
    void trustsOnlyItsOwnRuntimeFolder_data();
    void trustsOnlyItsOwnRuntimeFolder();
};

void TestControlSocketPath::ofTheDefaultStateDirectory_data()
{
    QTest::addColumn<QStringList>("folders");
    QTest::addColumn<QStringList>("paths");
    const QString last = u"/nohome/me/.cyberwave/run/cloudnode.sock"_s;
    QTest::newRow("no runtime folder: within itself") << QStringList() << QStringList{last};
    QTest::newRow("a runtime folder comes first")
        << QStringList{u"/run/user/7"_s} << QStringList{u"/run/user/7/cyberwave/cloudnode.sock"_s, last};
    QTest::newRow("two of them in their order")
        << QStringList{u"/x"_s, u"/run/user/7"_s}
        << QStringList{u"/x/cyberwave/cloudnode.sock"_s, u"/run/user/7/cyberwave/cloudnode.sock"_s, last};
}

void TestControlSocketPath::ofTheDefaultStateDirectory()
{
    QFETCH(QStringList, folders);
    const auto paths = controlSocketPaths(u"/nohome/me/.cyberwave"_s, {u"/nohome/me"_s, folders});
    QVERIFY(paths.has_value());
    QTEST(*paths, "paths");
}

void TestControlSocketPath::anotherStateDirectoryHasItsOwnName()
{
    const RuntimeFolders runtime{u"/nohome/me"_s, {u"/run/user/7"_s}};
    const auto first = controlSocketPaths(u"/srv/first"_s, runtime);
    const auto second = controlSocketPaths(u"/srv/second"_s, runtime);
    const auto usual = controlSocketPaths(u"/nohome/me/.cyberwave"_s, runtime);
    QVERIFY(first->first().startsWith(u"/run/user/7/cyberwave/cloudnode-"_s));
    QVERIFY(first->first() != second->first());
    QVERIFY(first->first() != usual->first());
    QCOMPARE(first->last(), u"/srv/first/run/cloudnode.sock"_s);
}

void TestControlSocketPath::oneFolderHasOneNameHoweverWritten_data()
{
    QTest::addColumn<QString>("suffix");
    QTest::newRow("with a slash at the end") << u"/state/"_s;
    QTest::newRow("with detours") << u"/./other/../state"_s;
    QTest::newRow("through a symbolic link") << u"/link"_s;
    QTest::newRow("through a linked parent") << u"/self/state"_s;
}

void TestControlSocketPath::oneFolderHasOneNameHoweverWritten()
{
    QFETCH(QString, suffix);
    const QTemporaryDir root;
    QVERIFY(QDir(root.path()).mkdir(u"state"_s));
    QVERIFY(QFile::link(root.filePath(u"state"_s), root.filePath(u"link"_s)));
    QVERIFY(QFile::link(root.path(), root.filePath(u"self"_s)));
    const RuntimeFolders runtime{u"/nohome/me"_s, {u"/run/user/7"_s}};
    QCOMPARE(controlSocketPaths(root.path() + suffix, runtime)->first(),
             controlSocketPaths(root.filePath(u"state"_s), runtime)->first());
    const RuntimeFolders atHome{root.path(), {u"/run/user/7"_s}};
    QVERIFY(QFile::link(root.filePath(u"state"_s), root.filePath(u".cyberwave"_s)));
    QCOMPARE(controlSocketPaths(root.path() + suffix, atHome)->first(),
             u"/run/user/7/cyberwave/cloudnode.sock"_s);
}

void TestControlSocketPath::leavesOutWhatIsTooLong()
{
    const QString deep = u"/srv/"_s + QString(100, u'd');
    const auto paths = controlSocketPaths(deep, {u"/nohome/me"_s, {u"/run/user/7"_s}});
    QVERIFY(paths.has_value());
    QCOMPARE(paths->size(), 1);
    QVERIFY(paths->first().startsWith(u"/run/user/7/"_s));
}

void TestControlSocketPath::saysWhenEverythingIsTooLong()
{
    // 107 bytes fit: the last one counts bytes, not characters.
    const QString tail = u"/run/cloudnode.sock"_s;
    const QString fits = u'/' + QString(106 - tail.size(), u'd');
    QCOMPARE(controlSocketPaths(fits, {u"/nohome/me"_s, {}})->first().size(), 107);
    const QString wide = u'/' + QString(105 - tail.size(), u'd') + u'ü';
    const auto tooLong = controlSocketPaths(wide + u'x', {u"/nohome/me"_s, {}});
    QVERIFY(!tooLong.has_value());
    QVERIFY(tooLong.error().where.startsWith(wide));
    QVERIFY(!tooLong.error().remedy.isEmpty());
}

void TestControlSocketPath::trustsOnlyItsOwnRuntimeFolder_data()
{
    QTest::addColumn<QByteArray>("variable");
    QTest::addColumn<bool>("taken");
    QTest::newRow("unset") << QByteArray() << false;
    QTest::newRow("missing") << "/nowhere/to/be/found"_ba << false;
    QTest::newRow("relative") << "."_ba << false;
    QTest::newRow("our own") << "OWN"_ba << true;
    QTest::newRow("somebody else's") << "FOREIGN"_ba << false;
}

void TestControlSocketPath::trustsOnlyItsOwnRuntimeFolder()
{
    QFETCH(QByteArray, variable);
    QFETCH(bool, taken);
    const QTemporaryDir own;
    QByteArray folder = variable == "OWN" ? QFile::encodeName(own.path()) : variable;
    if (variable == "FOREIGN") {
        folder = QFile::encodeName(own.path());
        if (::geteuid() != 0)
            folder = "/"; // root's
        else
            QCOMPARE(::chown(folder.constData(), 12345, static_cast<gid_t>(-1)), 0);
    }
    qputenv("XDG_RUNTIME_DIR", folder);
    const RuntimeFolders runtime = RuntimeFolders::ofThisProcess();
    qunsetenv("XDG_RUNTIME_DIR");
    QCOMPARE(runtime.folders.contains(QFile::decodeName(folder)), taken);
    QCOMPARE(runtime.home, QDir::homePath());
    for (const QString &candidate : runtime.folders)
        QVERIFY(QDir::isAbsolutePath(candidate));
}

QTEST_GUILESS_MAIN(TestControlSocketPath)
#include "tst_controlsocketpath.moc"
