#include "node/exitcodes.h"
#include "platform/atomicfile.h"
#include "support/clirun.h"
#include "support/nodeprocess.h"
#include "support/sandboxprocess.h"

#include <QDir>
#include <QDirIterator>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>

using namespace Qt::Literals::StringLiterals;
using namespace cloudnode;
using cloudnode::test::CliRun;

namespace {

/// One secret a place, so that a failure tells where it got through.
const QMap<QString, QByteArray> secrets = {{u"environment"_s, "cw_environment_9f3a71"},
                                           {u".env here"_s, "cw_dotenv_here_55a0"},
                                           {u"another of .env"_s, "hunter2 \"quoted\" 88"},
                                           {u".env at home"_s, "cw_dotenv_home_1c7e"},
                                           {u"credentials"_s, "cw_credentials_7b21"},
                                           {u"registry"_s, "registry_read_4410"},
                                           {u"broker"_s, "broker_password_606"}};

} // namespace

/// The real program, run as its owner would, and its archive unpacked.
class TestCliSupportBundle : public QObject {
    Q_OBJECT

private slots:
    void init();

    void holdsWhatABugReportNeeds();
    void holdsNoSecret_data();
    void holdsNoSecret();
    void worksWithAConfigurationThatCannotBeRead();
    void packsOutputOnlyIfAsked();
    void saysWhatTheRunningNodeSays();
    void replacesNoFile();

private:
    QString path(const QString &name) const { return m_root->filePath(name); }
    void write(const QString &name, const QByteArray &data) const;
    CliRun run(const QStringList &arguments) const;
    /// Runs it, and unpacks what it has made. Below "bundle" in the root then.
    void bundle(const QStringList &arguments = {});
    QByteArray file(const QString &name) const;
    QByteArray everything() const;

    std::unique_ptr<QTemporaryDir> m_root;
    QString m_bundle; ///< the unpacked one
};

void TestCliSupportBundle::init()
{
    m_root = std::make_unique<QTemporaryDir>();
    write(u"work/cyberwave.yml"_s, "training: echo {body}\nmqtt_password: " + secrets[u"broker"_s] + "\n");
    write(u"work/.env"_s, "CYBERWAVE_API_TOKEN=" + secrets[u".env here"_s] + "\nMY_SECRET='" +
                              secrets[u"another of .env"_s] + "'\n");
    write(u"home/.cyberwave/.env"_s, "CYBERWAVE_API_KEY=" + secrets[u".env at home"_s] + '\n');
    write(u"home/.cyberwave/credentials.json"_s, "{\"token\":\"" + secrets[u"credentials"_s] +
                                                     "\",\"package_registry_tokens\":{\"read\":\"" +
                                                     secrets[u"registry"_s] + "\"}}");
    // What a careless program may have written down: every secret, plain, as JSON, and cut by the end we
    // take.
    QByteArray careless;
    for (const QByteArray &secret : secrets)
        careless +=
            QByteArray("{\"text\":\"") + QByteArray(secret).replace('"', "\\\"") + "\"}\n" + secret + '\n';
    write(u"home/.cyberwave/events.jsonl"_s, careless);
    write(u"home/.cyberwave/workload_logs/install.stdout.log"_s, careless);
    write(u"home/.cyberwave/workload_logs/training_job-1.stdout.log"_s, "output of a workload\n" + careless);
    write(u"home/.cyberwave/workload_logs/training_job-1.params.json"_s, "{\"image\":\"of somebody\"}");
    write(u"home/.cyberwave/workloads/job-1/spec.json"_s,
          "{\"params\":{\"image\":\"of somebody\"},\"version\":1}");
}

void TestCliSupportBundle::write(const QString &name, const QByteArray &data) const
{
    QVERIFY(QDir().mkpath(QFileInfo(path(name)).path()));
    QVERIFY(atomicfile::write(path(name), data, atomicfile::Durability::ProcessDeath));
}

CliRun TestCliSupportBundle::run(const QStringList &arguments) const
{
    QProcess process;
    process.setWorkingDirectory(path(u"work"_s));
    CliRun::start(process, QStringList{u"support-bundle"_s} + arguments,
                  {u"HOME="_s + path(u"home"_s),
                   u"CYBERWAVE_API_TOKEN="_s + QString::fromUtf8(secrets[u"environment"_s])});
    return CliRun::of(process);
}

