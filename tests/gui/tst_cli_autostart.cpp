#include "support/clirun.h"
#include "support/waiting.h"

#include <QDir>
#include <QTemporaryDir>

using namespace Qt::Literals::StringLiterals;
using cloudnode::test::CliRun;

/// The real program as the autostart file in /etc starts it, for everybody who logs in.
class TestCliAutostart : public QObject {
    Q_OBJECT

private slots:
    void init() { m_home = std::make_unique<QTemporaryDir>(); }
    void makesNobodyANode_data();
    void makesNobodyANode();
    void startsTheTrayOfWhoHasSetItUp();

private:
    void start(QProcess &process, const QStringList &more) const;
    void put(const QString &name, const QByteArray &text) const;

    std::unique_ptr<QTemporaryDir> m_home;
};

void TestCliAutostart::start(QProcess &process, const QStringList &more) const
{
    CliRun::start(process, {u"--tray"_s, u"--autostart"_s},
                  QStringList{u"HOME="_s + m_home->path(), u"XDG_RUNTIME_DIR="_s + m_home->path(),
                              u"XDG_CONFIG_HOME="_s + m_home->path()} +
                      more);
}

void TestCliAutostart::put(const QString &name, const QByteArray &text) const
{
    QVERIFY(QDir(m_home->path()).mkpath(u".cyberwave"_s));
    QFile file(m_home->filePath(u".cyberwave/"_s + name));
    QVERIFY(file.open(QIODevice::WriteOnly) && file.setPermissions(QFile::ReadOwner | QFile::WriteOwner));
    file.write(text);
}

void TestCliAutostart::makesNobodyANode_data()
{
    QTest::addColumn<QStringList>("environment");
    QTest::addColumn<QString>("file");
    const QStringList screen = {u"QT_QPA_PLATFORM=offscreen"_s};
    QTest::newRow("an account that knows nothing of it") << screen << QString();
    QTest::newRow("one with a token for other things") << screen << u"credentials.json"_s;
    QTest::newRow("one whose node is a service") << screen << u"instance_identity.json"_s;
    QTest::newRow("a login without a screen") << QStringList() << u"desktop.json"_s;
}

void TestCliAutostart::makesNobodyANode()
{
    QFETCH(QStringList, environment);
    QFETCH(QString, file);
    if (!file.isEmpty())
        put(file, R"({"token": "a-token"})");
    const QDir::Filters everything = QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot;
    const QStringList before = QDir(m_home->path()).entryList(everything);
    QProcess process;
    start(process, environment);
    const CliRun run = CliRun::of(process);
    QCOMPARE(run.exitCode, 0);
    QCOMPARE(run.out + run.err, QString());
    QCOMPARE(QDir(m_home->path()).entryList(everything), before);
}

void TestCliAutostart::startsTheTrayOfWhoHasSetItUp()
{
    put(u"desktop.json"_s, "{}");
    QProcess process;
    start(process, {u"QT_QPA_PLATFORM=offscreen"_s});
    WAIT_FOR(QFileInfo::exists(m_home->filePath(u"cyberwave/cloudnode.sock.desktop"_s)) ||
             QFileInfo::exists(m_home->filePath(u".cyberwave/cloudnode.sock.desktop"_s)));
    process.terminate();
    QCOMPARE(CliRun::of(process).exitCode, 0);
}

QTEST_GUILESS_MAIN(TestCliAutostart)
#include "tst_cli_autostart.moc"
