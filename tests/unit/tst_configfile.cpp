#include "config/setting.h"
#include "unit/configtest.h"

#include <QTest>

#include <sys/stat.h>

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;
using namespace cloudnode;
using namespace cloudnode::test;

/// What cyberwave.yml may say, where it is looked for, and what is said of mistakes in it.
class TestConfigFile : public ConfigTest {
    Q_OBJECT

private slots:
    void takesEverySettingFromTheFile_data();
    void takesEverySettingFromTheFile();
    void reads_data();
    void reads();
    void refuses_data();
    void refuses();
    void warns_data();
    void warns();
    void doesNotWarnWithoutEnd();
    void notesKeysOfOtherPrograms();
    void saysNothingAboutAGoodFile();

    void takesFilesByTheirWrapper_data();
    void takesFilesByTheirWrapper();
    void takesFrontMatterThatIsMeantForIt_data();
    void takesFrontMatterThatIsMeantForIt();
    void givenFileDecidesWhereCommandsRun();
    void givenFileMustExist();
    void survivesHostileFiles_data();
    void survivesHostileFiles();

    void readsLimitsBelowTheirType();
    void warnsOfAPasswordThatEverybodyCanRead();
    void tlsFollowsThePort_data();
    void tlsFollowsThePort();
    void makesPathsAbsolute();
};

void TestConfigFile::takesEverySettingFromTheFile_data()
{
    QTest::addColumn<QString>("key");
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QJsonValue>("value");
    QHash<ValueKind, std::pair<QByteArray, QJsonValue>> examples = {
        {ValueKind::Text, {"a text", u"a text"_s}},
        {ValueKind::Command, {"run {body}", u"run {body}"_s}},
        {ValueKind::Path, {"/usr/bin/env", u"/usr/bin/env"_s}},
        {ValueKind::Host, {"broker", u"broker"_s}},
        {ValueKind::Number, {"17", 17}},
        {ValueKind::Seconds, {"18", 18}},
        {ValueKind::Mode, {"file", u"file"_s}},
    };
    for (const Setting &setting : allSettings()) {
        if (setting.kind == ValueKind::Choice)
            examples[ValueKind::Choice] = {setting.choices.last().toUtf8(), setting.choices.last()};
        const bool flag = setting.kind == ValueKind::Flag;
        const bool flipped = !setting.value(NodeConfig()).toBool();
        for (const QString &key : setting.fileKeys) {
            if (flag)
                QTest::newRow(qPrintable(key))
                    << key << QByteArray(flipped ? "true" : "false") << QJsonValue(flipped);
            else
                QTest::newRow(qPrintable(key))
                    << key << examples[setting.kind].first << examples[setting.kind].second;
        }
    }
}

void TestConfigFile::takesEverySettingFromTheFile()
{
    QFETCH(QString, key);
    QFETCH(QByteArray, text);
    QFETCH(QJsonValue, value);
    const auto loaded = load({.yml = inFile("  " + key.toUtf8() + ": " + text + "\n")});
    QVERIFY2(loaded, loaded ? "" : qPrintable(loaded.error().text()));
    for (const Setting &setting : allSettings()) {
        const bool given = setting.fileKeys.contains(key);
        QCOMPARE(loaded->origin(setting.key), given ? u"cyberwave.yml:2"_s : u"default"_s);
        if (given)
            QCOMPARE(setting.value(loaded->config), value);
    }
}

void TestConfigFile::reads_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<QString>("key");
    QTest::addColumn<QString>("value");
    QTest::newRow("a number in quotes")
        << QByteArray("heartbeat_interval: \"15\"") << u"heartbeat_interval"_s << u"15"_s;
    QTest::newRow("a numeric password as it is written")
        << QByteArray("mqtt_password: 0012345678") << u"mqtt_password"_s << u"0012345678"_s;
    QTest::newRow("a command over two lines")
        << QByteArray("training: |\n    cd x\n    run {body}\n") << u"training"_s << u"cd x\nrun {body}\n"_s;
    QTest::newRow("a command called true") << QByteArray("training: 'true'") << u"training"_s << u"true"_s;
    QTest::newRow("an IPv6 address") << QByteArray("mqtt_host: '::1'") << u"mqtt_host"_s << u"::1"_s;
    QTest::newRow("by way of an anchor")
        << QByteArray("training: &t run\n  inference: *t") << u"inference"_s << u"run"_s;
    for (const char *word : {"1", "true", "t", "yes", "y", "on", "True", "YES", "\"on\""})
        QTest::addRow("yes: %s", word)
            << QByteArray("mqtt_use_tls: ") + word << u"mqtt_use_tls"_s << u"true"_s;
    for (const char *word : {"0", "false", "f", "no", "n", "off", "FALSE"})
        QTest::addRow("no: %s", word)
            << QByteArray("upload_results: ") + word << u"upload_results"_s << u"false"_s;
}

