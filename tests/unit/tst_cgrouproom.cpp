#include "platform/cgrouproom.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::Literals::StringLiterals;
using namespace cloudnode;

/// With folders that look like a cgroup tree: who runs the tests need not have one.
class TestCgroupRoom : public QObject {
    Q_OBJECT

private slots:
    void takesWhatTheSystemOffers();
    void saysWhatTheSystemDoesNotOffer();
    void saysThatThereIsNoTree();
};

namespace {

void write(const QString &path, const QByteArray &text)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write(text) == text.size());
}

QByteArray read(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

void TestCgroupRoom::takesWhatTheSystemOffers()
{
    const QTemporaryDir top;
    for (const QString &folder : {top.path(), top.filePath(u"cloudnode"_s)}) {
        QVERIFY(QDir().mkpath(folder));
        write(folder + u"/cgroup.controllers"_s, "cpuset cpu io memory pids\n");
        write(folder + u"/cgroup.subtree_control"_s, {});
    }
    const auto room = cgrouproom::prepare(top.path());
    QVERIFY2(room, room ? "" : qPrintable(room.error().text()));
    QCOMPARE(*room, top.filePath(u"cloudnode"_s));
    QCOMPARE(read(top.filePath(u"cgroup.subtree_control"_s)), "+cpu +memory +pids");
    QCOMPARE(read(*room + u"/cgroup.subtree_control"_s), "+cpu +memory +pids");
}

void TestCgroupRoom::saysWhatTheSystemDoesNotOffer()
{
    const QTemporaryDir top;
    write(top.filePath(u"cgroup.controllers"_s), "cpu pids\n");
    const auto room = cgrouproom::prepare(top.path());
    QVERIFY(!room);
    QCOMPARE(room.error().what, u"the system does not offer memory in it"_s);
}

void TestCgroupRoom::saysThatThereIsNoTree()
{
    const auto room = cgrouproom::prepare(u"/no/where"_s);
    QVERIFY(!room);
    QVERIFY(!QDir(u"/no/where"_s).exists());
}

QTEST_GUILESS_MAIN(TestCgroupRoom)
#include "tst_cgrouproom.moc"
