#include "platform/autostart.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::Literals::StringLiterals;
using namespace cloudnode;

/// Who starts at login: the owner's file against the one for everybody.
class TestAutostart : public QObject {
    Q_OBJECT

private slots:
    void theOwnersFileDecides_data();
    void theOwnersFileDecides();
    void isSwitchedOffForOneOwner();
    void leavesNothingBehindWhereNobodyElseStartsIt();

private:
    static void put(const QString &folder, const QByteArray &lines);
    Autostart autostart() const { return Autostart(own(), u"/usr/bin/cloudnode"_s, {everybodys()}); }
    QString own() const { return m_folder.filePath(u"own"_s); }
    QString everybodys() const { return m_folder.filePath(u"everybodys"_s); }

    QTemporaryDir m_folder;
};

void TestAutostart::put(const QString &folder, const QByteArray &lines)
{
    QDir(folder).removeRecursively();
    if (lines.isNull())
        return;
    QVERIFY(QDir().mkpath(folder));
    QFile file(folder + u"/cloudnode.desktop"_s);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("[Desktop Entry]\nType=Application\nExec=cloudnode --tray\n" + lines);
}

void TestAutostart::theOwnersFileDecides_data()
{
    QTest::addColumn<QByteArray>("own"); // null: there is no such file
    QTest::addColumn<QByteArray>("everybodys");
    QTest::addColumn<bool>("on");
    const QByteArray none;
    const QByteArray plain = "";
    const QByteArray hidden = "Hidden=true\n";
    QTest::newRow("nobody starts it") << none << none << false;
    QTest::newRow("the package does") << none << plain << true;
    QTest::newRow("the administrator does not") << none << hidden << false;
    QTest::newRow("the owner does") << plain << none << true;
    QTest::newRow("the owner does, against the administrator") << plain << hidden << true;
    QTest::newRow("the owner does not, against the package") << hidden << plain << false;
    QTest::newRow("GNOME's own switch") << QByteArray("X-GNOME-Autostart-enabled=false\n") << plain << false;
}

void TestAutostart::theOwnersFileDecides()
{
    QFETCH(QByteArray, own);
    QFETCH(QByteArray, everybodys);
    put(this->own(), own);
    put(this->everybodys(), everybodys);
    QTEST(autostart().isOn(), "on");
}

void TestAutostart::isSwitchedOffForOneOwner()
{
    put(own(), {});
    put(everybodys(), "");
    QVERIFY(autostart().set(false));
    QVERIFY(!autostart().isOn());
    QVERIFY(QFileInfo::exists(everybodys() + u"/cloudnode.desktop"_s));
    QVERIFY(autostart().set(true));
    QVERIFY(autostart().isOn());
}

void TestAutostart::leavesNothingBehindWhereNobodyElseStartsIt()
{
    put(own(), {});
    put(everybodys(), {});
    QVERIFY(autostart().set(true));
    QVERIFY(QFileInfo::exists(autostart().path()));
    QVERIFY(autostart().set(false));
    QVERIFY(!QFileInfo::exists(autostart().path()));
}

QTEST_GUILESS_MAIN(TestAutostart)
#include "tst_autostart.moc"
