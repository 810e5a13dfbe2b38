#include "control/controlclient.h"
#include "desktop/desktopconfig.h"
#include "desktop/programhost.h"
#include "support/sandboxprocess.h"
#include "support/waiting.h"

#include <QFile>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::Literals::StringLiterals;
using namespace cloudnode;

/// What the program does for its desktop: settings, token, a node in its own process, the connection test.
class TestProgramHost : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void cleanup();
    void keepsSettings();
    void usesTheProjectFolder();
    void prefersTheCommandLine();
    void missesAProjectFolderThatIsGone();
    void keepsAToken();
    void saysWhenAnotherTokenWins();
    void runsANodeAndStartsItAgain();
    void refusesASecondNode();
    void tellsWhyItsNodeHasEnded();
    void testsWhatIsTyped_data();
    void testsWhatIsTyped();

private:
    void write(const QString &name, const QByteArray &text) const;
    QString nodeState() const;

    std::unique_ptr<test::SandboxProcess> m_sandbox;
    std::unique_ptr<QTemporaryDir> m_folder;
    NodeOptions m_options;
    std::unique_ptr<ProgramHost> m_host;
};

void TestProgramHost::initTestCase()
{
    qputenv("PATH", QByteArray(CLOUDNODE_BIN_DIR ":") + qgetenv("PATH")); // where the runner is
    m_sandbox = std::make_unique<test::SandboxProcess>(QStringList{u"--mqtt-port"_s, u"0"_s});
    QVERIFY(m_sandbox->start());
}

void TestProgramHost::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    QDir().mkpath(m_folder->filePath(u"project"_s));
    write(u"project/cyberwave.yml"_s, "training: \"true\"\nprofile_slug: from-file\n");
    qputenv("HOME", QFile::encodeName(m_folder->path()));
    qputenv("CYBERWAVE_API_URL", m_sandbox->apiUrl().toString().toUtf8());
    qputenv("CYBERWAVE_API_TOKEN", "sandbox-token");
    m_options = {};
    m_options.stateDir = m_folder->filePath(u"state"_s).toStdString();
    m_options.mqttHost = "127.0.0.1";
    m_options.mqttPort = std::to_string(m_sandbox->mqttPort());
    m_host = std::make_unique<ProgramHost>(m_options);
}

void TestProgramHost::cleanup()
{
    m_host.reset();
}

void TestProgramHost::write(const QString &name, const QByteArray &text) const
{
    QFile file(m_folder->filePath(name));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(text);
}

QString TestProgramHost::nodeState() const
{
    ControlClient client;
    client.connectTo(m_host->socketPaths(), ControlClient::Persistence::Once);
    std::optional<QString> state;
    client.call(u"node.status"_s, {}, &client, [&](const Result<QJsonValue> &answer) {
        state = answer ? (*answer)["state"_L1].toString() : QString();
    });
    return QTest::qWaitFor([&] { return state.has_value(); }) ? *state : QString();
}

void TestProgramHost::keepsSettings()
{
    const DesktopSettings chosen{.projectFolder = m_folder->filePath(u"project"_s),
                                 .slugHint = u"my-node"_s,
                                 .profileSlug = u"gpu"_s,
                                 .maxConcurrentWorkloads = 3,
                                 .notifyFinished = false,
                                 .notifyFailed = true,
                                 .notifyOffline = false,
                                 .notifyInstallFailed = false,
                                 .notifyTokenRejected = false};
    QCOMPARE(m_host->settings(), DesktopSettings());
    QVERIFY(m_host->saveSettings(chosen));
    QCOMPARE(m_host->settings(), chosen);
    m_host.reset();
    QCOMPARE(ProgramHost(m_options).settings(), chosen);
}

void TestProgramHost::usesTheProjectFolder()
{
    const auto loaded = loadDesktopConfig(m_options, {.projectFolder = m_folder->filePath(u"project"_s),
                                                      .slugHint = u"my-node"_s,
                                                      .maxConcurrentWorkloads = 3});
    QVERIFY(loaded);
    QCOMPARE(loaded->config.workingDirectory, m_folder->filePath(u"project"_s));
    QCOMPARE(loaded->config.training, u"true"_s);
    QCOMPARE(loaded->config.profileSlug, u"from-file"_s);
    QCOMPARE(loaded->config.slugHint, u"my-node"_s);
    QCOMPARE(loaded->config.maxConcurrentWorkloads, 3);
    QCOMPARE(loaded->config.stateDir, m_folder->filePath(u"state"_s));
}

