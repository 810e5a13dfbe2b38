#include "node/exitcodes.h"
#include "platform/atomicfile.h"

#include <QDir>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

using namespace Qt::Literals::StringLiterals;
using namespace cloudnode;

namespace {

struct Run {
    int exitCode = -1;
    QString out;
    QString err;
};

const QByteArray secretToken = "cw_token_5f3a9b";
const QByteArray secretPassword = "hunter2-hunter2";

} // namespace

/// The real program as a child process, in a home of its own.
class TestCliConfig : public QObject {
    Q_OBJECT

private slots:
    void init();

    void showsValuesAndWhereTheyComeFrom();
    void flagsCountBeforeAndBehindTheSubcommand_data();
    void flagsCountBeforeAndBehindTheSubcommand();
    void speaksJson();
    void warnsOnStandardErrorOnly();
    void endsWithTheRightCode_data();
    void endsWithTheRightCode();
    void startsByEveryName_data();
    void startsByEveryName();
    void verboseMayStandAnywhere_data();
    void verboseMayStandAnywhere();
    void neverPrintsASecret_data();
    void neverPrintsASecret();
    void controlCharactersDoNotReachTheTerminal();

private:
    QString path(const QString &name) const { return m_root->filePath(name); }
    void write(const QString &name, const QByteArray &data) const;
    Run run(const QStringList &arguments, const QStringList &environment = {},
            const QString &program = u"cloudnode"_s) const;

    std::unique_ptr<QTemporaryDir> m_root;
};

void TestCliConfig::init()
{
    m_root = std::make_unique<QTemporaryDir>();
    QVERIFY(QDir(m_root->path()).mkpath(u"work"_s));
    QVERIFY(QDir(m_root->path()).mkpath(u"home/.cyberwave"_s));
}

void TestCliConfig::write(const QString &name, const QByteArray &data) const
{
    QVERIFY(atomicfile::write(path(name), data, atomicfile::Durability::ProcessDeath));
}

Run TestCliConfig::run(const QStringList &arguments, const QStringList &environment,
                       const QString &program) const
{
    QProcess process;
    process.setWorkingDirectory(path(u"work"_s));
    process.setEnvironment(
        QStringList{u"HOME="_s + path(u"home"_s), u"PATH="_s + qEnvironmentVariable("PATH")} + environment);
    process.start(QStringLiteral(CLOUDNODE_BIN_DIR "/") + program, arguments);
    if (!process.waitForFinished())
        return {};
    return {process.exitCode(), QString::fromUtf8(process.readAllStandardOutput()),
            QString::fromUtf8(process.readAllStandardError())};
}

void TestCliConfig::showsValuesAndWhereTheyComeFrom()
{
    write(u"work/cyberwave.yml"_s, "cyberwave-cloud-node:\n  training: |\n    cd x\n    run {body}\n");
    write(u"work/.env"_s, "\nCYBERWAVE_ENVIRONMENT=dev/\n");
    write(u"home/.cyberwave/credentials.json"_s, R"({"token": "cw_token_5f3a9b"})");
    const Run result = run({u"config"_s, u"--mqtt-port"_s, u"8883"_s}, {u"CYBERWAVE_MQTT_HOST=broker"_s});
    QCOMPARE(result.err, QString());
    QCOMPARE(result.exitCode, int(exitcode::ok));

    const QStringList lines = result.out.split(u'\n');
    const qsizetype valueColumn = lines.first().indexOf(u"VALUE"_s);
    const qsizetype originColumn = lines.first().indexOf(u"FROM"_s);
    QHash<QString, std::pair<QString, QString>> shown;
    for (const QString &line : lines) {
        shown[line.left(valueColumn).trimmed()] = {
            line.mid(valueColumn, originColumn - valueColumn).trimmed(), line.mid(originColumn)};
    }
    const QHash<QString, std::pair<QString, QString>> expected = {
        {u"api_token"_s, {u"set (••••, 15 characters)"_s, u"credentials.json"_s}},
        {u"training"_s, {u"cd x ⏎ run {body}"_s, u"cyberwave.yml:2"_s}},
        {u"environment"_s, {u"dev/"_s, u".env:2 (%1)"_s.arg(path(u"work"_s))}},
        {u"mqtt_host"_s, {u"broker"_s, u"environment CYBERWAVE_MQTT_HOST"_s}},
        {u"mqtt_port"_s, {u"8883"_s, u"command line --mqtt-port"_s}},
        {u"mqtt_use_tls"_s, {u"true"_s, u"default"_s}},
        {u"mqtt_password"_s, {u"not set"_s, u"default"_s}},
        {u"heartbeat_interval"_s, {u"30"_s, u"default"_s}},
    };
    for (auto it = expected.cbegin(); it != expected.cend(); ++it)
        QCOMPARE(shown.value(it.key()), it.value());
    QVERIFY(result.out.contains(u"Configuration file: "_s + path(u"work/cyberwave.yml"_s)));
}

