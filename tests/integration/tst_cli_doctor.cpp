#include "support/clirun.h"
#include "support/sandboxprocess.h"

#include <QFile>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::Literals::StringLiterals;
using namespace cloudnode;
using namespace cloudnode::test;

/// `cloudnode doctor` against the sandbox: a line for each thing, and what to do where something is wrong.
class TestCliDoctor : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void findsNothingWrong();
    void findsWhatIsWrong_data();
    void findsWhatIsWrong();
    void tellsNoSecret();

private:
    CliRun doctor() const;
    static QString line(const CliRun &run, const QString &subject);
    void writeConfig(const QByteArray &text) const;

    std::unique_ptr<SandboxProcess> m_sandbox;
    std::unique_ptr<QTemporaryDir> m_folder;
    QString m_token;
    QString m_apiUrl;
    QString m_mqttHost;
    quint16 m_mqttPort = 0;
};

void TestCliDoctor::initTestCase()
{
    m_sandbox = std::make_unique<SandboxProcess>(QStringList{u"--mqtt-port"_s, u"0"_s});
    QVERIFY(m_sandbox->start());
}

void TestCliDoctor::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_token = m_sandbox->token();
    m_apiUrl = m_sandbox->apiUrl().toString();
    m_mqttHost = u"127.0.0.1"_s;
    m_mqttPort = m_sandbox->mqttPort();
    writeConfig("training: \"true\"\n");
}

void TestCliDoctor::writeConfig(const QByteArray &text) const
{
    QFile file(m_folder->filePath(u"cyberwave.yml"_s));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(text);
}

CliRun TestCliDoctor::doctor() const
{
    QProcess process;
    QStringList environment{u"HOME="_s + m_folder->path(), u"CYBERWAVE_API_URL="_s + m_apiUrl};
    if (!m_token.isEmpty())
        environment << u"CYBERWAVE_API_TOKEN="_s + m_token;
    process.setWorkingDirectory(m_folder->path());
    CliRun::start(process,
                  {u"doctor"_s, u"--mqtt-host"_s, m_mqttHost, u"--mqtt-port"_s, QString::number(m_mqttPort)},
                  environment);
    return CliRun::of(process);
}

/// What was said of the subject, the verdict first; the problem, if there are several lines.
QString TestCliDoctor::line(const CliRun &run, const QString &subject)
{
    const QStringList lines = run.out.split(u'\n');
    const QStringList about = lines.filter(QRegularExpression(u"^\\S+ +%1 "_s.arg(subject)));
    const QStringList problems = about.filter(QRegularExpression(u"^PROBLEM "_s));
    return problems.isEmpty() ? about.value(0) : problems.constFirst();
}

void TestCliDoctor::findsNothingWrong()
{
    const CliRun run = doctor();
    QCOMPARE(run.exitCode, 0);
    QCOMPARE(run.err, QString());
    for (const QString &subject : {u"configuration"_s, u"backend"_s, u"token"_s, u"clock"_s, u"broker"_s,
                                   u"disk"_s, u"runner"_s, u"tray"_s})
        QVERIFY2(!line(run, subject).isEmpty(), qPrintable(subject + u" is missing in:\n"_s + run.out));
    for (const QString &subject : {u"configuration"_s, u"backend"_s, u"token"_s, u"broker"_s, u"runner"_s})
        QVERIFY2(line(run, subject).startsWith(u"ok "_s), qPrintable(run.out));
    QVERIFY(!run.out.contains(u'\x1b')); // no colours but on a terminal
}

void TestCliDoctor::findsWhatIsWrong_data()
{
    QTest::addColumn<QString>("what"); // is made wrong
    QTest::addColumn<QString>("value");
    QTest::addColumn<QString>("subject");
    QTest::addColumn<QString>("remedy");
    QTest::newRow("a token the backend does not know")
        << u"token"_s << u"another-token"_s << u"token"_s << u"cyberwave login"_s;
    QTest::newRow("no token") << u"token"_s << QString() << u"token"_s << u"CYBERWAVE_API_TOKEN"_s;
    QTest::newRow("nobody at the API URL")
        << u"url"_s << u"http://127.0.0.1:1"_s << u"backend"_s << u"Check the API URL"_s;
    QTest::newRow("nobody at the broker's port")
        << u"port"_s << u"1"_s << u"broker"_s << u"Check mqtt_host and mqtt_port"_s;
    QTest::newRow("a host name nobody knows")
        << u"host"_s << u"broker.invalid"_s << u"dns"_s << u"broker.invalid"_s;
    QTest::newRow("no command") << u"config"_s << u"profile_slug: x\n"_s << u"commands"_s
                                << u"Set training or inference"_s;
    QTest::newRow("a configuration that cannot be read")
        << u"config"_s << u"training: x\nheartbeat_interval: soon\n"_s << u"configuration"_s
        << u"cyberwave.yml:2"_s;
}

void TestCliDoctor::findsWhatIsWrong()
{
    QFETCH(const QString, what);
    QFETCH(const QString, value);
    QFETCH(const QString, subject);
    QFETCH(const QString, remedy);
    if (what == u"token"_s)
        m_token = value;
    else if (what == u"url"_s)
        m_apiUrl = value;
    else if (what == u"port"_s)
        m_mqttPort = value.toUShort();
    else if (what == u"host"_s)
        m_mqttHost = value;
    else
        writeConfig(value.toUtf8());
    const CliRun run = doctor();
    QCOMPARE(run.exitCode, 1);
    const QString said = line(run, subject);
    QVERIFY2(said.startsWith(u"PROBLEM"_s), qPrintable(run.out));
    QVERIFY2(said.contains(remedy), qPrintable(run.out));
}

void TestCliDoctor::tellsNoSecret()
{
    m_token = u"a-secret-that-nobody-may-see"_s;
    for (const QString &url : {m_apiUrl, u"http://127.0.0.1:1/"_s + m_token}) {
        m_apiUrl = url;
        const CliRun run = doctor();
        QVERIFY2(!(run.out + run.err).contains(m_token), qPrintable(run.out + run.err));
    }
}

QTEST_GUILESS_MAIN(TestCliDoctor)
#include "tst_cli_doctor.moc"