void TestProgramHost::prefersTheCommandLine()
{
    m_options.configFile = m_folder->filePath(u"project/cyberwave.yml"_s).toStdString();
    m_options.slug = "from-flag";
    const auto loaded =
        loadDesktopConfig(m_options, {.projectFolder = u"/nowhere"_s, .slugHint = u"from-settings"_s});
    QVERIFY(loaded);
    QCOMPARE(loaded->config.slugHint, u"from-flag"_s);
    QCOMPARE(loaded->config.training, u"true"_s);
}

void TestProgramHost::missesAProjectFolderThatIsGone()
{
    QVERIFY(m_host->saveSettings({.projectFolder = m_folder->filePath(u"gone"_s)}));
    const auto started = m_host->startNode([](const Error &) {});
    QVERIFY(!started);
    QCOMPARE(started.error().where, m_folder->filePath(u"gone"_s));
}

void TestProgramHost::keepsAToken()
{
    qunsetenv("CYBERWAVE_API_TOKEN");
    QVERIFY(!m_host->hasToken());
    QVERIFY(m_host->saveToken(u"sandbox-token"_s));
    QVERIFY(m_host->hasToken());
    QVERIFY(ProgramHost(m_options).hasToken());
}

void TestProgramHost::saysWhenAnotherTokenWins()
{
    const auto stored = m_host->saveToken(u"another-token"_s);
    QVERIFY(!stored);
    QVERIFY(stored.error().what.contains(u"CYBERWAVE_API_TOKEN"_s));
    QVERIFY(!stored.error().text().contains(u"another-token"_s));
}

void TestProgramHost::runsANodeAndStartsItAgain()
{
    QVERIFY(m_host->startNode([](const Error &reason) { QFAIL(qPrintable(reason.text())); }));
    QVERIFY(m_host->hostsNode());
    WAIT_FOR_EQUAL(nodeState(), u"ready"_s);
    bool again = false;
    m_host->stopNode([&] {
        QVERIFY(!m_host->hostsNode());
        again = m_host->startNode([](const Error &) {}).has_value(); // its state directory is free by now
    });
    WAIT_FOR(again);
    WAIT_FOR_EQUAL(nodeState(), u"ready"_s);
    bool stopped = false;
    m_host->stopNode([&] { stopped = true; });
    WAIT_FOR(stopped);
}

void TestProgramHost::refusesASecondNode()
{
    QVERIFY(m_host->startNode([](const Error &) {}));
    QVERIFY(!m_host->startNode([](const Error &) {}));
    ProgramHost other(m_options);
    QVERIFY(!other.startNode([](const Error &) {})); // it would use the same state directory
}

void TestProgramHost::tellsWhyItsNodeHasEnded()
{
    qputenv("CYBERWAVE_API_TOKEN", "not-the-right-token");
    std::optional<Error> reason;
    QVERIFY(m_host->startNode([&](const Error &error) {
        QVERIFY(!m_host->hostsNode());
        reason = error;
    }));
    WAIT_FOR(reason);
    QVERIFY(reason->what.contains(u"token"_s));
}

void TestProgramHost::testsWhatIsTyped_data()
{
    QTest::addColumn<QString>("token");
    QTest::addColumn<QString>("folder");
    QTest::addColumn<QString>("backend"); // empty: works
    QTest::addColumn<QString>("broker");
    QTest::newRow("the token that is kept") << QString() << QString() << QString() << QString();
    QTest::newRow("a wrong one") << u"wrong-token"_s << QString() << u"does not accept"_s << QString();
    QTest::newRow("a folder that is gone")
        << QString() << u"/gone"_s << u"no such project folder"_s << u"no such project folder"_s;
}

void TestProgramHost::testsWhatIsTyped()
{
    QFETCH(const QString, token);
    QFETCH(const QString, folder);
    QFETCH(const QString, backend);
    QFETCH(const QString, broker);
    std::optional<ConnectionTest> test;
    m_host->testConnection(token, {.projectFolder = folder}, this,
                           [&](const ConnectionTest &result) { test = result; });
    QVERIFY(!test); // never at once
    WAIT_FOR(test);
    const auto judge = [](const std::optional<Error> &error, const QString &expected) {
        QCOMPARE(error.has_value(), !expected.isEmpty());
        if (error)
            QVERIFY2(error->text().contains(expected), qPrintable(error->text()));
    };
    judge(test->backend, backend);
    judge(test->broker, broker);
}

QTEST_GUILESS_MAIN(TestProgramHost)
#include "tst_programhost.moc"