void TestConfigFile::reads()
{
    QFETCH(QByteArray, line);
    QFETCH(QString, key);
    const auto loaded = load({.yml = inFile("  " + line + "\n")});
    QVERIFY2(loaded, loaded ? "" : qPrintable(loaded.error().text()));
    QTEST(findSetting(key)->text(loaded->config), "value");
}

void TestConfigFile::refuses_data()
{
    QTest::addColumn<World>("world");
    QTest::addColumn<QString>("where");
    QTest::addColumn<QString>("what");
    const auto line = [](const char *text, const char *what) {
        QTest::newRow(text) << World{.yml = inFile(QByteArray("  # a comment\n  ") + text + "\n")}
                            << u"cyberwave.yml:3"_s << QString::fromUtf8(what);
    };
    line("heartbeat_interval: abc",
         "heartbeat_interval is \"abc\", expected a whole number of seconds from 1 to 86400");
    line("heartbeat_interval:", "heartbeat_interval is empty, expected a whole number of seconds");
    line("heartbeat_interval: null", "heartbeat_interval is empty");
    line("heartbeat_interval: ''", "heartbeat_interval is empty");
    line("heartbeat_interval: [1, 2]", "heartbeat_interval is a list, expected a whole number");
    line("heartbeat_interval: {a: 1}", "heartbeat_interval is a mapping, expected a whole number");
    line("heartbeat_interval: 0", "heartbeat_interval is \"0\"");
    line("heartbeat_interval: 1.5", "heartbeat_interval is \"1.5\"");
    line("heartbeat_interval: 1e3", "heartbeat_interval is \"1e3\"");
    line("heartbeat_interval: 99999999999999999999", "expected a whole number");
    line("mqtt_port: 70000", "mqtt_port is \"70000\", expected a whole number from 1 to 65535");
    line("mqtt_port: -1", "mqtt_port is \"-1\"");
    line("mqtt_port: 0x75b", "mqtt_port is \"0x75b\"");
    line("mqtt_host: broker:1883", "mqtt_host is \"broker:1883\", expected a host name");
    line("mqtt_host: mqtt://broker", "expected a host name or address without scheme and port");
    line("mqtt_host: a b", "expected a host name");
    line("mqtt_host: ~", "mqtt_host is empty");
    line("mqtt_use_tls: maybe", "mqtt_use_tls is \"maybe\", expected true or false");
    line("max_concurrent_workloads: 0", "expected a whole number from 1 to");
    line("mqtt_reconnect_max_seconds: 0", "expected a whole number of seconds from 1 to");
    line("body_mode: text", "body_mode is \"text\", expected inline or file");
    line("training: [python3, train.py]", "training is a list, expected a shell command");
    line("inference: false", "inference is false, expected a shell command");
    line("install: {a: b}", "install is a mapping");
    line("training: run '{body}'", "training cannot be used: {body} stands within single quotes");
    line("inference: run \"{body}\"", "inference cannot be used: {body} stands within double quotes");
    line("simulate: run `{body}`", "simulate cannot be used: {body} stands within backquotes");
    line("mqtt_tls_ca_certs: none.pem", "expected a file that can be read");
    line("training: a: b", "is not valid YAML");

    QTest::newRow("a variable") << World{.environment = {u"CYBERWAVE_MQTT_PORT=abc"_s}}
                                << u"environment CYBERWAVE_MQTT_PORT"_s << u"mqtt_port is \"abc\""_s;
    QTest::newRow("a flag") << World{.flags = {u"mqtt-port=0"_s}} << u"command line --mqtt-port"_s
                            << u"mqtt_port is \"0\""_s;
    QTest::newRow("a line of .env") << World{.workingDotEnv = "\n\nCYBERWAVE_API_URL=ftp://x"}
                                    << u"/work/.env:3"_s << u"api_url is \"ftp://x\", expected an http"_s;
    QTest::newRow("the login") << World{.credentials = R"({"envs": {"CYBERWAVE_MQTT_PORT": "x"}})"}
                               << u"/home/.cyberwave/credentials.json"_s << u"mqtt_port is \"x\""_s;
    QTest::newRow("an instance that is every topic")
        << World{.environment = {u"CYBERWAVE_CLOUD_NODE_INSTANCE_UUID=#"_s}}
        << u"CYBERWAVE_CLOUD_NODE_INSTANCE_UUID"_s << u"expected a name without blanks"_s;
    QTest::newRow("a slug that climbs")
        << World{.flags = {u"slug=../x"_s}} << u"--slug"_s << u"expected a name without blanks"_s;
    QTest::newRow("a prefix that is every topic")
        << World{.environment = {u"CYBERWAVE_ENVIRONMENT=+/"_s}} << u"CYBERWAVE_ENVIRONMENT"_s
        << u"expected a topic prefix"_s;
    QTest::newRow("a file that is a list")
        << World{.yml = "- a\n- b\n"} << u"cyberwave.yml"_s << u"does not consist of keys and values"_s;
    QTest::newRow("a section that is a text") << World{.yml = "\ncyberwave-cloud-node: hello\n"}
                                              << u"cyberwave.yml:2"_s << u"does not hold keys and values"_s;
}

