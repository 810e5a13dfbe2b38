#include "integration/linesocket.h"
#include "platform/controllistener.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

using namespace Qt::Literals::StringLiterals;
using cloudnode::ControlListener;

class TestControlListener : public QObject {
    Q_OBJECT

private slots:
    void isForItsOwnerOnly();
    void narrowsAFolderThatIsOpenToOthers();
    void refusesAFolderOfAnotherUser();
    void admitsItsOwnerAndRoot();
    void turnsOtherUsersAway();
    void replacesTheSocketOfADeadNode();
    void leavesALiveNodeItsSocket();
    void leavesALiveNodeInAnotherPlaceAlone();
    void letsOneOfTwoStartAtATime();
    void leavesAFileThatIsNoSocket();
    void takesTheNextPlaceIfOneCannotBeHad();
    void noticesThatItsFileIsGone();
    void removesOnlyItsOwnFile();

private:
    static mode_t modeOf(const QString &path)
    {
        struct stat state = {};
        ::stat(QFile::encodeName(path).constData(), &state);
        return state.st_mode & 07777;
    }
    static void leaveADeadSocket(const QString &path)
    {
        const QTemporaryDir elsewhere;
        const QString made = elsewhere.filePath(u"run/s"_s);
        ControlListener listener;
        QVERIFY(listener.open({made}));
        QVERIFY(QDir().mkpath(QFileInfo(path).path()));
        QVERIFY(QFile::rename(made, path));
    }
};

void TestControlListener::isForItsOwnerOnly()
{
    const QTemporaryDir root;
    ControlListener listener;
    QVERIFY(listener.open({root.filePath(u"run/node.sock"_s)}));
    QCOMPARE(listener.path(), root.filePath(u"run/node.sock"_s));
    QCOMPARE(modeOf(root.filePath(u"run"_s)), 0700u);
    QCOMPARE(modeOf(listener.path()), 0600u);
}

void TestControlListener::narrowsAFolderThatIsOpenToOthers()
{
    const QTemporaryDir root;
    const QString folder = root.filePath(u"run"_s);
    QVERIFY(QDir().mkdir(folder));
    QCOMPARE(::chmod(QFile::encodeName(folder).constData(), 0777), 0);
    ControlListener listener;
    QVERIFY(listener.open({folder + u"/node.sock"_s}));
    QCOMPARE(modeOf(folder), 0700u);
}

void TestControlListener::refusesAFolderOfAnotherUser()
{
    const QTemporaryDir root;
    QString folder = u"/usr"_s; // root's
    if (::geteuid() == 0) {
        folder = root.filePath(u"run"_s);
        QVERIFY(QDir().mkdir(folder));
        QCOMPARE(::chown(QFile::encodeName(folder).constData(), 12345, static_cast<gid_t>(-1)), 0);
    }
    ControlListener listener;
    const auto opened = listener.open({folder + u"/node.sock"_s});
    QVERIFY(!opened.has_value());
    QVERIFY2(opened.error().what.contains(u"another user"_s), qPrintable(opened.error().text()));
}

void TestControlListener::admitsItsOwnerAndRoot()
{
    QVERIFY(ControlListener::isOwnerOrRoot(::geteuid()));
    QVERIFY(ControlListener::isOwnerOrRoot(0));
    QVERIFY(!ControlListener::isOwnerOrRoot(::geteuid() + 1));
    QVERIFY(!ControlListener::isOwnerOrRoot(static_cast<uint>(-1)));
}

void TestControlListener::turnsOtherUsersAway()
{
    const QTemporaryDir root;
    QList<uint> seen;
    ControlListener listener([&](uint peer) {
        seen << peer;
        return false;
    });
    QSignalSpy accepted(&listener, &ControlListener::accepted);
    QVERIFY(listener.open({root.filePath(u"run/node.sock"_s)}));
    LineSocket client(listener.path());
    QSignalSpy closed(&client.socket, &QLocalSocket::disconnected);
    QVERIFY(closed.wait());
    QCOMPARE(seen, QList<uint>{::geteuid()});
    QCOMPARE(accepted.count(), 0);
}