void TestCliConfig::flagsCountBeforeAndBehindTheSubcommand_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::newRow("before") << QStringList{u"--slug"_s, u"right"_s, u"config"_s};
    QTest::newRow("behind") << QStringList{u"config"_s, u"--slug"_s, u"right"_s};
    QTest::newRow("both: the latter counts")
        << QStringList{u"--slug=wrong"_s, u"config"_s, u"--slug=right"_s};
}

void TestCliConfig::flagsCountBeforeAndBehindTheSubcommand()
{
    QFETCH(QStringList, arguments);
    const Run result = run(arguments + QStringList{u"--json"_s});
    const QJsonObject settings = QJsonDocument::fromJson(result.out.toUtf8())["settings"_L1].toObject();
    QCOMPARE(settings["slug"_L1].toObject(),
             (QJsonObject{{u"value"_s, u"right"_s}, {u"origin"_s, u"command line --slug"_s}}));
}

void TestCliConfig::speaksJson()
{
    write(u"work/cyberwave.yml"_s, "training: run {body}\nupload_results: no\nmqtt_prot: 1\n");
    const Run result =
        run({u"config"_s, u"--json"_s}, {u"CYBERWAVE_API_TOKEN="_s + QString::fromLatin1(secretToken)});
    QCOMPARE(result.exitCode, int(exitcode::ok));
    const QJsonObject json = QJsonDocument::fromJson(result.out.toUtf8()).object();
    QCOMPARE(json["config_file"_L1].toString(), path(u"work/cyberwave.yml"_s));
    const QJsonObject settings = json["settings"_L1].toObject();
    QCOMPARE(settings["api_token"_L1].toObject(),
             (QJsonObject{{u"secret"_s, true},
                          {u"set"_s, true},
                          {u"characters"_s, 15},
                          {u"origin"_s, u"environment CYBERWAVE_API_TOKEN"_s}}));
    QCOMPARE(settings["upload_results"_L1]["value"_L1], QJsonValue(false));
    QCOMPARE(settings["mqtt_port"_L1]["value"_L1], QJsonValue(1883));
    QCOMPARE(settings["simulate"_L1]["value"_L1], QJsonValue());
    QCOMPARE(settings["state_dir"_L1]["value"_L1], QJsonValue(path(u"home/.cyberwave"_s)));
    QCOMPARE(json["warnings"_L1].toArray().size(), 1);
    QCOMPARE(json["warnings"_L1][0]["where"_L1], QJsonValue(u"cyberwave.yml:3"_s));
}

void TestCliConfig::warnsOnStandardErrorOnly()
{
    write(u"work/cyberwave.yml"_s, "training: run\nmqtt_prot: 1\nversion: '1'\n");
    const Run result = run({u"config"_s});
    QCOMPARE(result.exitCode, int(exitcode::ok));
    QCOMPARE(result.err,
             u"warning: cyberwave.yml:2: unknown key mqtt_prot; it is ignored. Did you mean mqtt_port?\n"
             "note: cyberwave.yml:3: not used by this node: version\n"_s);
    QVERIFY(!result.out.contains(u"mqtt_prot"_s));
}

