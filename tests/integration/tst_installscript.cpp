#include "node/installscript.h"
#include "support/processes.h"
#include "support/waiting.h"

#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::Literals::StringLiterals;
using namespace cloudnode;
using cloudnode::test::isAlive;

class TestInstallScript : public QObject {
    Q_OBJECT

private slots:
    void logsBothStreams();
    void saysWhyItFailed_data();
    void saysWhyItFailed();
    void startsItsLogsAfresh();
    void endsWithItsOwner();

private:
    InstallScriptSettings settings(const QString &script) const;
    QByteArray text(const QString &name) const;

    QTemporaryDir m_dir;
};

InstallScriptSettings TestInstallScript::settings(const QString &script) const
{
    return {.script = script,
            .workingDirectory = m_dir.path(),
            .environment = QProcessEnvironment::systemEnvironment(),
            .stdoutPath = m_dir.filePath(u"out"_s),
            .stderrPath = m_dir.filePath(u"err"_s)};
}

QByteArray TestInstallScript::text(const QString &name) const
{
    QFile file(m_dir.filePath(name));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

void TestInstallScript::logsBothStreams()
{
    InstallScript script(settings(u"echo one; echo two >&2; cat; pwd > where"_s));
    QSignalSpy succeeded(&script, &InstallScript::succeeded);
    script.start();
    QVERIFY(succeeded.wait());
    QCOMPARE(text(u"out"_s), "one\n");
    QCOMPARE(text(u"err"_s), "two\n");
    QVERIFY(!(QFile::permissions(m_dir.filePath(u"out"_s)) & QFile::ReadOther));
}

void TestInstallScript::saysWhyItFailed_data()
{
    QTest::addColumn<QString>("script");
    QTest::addColumn<QStringList>("keyWords");
    QTest::newRow("an exit code") << u"echo fetching; echo no network >&2; exit 4"_s
                                  << QStringList{u"exit code 4"_s, u"fetching"_s, u"no network"_s};
    QTest::newRow("a signal") << u"kill -9 $$"_s << QStringList{u"signal 9"_s};
    QTest::newRow("no such command") << u"no-such-command-anywhere"_s << QStringList{u"exit code 127"_s};
    QTest::newRow("only the last lines of many") << u"seq 1 100000; exit 1"_s << QStringList{u"\n100000"_s};
}

void TestInstallScript::saysWhyItFailed()
{
    QFETCH(QString, script);
    QFETCH(QStringList, keyWords);
    InstallScript subject(settings(script));
    QSignalSpy failed(&subject, &InstallScript::failed);
    subject.start();
    QVERIFY(failed.wait());
    const QString what = failed.first().first().value<Error>().what;
    for (const QString &word : keyWords)
        QVERIFY2(what.contains(word), qPrintable(what));
    QVERIFY(what.size() < 5000);
}

void TestInstallScript::startsItsLogsAfresh()
{
    for (int i = 0; i < 2; ++i) {
        InstallScript script(settings(u"echo once"_s));
        QSignalSpy succeeded(&script, &InstallScript::succeeded);
        script.start();
        QVERIFY(succeeded.wait());
    }
    QCOMPARE(text(u"out"_s), "once\n");
}

void TestInstallScript::endsWithItsOwner()
{
    {
        InstallScript script(settings(u"sleep 1000 & echo $! > child; wait"_s));
        script.start();
        WAIT_FOR(text(u"child"_s).endsWith('\n'));
    }
    const qint64 child = text(u"child"_s).trimmed().toLongLong();
    WAIT_FOR(!isAlive(child));
}

QTEST_GUILESS_MAIN(TestInstallScript)
#include "tst_installscript.moc"