void TestControlListener::replacesTheSocketOfADeadNode()
{
    const QTemporaryDir root;
    const QString path = root.filePath(u"run/node.sock"_s);
    leaveADeadSocket(path);
    QVERIFY(QFileInfo::exists(path));
    ControlListener listener;
    QVERIFY(listener.open({path}));
    QSignalSpy accepted(&listener, &ControlListener::accepted);
    const DeadSocket client(path);
    QVERIFY(client.isConnected);
    QVERIFY(accepted.wait());
    ::close(accepted.first().first().toInt());
}

void TestControlListener::leavesALiveNodeItsSocket()
{
    const QTemporaryDir root;
    ControlListener first;
    QVERIFY(first.open({root.filePath(u"run/node.sock"_s)}));
    ControlListener second;
    const auto opened = second.open({first.path()});
    QVERIFY(!opened.has_value());
    QVERIFY2(opened.error().what.contains(u"already running"_s), qPrintable(opened.error().text()));
    QVERIFY(!opened.error().remedy.isEmpty());
    QVERIFY(second.path().isEmpty());
    QVERIFY(first.isReachable());
}

void TestControlListener::leavesALiveNodeInAnotherPlaceAlone()
{
    const QTemporaryDir root;
    const QStringList paths = {root.filePath(u"first/node.sock"_s), root.filePath(u"second/node.sock"_s)};
    ControlListener live;
    QVERIFY(live.open({paths.last()}));
    ControlListener late;
    QVERIFY(!late.open(paths).has_value());
    QVERIFY(!QFileInfo::exists(paths.first()));
}

void TestControlListener::letsOneOfTwoStartAtATime()
{
    const QTemporaryDir root;
    const QString path = root.filePath(u"run/node.sock"_s);
    leaveADeadSocket(path);
    const int lock =
        ::open(QFile::encodeName(path + u".lock"_s).constData(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    QVERIFY(lock >= 0);
    QCOMPARE(::flock(lock, LOCK_SH), 0);
    ControlListener listener;
    QVERIFY(!listener.open({path, root.filePath(u"other/node.sock"_s)}).has_value());
    QVERIFY(QFileInfo::exists(path)); // the other one's to replace
    ::close(lock);
    QVERIFY(listener.open({path}));
}

void TestControlListener::leavesAFileThatIsNoSocket()
{
    const QTemporaryDir root;
    const QString path = root.filePath(u"run/node.sock"_s);
    QVERIFY(QDir().mkdir(root.filePath(u"run"_s)));
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write("precious"), 8);
    file.close();
    ControlListener listener;
    const auto opened = listener.open({path});
    QVERIFY(!opened.has_value());
    QCOMPARE(opened.error().where, path);
    QCOMPARE(file.size(), 8);
}

void TestControlListener::takesTheNextPlaceIfOneCannotBeHad()
{
    const QTemporaryDir root;
    const QString tooLong = root.filePath(u"run/"_s + QString(108, u'x'));
    const QString orphan = root.filePath(u"missing/run/node.sock"_s);
    const QString good = root.filePath(u"run/node.sock"_s);
    ControlListener listener;
    QVERIFY(!listener.open({tooLong, orphan}).has_value());
    QVERIFY(!listener.open({}).has_value());
    QVERIFY(listener.open({tooLong, orphan, good}));
    QCOMPARE(listener.path(), good);
    QVERIFY(!QFileInfo::exists(root.filePath(u"missing"_s)));
}

void TestControlListener::noticesThatItsFileIsGone()
{
    const QTemporaryDir root;
    ControlListener listener;
    QVERIFY(!listener.isReachable());
    QVERIFY(listener.open({root.filePath(u"run/node.sock"_s)}));
    QVERIFY(listener.isReachable());
    QVERIFY(QFile::remove(listener.path()));
    QVERIFY(!listener.isReachable());
}

void TestControlListener::removesOnlyItsOwnFile()
{
    const QTemporaryDir root;
    const QString path = root.filePath(u"run/node.sock"_s);
    ControlListener first;
    QVERIFY(first.open({path}));
    QVERIFY(QFile::remove(path));
    ControlListener second;
    QVERIFY(second.open({path}));
    first.close();
    QVERIFY(second.isReachable());
    second.close();
    QVERIFY(!QFileInfo::exists(path));
}

QTEST_GUILESS_MAIN(TestControlListener)
#include "tst_controllistener.moc"