void TestCliConfig::endsWithTheRightCode_data()
{
    QTest::addColumn<QByteArray>("yml");
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<int>("exitCode");
    QTest::addColumn<QString>("err"); // part of it
    const QByteArray wrong = "cyberwave-cloud-node:\n  training: run\n  mqtt_port: 70000\n";
    const QByteArray quoted = "training: run\ninference: infer.py '{body}'\n";
    const QString wrongText =
        u"cyberwave.yml:3: mqtt_port is \"70000\", expected a whole number from 1 to 65535"_s;
    QTest::newRow("config, nothing set")
        << QByteArray() << QStringList{u"config"_s} << int(exitcode::ok) << QString();
    QTest::newRow("config, wrong value")
        << wrong << QStringList{u"config"_s} << int(exitcode::cannotStart) << wrongText;
    QTest::newRow("start, wrong value")
        << wrong << QStringList{u"start"_s} << int(exitcode::cannotStart) << wrongText;
    QTest::newRow("start, quoted placeholder")
        << quoted << QStringList{u"start"_s} << int(exitcode::cannotStart)
        << u"cyberwave.yml:2: inference cannot be used: {body} stands within single quotes"_s;
    QTest::newRow("start, no token") << QByteArray() << QStringList{u"start"_s} << int(exitcode::noToken)
                                     << u"there is no API token. Give it in one of four ways:"_s;
    QTest::newRow("start, no such file")
        << QByteArray() << QStringList{u"start"_s, u"--config"_s, u"no.yml"_s} << int(exitcode::cannotStart)
        << u"work/no.yml: there is no such file"_s;
    QTest::newRow("an unknown flag") << QByteArray() << QStringList{u"--frobnicate"_s} << int(exitcode::usage)
                                     << u"--frobnicate"_s;
    QTest::newRow("an unknown subcommand")
        << QByteArray() << QStringList{u"strat"_s} << int(exitcode::usage) << u"strat"_s;
    QTest::newRow("a port out of range") << QByteArray() << QStringList{u"--mqtt-port"_s, u"70000"_s}
                                         << int(exitcode::usage) << u"--mqtt-port"_s;
    QTest::newRow("an empty flag") << QByteArray() << QStringList{u"start"_s, u"--config"_s, u""_s}
                                   << int(exitcode::usage) << u"--config"_s;
    QTest::newRow("help") << QByteArray() << QStringList{u"--help"_s} << int(exitcode::ok) << QString();
    QTest::newRow("version") << QByteArray() << QStringList{u"--version"_s} << int(exitcode::ok) << QString();
}

void TestCliConfig::endsWithTheRightCode()
{
    QFETCH(QByteArray, yml);
    QFETCH(QStringList, arguments);
    QFETCH(int, exitCode);
    QFETCH(QString, err);
    if (!yml.isEmpty())
        write(u"work/cyberwave.yml"_s, yml);
    const Run result = run(arguments);
    QCOMPARE(result.exitCode, exitCode);
    QVERIFY2(result.err.contains(err), qPrintable(result.err));
    QCOMPARE(result.err.isEmpty(), exitCode == exitcode::ok);
    QCOMPARE(result.out.isEmpty(), exitCode != exitcode::ok);
}

void TestCliConfig::startsByEveryName_data()
{
    QTest::addColumn<QString>("program");
    QTest::addColumn<QStringList>("arguments");
    QTest::newRow("bare") << u"cloudnode"_s << QStringList();
    QTest::newRow("headless") << u"cloudnode"_s << QStringList{u"--headless"_s};
    QTest::newRow("with start") << u"cloudnode"_s << QStringList{u"start"_s, u"--headless"_s};
    QTest::newRow("with a file only") << u"cloudnode"_s << QStringList{u"--config"_s, u"node.yml"_s};
    QTest::newRow("the specification's name")
        << u"cyberwave-cloud-node"_s << QStringList{u"start"_s, u"--config"_s, u"node.yml"_s};
    QTest::newRow("the specification's name without start")
        << u"cyberwave-cloud-node"_s << QStringList{u"--config"_s, u"node.yml"_s};
}