void TestConfigFile::refuses()
{
    QFETCH(World, world);
    QFETCH(QString, where);
    QFETCH(QString, what);
    const auto loaded = load(world);
    QVERIFY(!loaded);
    QVERIFY2(loaded.error().where.endsWith(where), qPrintable(loaded.error().text()));
    QVERIFY2(loaded.error().what.contains(what), qPrintable(loaded.error().text()));
}

void TestConfigFile::warns_data()
{
    QTest::addColumn<QByteArray>("yml");
    QTest::addColumn<QString>("warning");
    QTest::newRow("a misspelt key") << inFile("  # x\n  mqtt_prot: 1\n")
                                    << u"cyberwave.yml:3: unknown key mqtt_prot; it is ignored. "
                                       "Did you mean mqtt_port?"_s;
    QTest::newRow("an unknown key") << inFile("  provider: gcp\n")
                                    << u"cyberwave.yml:2: unknown key provider; it is ignored"_s;
    QTest::newRow("certificates without TLS")
        << inFile("  mqtt_tls_ca_certs: /etc/passwd\n")
        << u"cyberwave.yml:2: mqtt_tls_ca_certs has no effect: the broker is spoken to without TLS. "
           "Set mqtt_use_tls: true."_s;
    QTest::newRow("limits that are no mapping") << inFile("  limits: 5\n")
                                                << u"cyberwave.yml:2: limits does not hold keys and values; "
                                                   "it is ignored. Indent the settings below it."_s;
    QTest::newRow("a misspelt wrapper")
        << QByteArray("cyberwave_cloud_node:\n  training: x\n")
        << u"cyberwave.yml:1: unknown key cyberwave_cloud_node; it is ignored. "
           "Did you mean cyberwave-cloud-node?"_s;
    QTest::newRow("a setting that is none of the file's")
        << inFile("  api_token: x\n")
        << u"cyberwave.yml:2: api_token cannot be set here; it is ignored. "
           "Set CYBERWAVE_API_TOKEN in the environment or in .env."_s;
    QTest::newRow("a key given twice")
        << inFile("  training: a\n  inference: b\n  training: c\n")
        << u"cyberwave.yml:4: training is given twice; this one counts, the one in line 2 does not"_s;
    QTest::newRow("both names of one setting")
        << inFile("  install: a\n  install_script: b\n")
        << u"cyberwave.yml:3: install is the newer name of install_script; only install counts. "
           "Remove install_script."_s;
    QTest::newRow("both wrappers")
        << QByteArray("cyberwave:\n  training: b\ncyberwave-cloud-node:\n  training: a\n")
        << u"cyberwave.yml:1: cyberwave stands beside cyberwave-cloud-node and is ignored. "
           "Move it below cyberwave-cloud-node."_s;
    QTest::newRow("a key beside the wrapper")
        << inFile("  training: a\nmqtt_host: x\n")
        << u"cyberwave.yml:3: mqtt_host stands beside cyberwave-cloud-node and is ignored. "
           "Move it below cyberwave-cloud-node."_s;
    QTest::newRow("a key that is a list")
        << inFile("  [a, b]: c\n") << u"cyberwave.yml:2: has a key that is not a word; it is ignored"_s;
}