void TestCliSupportBundle::bundle(const QStringList &arguments)
{
    const CliRun result = run(arguments + QStringList{u"--output"_s, path(u"b.tar.gz"_s)});
    QVERIFY2(result.exitCode == exitcode::ok, qPrintable(result.out + result.err));
    QCOMPARE(QFile::permissions(path(u"b.tar.gz"_s)) & (QFile::ReadGroup | QFile::ReadOther),
             QFile::Permissions());
    QVERIFY(QDir().mkpath(path(u"bundle"_s)));
    QCOMPARE(QProcess::execute(u"tar"_s, {u"-xzf"_s, path(u"b.tar.gz"_s), u"-C"_s, path(u"bundle"_s)}), 0);
    const QStringList folders = QDir(path(u"bundle"_s)).entryList(QDir::AllDirs | QDir::NoDotAndDotDot);
    QCOMPARE(folders.size(), 1);
    m_bundle = path(u"bundle/"_s + folders[0]);
}

QByteArray TestCliSupportBundle::file(const QString &name) const
{
    return atomicfile::read(m_bundle + u'/' + name, 16 << 20).value_or(QByteArray());
}

QByteArray TestCliSupportBundle::everything() const
{
    QByteArray all;
    for (QDirIterator files(m_bundle, QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
         files.hasNext();)
        all += atomicfile::read(files.next(), 16 << 20).value_or(QByteArray());
    return all;
}

void TestCliSupportBundle::holdsWhatABugReportNeeds()
{
    bundle();
    QVERIFY(file(u"versions.json"_s).contains(qVersion()));
    const QJsonObject config = QJsonDocument::fromJson(file(u"configuration.json"_s)).object();
    QCOMPARE(config["settings"_L1]["training"_L1]["value"_L1].toString(), u"echo {body}"_s);
    QVERIFY(file(u"status.json"_s).contains("no_status"));
    QVERIFY(file(u"state/files.txt"_s).contains("workload_logs/"));
    QCOMPARE(file(u"state/events.jsonl"_s).count("****"), 2 * secrets.size());
    QVERIFY(file(u"state/install.stdout.log"_s).contains("****"));
    QCOMPARE(file(u"state/workloads/job-1/spec.json"_s), "{\"version\":1}");
    QVERIFY(!file(u"journal.txt"_s).isNull());
}

void TestCliSupportBundle::holdsNoSecret_data()
{
    QTest::addColumn<QByteArray>("secret");
    for (auto secret = secrets.cbegin(); secret != secrets.cend(); ++secret)
        QTest::newRow(qPrintable(secret.key())) << secret.value();
}

void TestCliSupportBundle::holdsNoSecret()
{
    QFETCH(QByteArray, secret);
    bundle({u"--with-output"_s});
    const QByteArray all = everything();
    QVERIFY(all.contains("output of a workload"));
    QVERIFY(!all.contains(secret));
    QVERIFY(!all.contains(QByteArray(secret).replace('"', "\\\"")));
}

void TestCliSupportBundle::worksWithAConfigurationThatCannotBeRead()
{
    write(u"work/cyberwave.yml"_s, "training: [1\n");
    bundle();
    QVERIFY(file(u"configuration-error.txt"_s).contains("cyberwave.yml"));
    const QByteArray all = everything();
    for (const QString &place : {u"environment"_s, u".env here"_s, u".env at home"_s, u"credentials"_s})
        QVERIFY2(!all.contains(secrets[place]), qPrintable(place));
}

void TestCliSupportBundle::packsOutputOnlyIfAsked()
{
    bundle();
    QVERIFY(!everything().contains("output of a workload"));
    QVERIFY(!everything().contains("of somebody"));
}

void TestCliSupportBundle::saysWhatTheRunningNodeSays()
{
    test::SandboxProcess sandbox({u"--mqtt-port"_s, u"0"_s});
    QVERIFY(sandbox.start());
    NodeProcess node(sandbox.apiUrl(), sandbox.mqttPort());
    node.configure({u"inference: echo {body}"_s});
    QVERIFY(node.startAndWait());
    bundle({u"--state-dir"_s, node.stateDir()});
    QCOMPARE(QJsonDocument::fromJson(file(u"status.json"_s)).object()["slug"_L1].toString(), node.slug());
    QVERIFY(file(u"state/identity.json"_s).contains(node.uuid().toUtf8()));
}

void TestCliSupportBundle::replacesNoFile()
{
    write(u"work/mine.tar.gz"_s, "precious");
    const CliRun result = run({u"--output"_s, u"mine.tar.gz"_s});
    QCOMPARE(result.exitCode, exitcode::refused);
    QVERIFY2(result.err.contains(u"mine.tar.gz"_s), qPrintable(result.err));
    QCOMPARE(atomicfile::read(path(u"work/mine.tar.gz"_s), 100).value_or(QByteArray()), "precious");
}

QTEST_GUILESS_MAIN(TestCliSupportBundle)
#include "tst_cli_supportbundle.moc"