void TestCliConfig::startsByEveryName()
{
    QFETCH(QString, program);
    QFETCH(QStringList, arguments);
    write(u"work/node.yml"_s, "training: run\n");
    // Without a token it gets as far as saying so, which no other command does.
    const Run result = run(arguments, {}, program);
    QCOMPARE(result.exitCode, int(exitcode::noToken));
    for (const QString &way : {u"CYBERWAVE_API_TOKEN"_s, path(u"work/.env"_s),
                               path(u"home/.cyberwave/.env"_s), path(u"home/.cyberwave/credentials.json"_s)})
        QVERIFY2(result.err.contains(way), qPrintable(result.err));
}

void TestCliConfig::verboseMayStandAnywhere_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::newRow("before") << QStringList{u"-v"_s, u"start"_s};
    QTest::newRow("behind") << QStringList{u"start"_s, u"-v"_s};
    QTest::newRow("both, in full") << QStringList{u"--verbose"_s, u"start"_s, u"--verbose"_s};
}

void TestCliConfig::verboseMayStandAnywhere()
{
    QFETCH(QStringList, arguments);
    QCOMPARE(run(arguments).exitCode, int(exitcode::noToken));
}

void TestCliConfig::neverPrintsASecret_data()
{
    QTest::addColumn<QByteArray>("yml");
    QTest::addColumn<QStringList>("arguments");
    const QByteArray good = "training: run --token " + secretToken + "\nmqtt_password: " + secretPassword +
                            "\ninference: 'login " + secretPassword +
                            "'\n" + // and a start that ends by itself:
                            "install_script: echo installing; exit 1\n";
    const QByteArray stray = good + "mqtt_pasword: x\n" + secretToken + ": x\n";
    const QByteArray wrong = good + "mqtt_port: 70000\n";
    for (const QString &command : {u"config"_s, u"start"_s}) {
        QTest::addRow("%s", qPrintable(command)) << good << QStringList{command, u"-v"_s};
        QTest::addRow("%s, with warnings", qPrintable(command)) << stray << QStringList{command, u"-v"_s};
        QTest::addRow("%s, with an error", qPrintable(command)) << wrong << QStringList{command, u"-v"_s};
    }
    QTest::newRow("config as JSON") << stray << QStringList{u"config"_s, u"--json"_s};
}

void TestCliConfig::neverPrintsASecret()
{
    QFETCH(QByteArray, yml);
    QFETCH(QStringList, arguments);
    write(u"work/cyberwave.yml"_s, yml);
    write(u"home/.cyberwave/.env"_s, "CYBERWAVE_API_TOKEN=" + secretToken + "\nnot a setting\n");
    const Run result = run(arguments, {u"CYBERWAVE_API_URL=http://127.0.0.1:1"_s}); // nobody is there
    QVERIFY(!(result.out + result.err).isEmpty());
    for (const QByteArray &secret : {secretToken, secretPassword})
        QVERIFY2(!(result.out + result.err).contains(QString::fromLatin1(secret)),
                 qPrintable(result.out + result.err));
}

void TestCliConfig::controlCharactersDoNotReachTheTerminal()
{
    write(u"work/cyberwave.yml"_s, "training: \"run \\e]0;x\\a\"\n\"mqtt\\e[31m\": 1\n");
    for (const QString &command : {u"config"_s, u"start"_s}) {
        const Run result = run({command});
        QVERIFY(!result.err.isEmpty());
        QVERIFY(!(result.out + result.err).contains(u'\x1b'));
    }
}

QTEST_GUILESS_MAIN(TestCliConfig)
#include "tst_cli_config.moc"