void TestConfigFile::warns()
{
    QFETCH(QByteArray, yml);
    QFETCH(QString, warning);
    const auto loaded = load({.yml = yml});
    QVERIFY2(loaded, loaded ? "" : qPrintable(loaded.error().text()));
    QCOMPARE(texts(loaded->warnings), QStringList{warning});
}

void TestConfigFile::doesNotWarnWithoutEnd()
{
    const auto loaded = load({.yml = QByteArray("training: a\n").repeated(1000)});
    QVERIFY(loaded);
    QCOMPARE(loaded->warnings.size(), 21);
    QCOMPARE(loaded->warnings.last().text(), u"cyberwave.yml: has 979 more such problems"_s);
}

void TestConfigFile::notesKeysOfOtherPrograms()
{
    const auto loaded = load({.yml = inFile("  training: x\n  version: '1'\n  gpu: true\n  models: [a]\n")});
    QVERIFY(loaded);
    QCOMPARE(texts(loaded->warnings), QStringList());
    QCOMPARE(texts(loaded->notes),
             QStringList{u"cyberwave.yml:3: not used by this node: version, gpu, models"_s});
}

void TestConfigFile::saysNothingAboutAGoodFile()
{
    const auto loaded =
        load({.yml = inFile("  install_script: pip install\n  training: python3 train.py {body}\n"
                            "  inference: python3 infer.py --params {body}\n"
                            "  profile_slug: gpu\n  heartbeat_interval: 30\n")});
    QVERIFY(loaded);
    QCOMPARE(texts(loaded->warnings + loaded->notes), QStringList());
    QCOMPARE(loaded->configFile, path(u"work/cyberwave.yml"_s));
}

void TestConfigFile::takesFilesByTheirWrapper_data()
{
    QTest::addColumn<QByteArray>("yml");
    QTest::addColumn<QString>("training");
    QTest::newRow("the specification's") << inFile("  training: a\n") << u"a"_s;
    QTest::newRow("the newer one") << QByteArray("cyberwave:\n  training: a\n") << u"a"_s;
    QTest::newRow("none") << QByteArray("training: a\n") << u"a"_s;
    QTest::newRow("the specification's before the newer one")
        << QByteArray("cyberwave:\n  training: b\ncyberwave-cloud-node:\n  training: a\n") << u"a"_s;
    QTest::newRow("an empty section") << QByteArray("cyberwave-cloud-node:\n") << QString();
    QTest::newRow("an empty file") << QByteArray("# nothing\n") << QString();
    QTest::newRow("with a byte order mark") << QByteArray("\xef\xbb\xbftraining: a\n") << u"a"_s;
    QTest::newRow("with Windows line ends") << QByteArray("cyberwave:\r\n  training: a\r\n") << u"a"_s;
}

void TestConfigFile::takesFilesByTheirWrapper()
{
    QFETCH(QByteArray, yml);
    const auto loaded = load({.yml = yml});
    QVERIFY2(loaded, loaded ? "" : qPrintable(loaded.error().text()));
    QTEST(loaded->config.training, "training");
}

void TestConfigFile::takesFrontMatterThatIsMeantForIt_data()
{
    QTest::addColumn<QByteArray>("readme");
    QTest::addColumn<QString>("origin"); // of training; "default": not taken
    const QString taken = u"README.md:3"_s;
    const QString ignored = u"default"_s;
    QTest::newRow("with a wrapper key") << QByteArray("---\ncyberwave:\n  training: a\n---\n# Hi\n") << taken;
    QTest::newRow("with the specification's wrapper key")
        << QByteArray("---\ncyberwave-cloud-node:\n  training: a\n---\n") << taken;
    QTest::newRow("flat") << QByteArray("---\nname: x\ntraining: a\n---\n") << taken;
    QTest::newRow("with Windows line ends")
        << QByteArray("---\r\nname: x\r\ntraining: a\r\n---\r\n") << taken;
    QTest::newRow("of a model card") << QByteArray("---\nlicense: mit\ntraining: a\ninference: false\n---\n")
                                     << ignored;
    QTest::newRow("of a web site") << QByteArray("---\ntitle: x\nlayout: y\n---\n") << ignored;
    QTest::newRow("not at the top") << QByteArray("# Hi\n---\ntraining: a\n---\n") << ignored;
    QTest::newRow("never closed") << QByteArray("---\nname: x\ntraining: a\n") << ignored;
    QTest::newRow("a table") << QByteArray("a|b\n---|---\ntraining: a\n---\n") << ignored;
    QTest::newRow("no YAML") << QByteArray("---\n: {\n---\n") << ignored;
    QTest::newRow("empty") << QByteArray("---\n---\n") << ignored;
}

void TestConfigFile::takesFrontMatterThatIsMeantForIt()
{
    QFETCH(QByteArray, readme);
    QFETCH(QString, origin);
    write(u"work/README.md"_s, readme);
    const auto loaded = load({});
    QVERIFY2(loaded, loaded ? "" : qPrintable(loaded.error().text()));
    QCOMPARE(loaded->origin(u"training"), origin);
    QCOMPARE(loaded->configFile.isEmpty(), origin == u"default"_s);
    // A real configuration file, even one that says nothing, comes first.
    QCOMPARE(load({.yml = "# nothing\n"})->origin(u"training"), u"default"_s);
}

void TestConfigFile::givenFileDecidesWhereCommandsRun()
{
    write(u"work/sub/other.yml"_s, "training: a\nresults_folder: out\n");
    write(u"work/sub/.env"_s, "CYBERWAVE_API_TOKEN=from-sub");
    ConfigRequest request =
        this->request({.yml = "training: b\n", .workingDotEnv = "CYBERWAVE_API_TOKEN=no"});
    request.configFile = u"sub/other.yml"_s;
    const auto loaded = loadConfig(request);
    QVERIFY(loaded);
    QCOMPARE(loaded->config.training, u"a"_s);
    QCOMPARE(loaded->origin(u"training"), u"sub/other.yml:1"_s);
    QCOMPARE(loaded->config.workingDirectory, path(u"work/sub"_s));
    QCOMPARE(loaded->config.resultsFolder, path(u"work/sub/out"_s));
    QCOMPARE(loaded->config.apiToken, u"from-sub"_s);
}

void TestConfigFile::givenFileMustExist()
{
    ConfigRequest request = this->request({});
    request.configFile = u"none.yml"_s;
    const auto loaded = loadConfig(request);
    QVERIFY(!loaded);
    QCOMPARE(loaded.error().where, path(u"work/none.yml"_s));

    write(u"work/README.md"_s, "---\ntraining: a\n---\n");
    QVERIFY(loadConfig(request));

    request.configFile = u"."_s;
    QVERIFY(loadConfig(request).error().what.contains(u"is a folder"_s));
}

void TestConfigFile::survivesHostileFiles_data()
{
    QTest::addColumn<QByteArray>("yml");
    QTest::addColumn<QString>("problem"); // empty: it loads
    QByteArray bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x]\n";
    for (int i = 1; i < 30; ++i) {
        const QByteArray last = "*a" + QByteArray::number(i - 1);
        bomb += "a" + QByteArray::number(i) + ": &a" + QByteArray::number(i) + " [" +
                (last + ",").repeated(9) + last + "]\n";
    }
    QTest::newRow("aliases that multiply") << bomb + "training: *a29\n" << u"training is a list"_s;
    QTest::newRow("an alias of itself") << QByteArray("training: &a [*a]\n") << u"training is a list"_s;
    QTest::newRow("an unknown alias") << QByteArray("training: *a\n") << u"not valid YAML"_s;
    QTest::newRow("brackets without end") << QByteArray(1'000'000, '[') << u"nested too deeply"_s;
    QTest::newRow("braces without end") << QByteArray("{a: ").repeated(250'000) << u"nested too deeply"_s;
    QTest::newRow("dashes without end") << QByteArray("- ").repeated(500'000) << u"nested too deeply"_s;
    QTest::newRow("keys without end") << QByteArray("? ").repeated(500'000) << u"nested too deeply"_s;
    QTest::newRow("a list without end") << "[" + QByteArray("a,").repeated(400'000) << u"not valid YAML"_s;
    QTest::newRow("a quote without end") << "a: '" + QByteArray(1'000'000, 'x') << u"not valid YAML"_s;
    QTest::newRow("zeros") << QByteArray(100'000, '\0') << QString();
    QTest::newRow("no UTF-8") << QByteArray("training: \xff\xfe\xc3\n") << QString();
    QTest::newRow("too large") << QByteArray(2'000'000, '#') << u"larger than"_s;
    QTest::newRow("the same key for ever") << QByteArray("training: a\n").repeated(20'000) << QString();
}

void TestConfigFile::survivesHostileFiles()
{
    QFETCH(QByteArray, yml);
    QFETCH(QString, problem);
    const auto loaded = load({.yml = yml});
    if (problem.isEmpty())
        return; // it did not crash, hang or throw
    QVERIFY(!loaded);
    QVERIFY2(loaded.error().what.contains(problem), qPrintable(loaded.error().text()));
    QVERIFY(loaded.error().text().size() < 1000);
}

void TestConfigFile::readsLimitsBelowTheirType()
{
    const auto loaded = load({.yml = inFile("  limits:\n"
                                            "    training:\n"
                                            "      memory_mb: 4096\n"
                                            "      nice: 10\n"
                                            "      io_class: idle\n"
                                            "      timeout_seconds: 60\n"
                                            "      no_new_privileges: yes\n"
                                            "      memory_mib: 1\n"
                                            "    inference: &same\n"
                                            "      cpu_percent: 150\n"
                                            "      processes: 20\n"
                                            "    simulate: *same\n")});
    QVERIFY2(loaded, loaded ? "" : qPrintable(loaded.error().text()));
    const NodeConfig &config = loaded->config;
    QVERIFY(config.trainingLimits == (WorkloadLimits{.memoryMiB = 4096,
                                                     .niceness = 10,
                                                     .ioClass = u"idle"_s,
                                                     .noNewPrivileges = true,
                                                     .timeout = 60s}));
    QVERIFY(config.inferenceLimits == (WorkloadLimits{.cpuPercent = 150, .processes = 20}));
    QVERIFY(config.simulateLimits == config.inferenceLimits);
    QCOMPARE(loaded->origin(u"limits.training.nice"), u"cyberwave.yml:5"_s);
    QCOMPARE(texts(loaded->warnings),
             QStringList{u"cyberwave.yml:9: unknown key limits.training.memory_mib; it is ignored. "
                         "Did you mean limits.training.memory_mb?"_s});
    const auto wrong = load({.yml = inFile("  limits:\n    training:\n      io_class: realtime\n")});
    QVERIFY(!wrong);
    QCOMPARE(wrong.error().text(), u"cyberwave.yml:4: limits.training.io_class is \"realtime\", "
                                   "expected best-effort or idle"_s);
}

void TestConfigFile::warnsOfAPasswordThatEverybodyCanRead()
{
    const ConfigRequest asked = request({.yml = inFile("  mqtt_password: a-password\n")});
    QCOMPARE(loadConfig(asked)->warnings.size(), 0);
    QCOMPARE(::chmod(QFile::encodeName(path(u"work/cyberwave.yml"_s)).constData(), 0644), 0);
    const auto loaded = loadConfig(asked);
    QVERIFY(loaded);
    QCOMPARE(loaded->warnings.size(), 1);
    QVERIFY(loaded->warnings.first().text().startsWith(
        u"cyberwave.yml:2: mqtt_password stands in a file that everybody on this computer can read"_s));
}

void TestConfigFile::tlsFollowsThePort_data()
{
    QTest::addColumn<QByteArray>("yml");
    QTest::addColumn<QString>("flag");
    QTest::addColumn<bool>("tls");
    QTest::newRow("1883") << inFile("  mqtt_port: 1883\n") << QString() << false;
    QTest::newRow("8883") << inFile("  mqtt_port: 8883\n") << QString() << true;
    QTest::newRow("8883 by flag") << inFile("  mqtt_port: 1883\n") << u"8883"_s << true;
    QTest::newRow("1883 by flag") << inFile("  mqtt_port: 8883\n") << u"1883"_s << false;
    QTest::newRow("8883 without") << inFile("  mqtt_port: 8883\n  mqtt_use_tls: no\n") << QString() << false;
    QTest::newRow("1883 with") << inFile("  mqtt_use_tls: yes\n") << QString() << true;
}

void TestConfigFile::tlsFollowsThePort()
{
    QFETCH(QByteArray, yml);
    QFETCH(QString, flag);
    ConfigRequest request = this->request({.yml = yml});
    request.mqttPort = flag;
    QTEST(loadConfig(request)->config.mqttUseTls, "tls");
}

void TestConfigFile::makesPathsAbsolute()
{
    write(u"home/ca.pem"_s, "x");
    const auto loaded = load({.yml = inFile("  results_folder: a/../out\n  mqtt_tls_ca_certs: ~/ca.pem\n")});
    QVERIFY2(loaded, loaded ? "" : qPrintable(loaded.error().text()));
    QCOMPARE(loaded->config.resultsFolder, path(u"work/out"_s));
    QCOMPARE(loaded->config.mqttTlsCaCerts, path(u"home/ca.pem"_s));
}

QTEST_GUILESS_MAIN(TestConfigFile)
#include "tst_configfile.moc"
