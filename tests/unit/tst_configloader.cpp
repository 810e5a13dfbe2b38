#include "config/configloader.h"
#include "config/setting.h"
#include "platform/atomicfile.h"

#include <QDir>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>

#include <memory>

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;
using namespace cloudnode;

namespace {

/// What lies around on one machine.
struct World {
    QByteArray yml = {};
    QStringList environment = {}; ///< "NAME=value"
    QByteArray workingDotEnv = {};
    QByteArray homeDotEnv = {};
    QByteArray systemDotEnv = {};
    QByteArray credentials = {};
    QByteArray identity = {};
    QStringList flags = {}; ///< "slug=x"
};

QByteArray inFile(const QByteArray &lines)
{
    return "cyberwave-cloud-node:\n" + lines;
}

QStringList texts(const QList<Error> &errors)
{
    QStringList lines;
    for (const Error &error : errors)
        lines << error.text();
    return lines;
}

} // namespace

Q_DECLARE_METATYPE(World)

class TestConfigLoader : public QObject {
    Q_OBJECT

private slots:
    void init();

    void theTableHasNoGaps();
    void defaultsAreTheSpecifications();
    void precedence_data();
    void precedence();
    void takesEverySettingFromTheFile_data();
    void takesEverySettingFromTheFile();
    void reads_data();
    void reads();
    void refuses_data();
    void refuses();
    void neverShowsASecretInAnError();
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
    void closesFilesThatHoldSecrets_data();
    void closesFilesThatHoldSecrets();
    void warnsOfAPasswordThatEverybodyCanRead();

    void tlsFollowsThePort_data();
    void tlsFollowsThePort();
    void makesPathsAbsolute();
    void choosesTheStateDirectory_data();
    void choosesTheStateDirectory();
    void anotherStateDirectoryIsAnotherNode();
    void fallsBackToTheSystemFolder();
    void goesOnWithoutUnusableFiles();
    void missingTokenIsToldWithTheFourWays();
    void fromEnvLeavesTheFileAlone();
    void servesProgramsThatLinkTheLibrary();
    void knowsItsHomeWithoutHOME();

private:
    QString path(const QString &name) const { return m_root->filePath(name); }
    void write(const QString &name, const QByteArray &data) const;
    ConfigRequest request(const World &world = {}) const;
    Result<LoadedConfig> load(const World &world) const { return loadConfig(request(world)); }

    std::unique_ptr<QTemporaryDir> m_root;
};

void TestConfigLoader::init()
{
    m_root = std::make_unique<QTemporaryDir>();
    for (const QString &folder : {u"work"_s, u"home/.cyberwave"_s, u"system"_s})
        QVERIFY(QDir(m_root->path()).mkpath(folder));
}

void TestConfigLoader::write(const QString &name, const QByteArray &data) const
{
    QVERIFY(QDir().mkpath(QFileInfo(path(name)).path()));
    QVERIFY(atomicfile::write(path(name), data, atomicfile::Durability::ProcessDeath));
}

ConfigRequest TestConfigLoader::request(const World &world) const
{
    const auto writeUnlessEmpty = [this](const QString &name, const QByteArray &data) {
        if (!data.isEmpty())
            write(name, data);
    };
    writeUnlessEmpty(u"work/cyberwave.yml"_s, world.yml);
    writeUnlessEmpty(u"work/.env"_s, world.workingDotEnv);
    writeUnlessEmpty(u"home/.cyberwave/.env"_s, world.homeDotEnv);
    writeUnlessEmpty(u"system/.env"_s, world.systemDotEnv);
    writeUnlessEmpty(u"home/.cyberwave/credentials.json"_s, world.credentials);
    writeUnlessEmpty(u"home/.cyberwave/instance_identity.json"_s, world.identity);

    ConfigRequest request;
    request.currentDirectory = path(u"work"_s);
    request.homeFolder = path(u"home"_s);
    request.systemFolder = path(u"system"_s);
    for (const QString &pair : world.environment)
        request.environment.insert(pair.section(u'=', 0, 0), pair.section(u'=', 1));
    const QHash<QString, QString *> flags = {{u"slug"_s, &request.slug},
                                             {u"profile"_s, &request.profile},
                                             {u"mqtt-host"_s, &request.mqttHost},
                                             {u"mqtt-port"_s, &request.mqttPort}};
    for (const QString &pair : world.flags)
        *flags[pair.section(u'=', 0, 0)] = pair.section(u'=', 1);
    return request;
}

void TestConfigLoader::theTableHasNoGaps()
{
    QStringList keys;
    QStringList names;
    for (const Setting &setting : allSettings()) {
        QVERIFY2(!setting.variables.isEmpty(), qPrintable(setting.key));
        QVERIFY2(!setting.meaning.isEmpty(), qPrintable(setting.key));
        QCOMPARE(setting.max > 0, setting.kind == ValueKind::Number || setting.kind == ValueKind::Seconds);
        keys << setting.key;
        names += setting.fileKeys + setting.variables;
    }
    QCOMPARE(keys.removeDuplicates(), 0);
    QCOMPARE(names.removeDuplicates(), 0);
}

void TestConfigLoader::defaultsAreTheSpecifications()
{
    const auto loaded = load({});
    QVERIFY(loaded);
    const NodeConfig &config = loaded->config;
    QCOMPARE(config.apiToken, QString());
    QCOMPARE(config.apiUrl, QUrl(u"https://api.cyberwave.com"_s));
    QCOMPARE(config.profileSlug, u"default"_s);
    QCOMPARE(config.mqttHost, u"mqtt.cyberwave.com"_s);
    QCOMPARE(config.mqttPort, 1883);
    QCOMPARE(config.mqttUseTls, false);
    QCOMPARE(config.heartbeatInterval, 30s);
    QCOMPARE(config.maxConcurrentWorkloads, 1);
    QCOMPARE(config.cancelGrace, 10s);
    QCOMPARE(config.workloadTimeout, 0s);
    QCOMPARE(config.keepFinishedWorkloads, 1000);
    QCOMPARE(config.keepFinishedDays, 90);
    QCOMPARE(config.keepFinishedMegabytes, 10'000);
    QCOMPARE(config.exposeApiToken, false);
    QCOMPARE(config.bodyMode, BodyMode::Inline);
    QCOMPARE(config.uploadResults, true);
    QCOMPARE(config.resultsFolder, u"/results"_s);
    QCOMPARE(config.workingDirectory, path(u"work"_s));
    QCOMPARE(config.stateDir, path(u"home/.cyberwave"_s));
    QCOMPARE(loaded->configFile, QString());
    QCOMPARE(loaded->origin(u"mqtt_host"), u"default"_s);
    QCOMPARE(texts(loaded->warnings), QStringList());
}

void TestConfigLoader::precedence_data()
{
    QTest::addColumn<World>("world");
    QTest::addColumn<QString>("key");
    QTest::addColumn<QString>("value");
    QTest::addColumn<QString>("origin"); // without the folder in brackets
    const auto row = [](const char *name, const World &world, const char *key, const char *value,
                        const char *origin) {
        QTest::newRow(name) << world << QString::fromLatin1(key) << QString::fromLatin1(value)
                            << QString::fromLatin1(origin);
    };

    // Each row takes the strongest source of the row before it away.
    World token = {.environment = {u"CYBERWAVE_API_TOKEN=from-env"_s},
                   .workingDotEnv = "\nCYBERWAVE_API_TOKEN=from-work",
                   .homeDotEnv = "CYBERWAVE_API_TOKEN=from-home",
                   .systemDotEnv = "CYBERWAVE_API_TOKEN=from-system",
                   .credentials = R"({"token": "from-login"})"};
    row("token: environment", token, "api_token", "from-env", "environment CYBERWAVE_API_TOKEN");
    token.environment.clear();
    row("token: .env of the working directory", token, "api_token", "from-work", ".env:2");
    token.workingDotEnv.clear();
    row("token: .env of the home folder", token, "api_token", "from-home", ".env:1");
    token.homeDotEnv.clear();
    row("token: .env of the system", token, "api_token", "from-system", ".env:1");
    token.systemDotEnv.clear();
    row("token: login", token, "api_token", "from-login", "credentials.json");

    row("token: the older name beats its alias",
        {.environment = {u"CYBERWAVE_API_KEY=new"_s, u"CYBERWAVE_API_TOKEN=old"_s}}, "api_token", "old",
        "environment CYBERWAVE_API_TOKEN");
    row("token: an alias in the environment beats the name in .env",
        {.environment = {u"CYBERWAVE_API_KEY=new"_s}, .workingDotEnv = "CYBERWAVE_API_TOKEN=old"},
        "api_token", "new", "environment CYBERWAVE_API_KEY");
    row("token: set to nothing is not set",
        {.environment = {u"CYBERWAVE_API_TOKEN="_s}, .credentials = R"({"token": "from-login"})"},
        "api_token", "from-login", "credentials.json");
    row("token: set to nothing hides the same name in .env",
        {.environment = {u"CYBERWAVE_API_TOKEN="_s}, .workingDotEnv = "CYBERWAVE_API_TOKEN=x"}, "api_token",
        "", "default");

    World url = {.environment = {u"CYBERWAVE_API_URL=https://env"_s},
                 .homeDotEnv = "CYBERWAVE_BASE_URL=https://home",
                 .credentials = R"({"envs": {"CYBERWAVE_BASE_URL": "https://login"}})"};
    row("url: environment", url, "api_url", "https://env", "environment CYBERWAVE_API_URL");
    url.environment.clear();
    row("url: .env", url, "api_url", "https://home", ".env:1");
    url.homeDotEnv.clear();
    row("url: login", url, "api_url", "https://login", "credentials.json");
    row("url: default", {}, "api_url", "https://api.cyberwave.com", "default");
    row("url: set to nothing is not set", {.environment = {u"CYBERWAVE_API_URL="_s}}, "api_url",
        "https://api.cyberwave.com", "default");

    World host = {.yml = inFile("  mqtt_host: file\n"),
                  .environment = {u"CYBERWAVE_MQTT_HOST=env"_s},
                  .workingDotEnv = "CYBERWAVE_MQTT_HOST=work",
                  .credentials = R"({"envs": {"CYBERWAVE_MQTT_HOST": "login"}})",
                  .flags = {u"mqtt-host=flag"_s}};
    row("host: command line", host, "mqtt_host", "flag", "command line --mqtt-host");
    host.flags.clear();
    row("host: file", host, "mqtt_host", "file", "cyberwave.yml:2");
    host.yml = inFile("  training: x\n");
    row("host: environment, as the file has none", host, "mqtt_host", "env",
        "environment CYBERWAVE_MQTT_HOST");
    host.environment.clear();
    row("host: .env", host, "mqtt_host", "work", ".env:1");
    host.workingDotEnv.clear();
    row("host: login", host, "mqtt_host", "login", "credentials.json");

    World port = {.yml = inFile("\n  mqtt_port: 2\n"),
                  .environment = {u"CYBERWAVE_MQTT_PORT=3"_s},
                  .credentials = R"({"CYBERWAVE_MQTT_PORT": "4"})",
                  .flags = {u"mqtt-port=1"_s}};
    row("port: command line", port, "mqtt_port", "1", "command line --mqtt-port");
    port.flags.clear();
    row("port: file", port, "mqtt_port", "2", "cyberwave.yml:3");
    port.yml.clear();
    row("port: environment", port, "mqtt_port", "3", "environment CYBERWAVE_MQTT_PORT");
    port.environment.clear();
    row("port: login, not below envs", port, "mqtt_port", "4", "credentials.json");
    row("port: a number in the login does not count",
        {.credentials = R"({"envs": {"CYBERWAVE_MQTT_PORT": 4}})"}, "mqtt_port", "1883", "default");

    World user = {
        .yml = inFile("  mqtt_username: file\n  mqtt_password: file-password\n"),
        .environment = {u"CYBERWAVE_MQTT_USERNAME=env"_s, u"CYBERWAVE_MQTT_PASSWORD=env-password"_s}};
    row("username: file", user, "mqtt_username", "file", "cyberwave.yml:2");
    row("password: file", user, "mqtt_password", "file-password", "cyberwave.yml:3");
    user.yml.clear();
    row("username: environment", user, "mqtt_username", "env", "environment CYBERWAVE_MQTT_USERNAME");
    row("password: environment", user, "mqtt_password", "env-password",
        "environment CYBERWAVE_MQTT_PASSWORD");

    World profile = {.yml = inFile("  profile_slug: file\n"),
                     .environment = {u"CYBERWAVE_PROFILE_SLUG=env"_s},
                     .flags = {u"profile=flag"_s}};
    row("profile: command line", profile, "profile_slug", "flag", "command line --profile");
    profile.flags.clear();
    row("profile: file", profile, "profile_slug", "file", "cyberwave.yml:2");
    profile.yml.clear();
    row("profile: environment", profile, "profile_slug", "env", "environment CYBERWAVE_PROFILE_SLUG");
    row("profile: default", {}, "profile_slug", "default", "default");

    World commands = {.yml = inFile("  inference: file\n"),
                      .environment = {u"CYBERWAVE_INFERENCE_CMD=env"_s, u"CYBERWAVE_TRAINING_CMD=env"_s,
                                      u"CYBERWAVE_HEARTBEAT_INTERVAL=5"_s,
                                      u"CYBERWAVE_UPLOAD_RESULTS=false"_s}};
    row("commands: file", commands, "inference", "file", "cyberwave.yml:2");
    row("commands: the environment fills what the file leaves out", commands, "training", "env",
        "environment CYBERWAVE_TRAINING_CMD");
    row("heartbeat: environment", commands, "heartbeat_interval", "5",
        "environment CYBERWAVE_HEARTBEAT_INTERVAL");
    row("uploads: environment", commands, "upload_results", "false", "environment CYBERWAVE_UPLOAD_RESULTS");
    commands.yml = inFile("  heartbeat_interval: 7\n  upload_results: yes\n  inference:\n");
    row("heartbeat: file", commands, "heartbeat_interval", "7", "cyberwave.yml:2");
    row("uploads: file", commands, "upload_results", "true", "cyberwave.yml:3");
    row("commands: an empty key leaves it out", commands, "inference", "env",
        "environment CYBERWAVE_INFERENCE_CMD");
    row("install: the newer name wins", {.yml = inFile("  install: new\n  install_script: old\n")},
        "install_script", "new", "cyberwave.yml:2");

    World slug = {.environment = {u"CYBERWAVE_INSTANCE_SLUG=env"_s},
                  .identity = R"({"uuid": "u-1", "slug": "stored"})",
                  .flags = {u"slug=flag"_s}};
    row("slug: command line", slug, "slug", "flag", "command line --slug");
    slug.flags.clear();
    row("slug: environment", slug, "slug", "env", "environment CYBERWAVE_INSTANCE_SLUG");
    slug.environment.clear();
    row("slug: identity", slug, "slug", "stored", "instance_identity.json");
    row("slug: none", {}, "slug", "", "default");

    World uuid = {.environment = {u"CYBERWAVE_CLOUD_NODE_INSTANCE_UUID=env"_s},
                  .identity = R"({"uuid": "u-1", "slug": "stored"})"};
    row("instance: environment", uuid, "instance_uuid", "env",
        "environment CYBERWAVE_CLOUD_NODE_INSTANCE_UUID");
    uuid.environment.clear();
    row("instance: identity", uuid, "instance_uuid", "u-1", "instance_identity.json");

    World workspace = {.environment = {u"CYBERWAVE_WORKSPACE_SLUG=env"_s},
                       .credentials = R"({"workspace_slug": "login", "workspace_uuid": "w"})"};
    row("workspace: environment", workspace, "workspace_slug", "env", "environment CYBERWAVE_WORKSPACE_SLUG");
    workspace.environment.clear();
    row("workspace: login", workspace, "workspace_slug", "login", "credentials.json");

    World prefix = {.environment = {u"CYBERWAVE_ENVIRONMENT=dev/"_s},
                    .credentials = R"({"envs": {"CYBERWAVE_ENVIRONMENT": " staging "}})"};
    row("prefix: environment", prefix, "environment", "dev/", "environment CYBERWAVE_ENVIRONMENT");
    prefix.environment.clear();
    row("prefix: login", prefix, "environment", "staging", "credentials.json");
    prefix.environment = QStringList{u"CYBERWAVE_ENVIRONMENT= Production "_s};
    row("prefix: production is none", prefix, "environment", "", "environment CYBERWAVE_ENVIRONMENT");
}

void TestConfigLoader::precedence()
{
    QFETCH(World, world);
    QFETCH(QString, key);
    QFETCH(QString, value);
    QFETCH(QString, origin);
    const auto loaded = load(world);
    QVERIFY2(loaded, loaded ? "" : qPrintable(loaded.error().text()));
    for (const EffectiveSetting &setting : loaded->settings) {
        if (setting.key != key)
            continue;
        QCOMPARE(setting.value.toVariant().toString(), value);
        QCOMPARE(setting.origin.section(u" ("_s, 0, 0), origin);
        return;
    }
    QFAIL("no such setting is listed");
}

void TestConfigLoader::takesEverySettingFromTheFile_data()
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

void TestConfigLoader::takesEverySettingFromTheFile()
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

void TestConfigLoader::reads_data()
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

void TestConfigLoader::reads()
{
    QFETCH(QByteArray, line);
    QFETCH(QString, key);
    const auto loaded = load({.yml = inFile("  " + line + "\n")});
    QVERIFY2(loaded, loaded ? "" : qPrintable(loaded.error().text()));
    QTEST(findSetting(key)->text(loaded->config), "value");
}

void TestConfigLoader::refuses_data()
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

void TestConfigLoader::refuses()
{
    QFETCH(World, world);
    QFETCH(QString, where);
    QFETCH(QString, what);
    const auto loaded = load(world);
    QVERIFY(!loaded);
    QVERIFY2(loaded.error().where.endsWith(where), qPrintable(loaded.error().text()));
    QVERIFY2(loaded.error().what.contains(what), qPrintable(loaded.error().text()));
}

void TestConfigLoader::neverShowsASecretInAnError()
{
    const auto token = load({.environment = {u"CYBERWAVE_API_TOKEN=very secret"_s}});
    QVERIFY(!token);
    QVERIFY2(!token.error().text().contains(u"secret"_s), qPrintable(token.error().text()));
    const auto url = load({.environment = {u"CYBERWAVE_API_URL=https://ada:secret@host"_s}});
    QVERIFY(!url);
    QVERIFY2(!url.error().text().contains(u"secret"_s), qPrintable(url.error().text()));
}

void TestConfigLoader::warns_data()
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

void TestConfigLoader::warns()
{
    QFETCH(QByteArray, yml);
    QFETCH(QString, warning);
    const auto loaded = load({.yml = yml});
    QVERIFY2(loaded, loaded ? "" : qPrintable(loaded.error().text()));
    QCOMPARE(texts(loaded->warnings), QStringList{warning});
}

void TestConfigLoader::doesNotWarnWithoutEnd()
{
    const auto loaded = load({.yml = QByteArray("training: a\n").repeated(1000)});
    QVERIFY(loaded);
    QCOMPARE(loaded->warnings.size(), 21);
    QCOMPARE(loaded->warnings.last().text(), u"cyberwave.yml: has 979 more such problems"_s);
}

void TestConfigLoader::notesKeysOfOtherPrograms()
{
    const auto loaded = load({.yml = inFile("  training: x\n  version: '1'\n  gpu: true\n  models: [a]\n")});
    QVERIFY(loaded);
    QCOMPARE(texts(loaded->warnings), QStringList());
    QCOMPARE(texts(loaded->notes),
             QStringList{u"cyberwave.yml:3: not used by this node: version, gpu, models"_s});
}

void TestConfigLoader::saysNothingAboutAGoodFile()
{
    const auto loaded =
        load({.yml = inFile("  install_script: pip install\n  training: python3 train.py {body}\n"
                            "  inference: python3 infer.py --params {body}\n"
                            "  profile_slug: gpu\n  heartbeat_interval: 30\n")});
    QVERIFY(loaded);
    QCOMPARE(texts(loaded->warnings + loaded->notes), QStringList());
    QCOMPARE(loaded->configFile, path(u"work/cyberwave.yml"_s));
}

void TestConfigLoader::takesFilesByTheirWrapper_data()
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

void TestConfigLoader::takesFilesByTheirWrapper()
{
    QFETCH(QByteArray, yml);
    const auto loaded = load({.yml = yml});
    QVERIFY2(loaded, loaded ? "" : qPrintable(loaded.error().text()));
    QTEST(loaded->config.training, "training");
}

void TestConfigLoader::takesFrontMatterThatIsMeantForIt_data()
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

void TestConfigLoader::takesFrontMatterThatIsMeantForIt()
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

void TestConfigLoader::givenFileDecidesWhereCommandsRun()
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

void TestConfigLoader::givenFileMustExist()
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

void TestConfigLoader::survivesHostileFiles_data()
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

void TestConfigLoader::survivesHostileFiles()
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

void TestConfigLoader::readsLimitsBelowTheirType()
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

void TestConfigLoader::closesFilesThatHoldSecrets_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<int>("mode");
    QTest::addColumn<int>("after");
    QTest::newRow("credentials") << u"home/.cyberwave/credentials.json"_s
                                 << QByteArray(R"({"token":"a-secret-token"})") << 0644 << 0600;
    QTest::newRow("the user's .env") << u"home/.cyberwave/.env"_s
                                     << QByteArray("CYBERWAVE_API_KEY=a-secret-token\n") << 0640 << 0600;
    QTest::newRow("the project's .env")
        << u"work/.env"_s << QByteArray("CYBERWAVE_MQTT_PASSWORD=a-secret\n") << 0666 << 0600;
    QTest::newRow("a .env without secrets")
        << u"work/.env"_s << QByteArray("CYBERWAVE_MQTT_HOST=b\nCYBERWAVE_API_TOKEN=\n") << 0644 << 0644;
    QTest::newRow("one that is closed already")
        << u"work/.env"_s << QByteArray("CYBERWAVE_API_TOKEN=a-secret-token\n") << 0600 << 0600;
}

void TestConfigLoader::closesFilesThatHoldSecrets()
{
    QFETCH(QString, name);
    QFETCH(QByteArray, content);
    QFETCH(int, mode);
    QFETCH(int, after);
    write(name, content);
    const QByteArray file = QFile::encodeName(path(name));
    QCOMPARE(::chmod(file.constData(), static_cast<mode_t>(mode)), 0);
    const auto loaded = loadConfig(request());
    QVERIFY(loaded);
    struct stat info = {};
    QCOMPARE(::stat(file.constData(), &info), 0);
    QCOMPARE(static_cast<int>(info.st_mode & 07777), after);
    QCOMPARE(texts(loaded->warnings).join(u'\n').contains(u"was open to others"_s), mode != after);
    QVERIFY(!texts(loaded->warnings).join(u'\n').contains(u"a-secret"_s));
}

void TestConfigLoader::warnsOfAPasswordThatEverybodyCanRead()
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

void TestConfigLoader::tlsFollowsThePort_data()
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

void TestConfigLoader::tlsFollowsThePort()
{
    QFETCH(QByteArray, yml);
    QFETCH(QString, flag);
    ConfigRequest request = this->request({.yml = yml});
    request.mqttPort = flag;
    QTEST(loadConfig(request)->config.mqttUseTls, "tls");
}

void TestConfigLoader::makesPathsAbsolute()
{
    write(u"home/ca.pem"_s, "x");
    const auto loaded = load({.yml = inFile("  results_folder: a/../out\n  mqtt_tls_ca_certs: ~/ca.pem\n")});
    QVERIFY2(loaded, loaded ? "" : qPrintable(loaded.error().text()));
    QCOMPARE(loaded->config.resultsFolder, path(u"work/out"_s));
    QCOMPARE(loaded->config.mqttTlsCaCerts, path(u"home/ca.pem"_s));
}

void TestConfigLoader::choosesTheStateDirectory_data()
{
    QTest::addColumn<QString>("flag");
    QTest::addColumn<QString>("variable");
    QTest::addColumn<QString>("folder");
    QTest::addColumn<QString>("origin");
    QTest::newRow("by itself") << QString() << QString() << u"home/.cyberwave"_s << u"default"_s;
    QTest::newRow("by the environment")
        << QString() << u"~/edge"_s << u"home/edge"_s << u"environment CYBERWAVE_EDGE_CONFIG_DIR"_s;
    QTest::newRow("by flag") << u"second"_s << u"/edge"_s << u"work/second"_s
                             << u"command line --state-dir"_s;
}

void TestConfigLoader::choosesTheStateDirectory()
{
    QFETCH(QString, flag);
    QFETCH(QString, variable);
    QFETCH(QString, folder);
    ConfigRequest request = this->request({.environment = {u"CYBERWAVE_EDGE_CONFIG_DIR="_s + variable}});
    request.stateDir = flag;
    const auto loaded = loadConfig(request);
    QVERIFY(loaded);
    QCOMPARE(loaded->config.stateDir, path(folder));
    QTEST(loaded->origin(u"state_dir"), "origin");
    QVERIFY(!QFileInfo::exists(path(u"home/edge"_s))); // only looked at
}

void TestConfigLoader::anotherStateDirectoryIsAnotherNode()
{
    ConfigRequest request = this->request({.homeDotEnv = "CYBERWAVE_MQTT_HOST=home\nCYBERWAVE_MQTT_PORT=1\n",
                                           .credentials = R"({"token": "from-login"})",
                                           .identity = R"({"uuid": "first", "slug": "first"})"});
    write(u"second/.env"_s, "CYBERWAVE_MQTT_HOST=second\n");
    write(u"system/instance_identity.json"_s, R"({"uuid": "provisioned", "slug": "p"})");
    request.stateDir = path(u"second"_s);
    const auto loaded = loadConfig(request);
    QVERIFY(loaded);
    QCOMPARE(loaded->config.apiToken, u"from-login"_s); // one person, one login
    QCOMPARE(loaded->config.mqttHost, u"second"_s);
    QCOMPARE(loaded->config.mqttPort, 1);
    QVERIFY(!loaded->identity);
    QCOMPARE(loaded->config.instanceUuid, QString());
}

void TestConfigLoader::fallsBackToTheSystemFolder()
{
    write(u"system/credentials.json"_s, R"({"token": "from-system"})");
    write(u"system/instance_identity.json"_s, R"({"uuid": "provisioned", "slug": "p"})");
    const auto fresh = load({});
    QVERIFY(fresh);
    QCOMPARE(fresh->config.apiToken, u"from-system"_s);
    QCOMPARE(fresh->config.instanceUuid, u"provisioned"_s);
    QCOMPARE(fresh->config.slugHint, u"p"_s);
    QVERIFY(fresh->origin(u"instance_uuid").contains(path(u"system"_s)));

    const auto registered = load({.credentials = R"({"token": "mine"})", .identity = R"({"uuid": "own"})"});
    QVERIFY(registered);
    QCOMPARE(registered->config.apiToken, u"mine"_s);
    QCOMPARE(registered->config.instanceUuid, QString());
    QCOMPARE(registered->identity->uuid, u"own"_s);
}

void TestConfigLoader::goesOnWithoutUnusableFiles()
{
    const auto loaded = load({.workingDotEnv = "not a setting\nCYBERWAVE_API_TOKEN=x-token\n",
                              .credentials = "{",
                              .identity = "[]"});
    QVERIFY(loaded);
    QCOMPARE(loaded->config.apiToken, u"x-token"_s);
    QStringList places;
    for (const Error &warning : loaded->warnings)
        places << warning.where.mid(m_root->path().size());
    QCOMPARE(places, (QStringList{u"/work/.env:1"_s, u"/home/.cyberwave/credentials.json"_s,
                                  u"/home/.cyberwave/instance_identity.json"_s}));
}

void TestConfigLoader::missingTokenIsToldWithTheFourWays()
{
    const auto loaded = load({});
    QVERIFY(loaded);
    const auto missing = requireToken(loaded->config);
    QVERIFY(!missing);
    const QString text = missing.error().text();
    for (const QString &way : {u"CYBERWAVE_API_TOKEN"_s, path(u"work/.env"_s),
                               path(u"home/.cyberwave/.env"_s), path(u"home/.cyberwave/credentials.json"_s)})
        QVERIFY2(text.contains(way), qPrintable(text));
    QVERIFY(requireToken(load({.environment = {u"CYBERWAVE_API_KEY=x"_s}})->config));
}

void TestConfigLoader::fromEnvLeavesTheFileAlone()
{
    ConfigRequest request = this->request({.yml = "training: a\n"});
    request.useConfigFile = false;
    const auto loaded = loadConfig(request);
    QVERIFY(loaded);
    QCOMPARE(loaded->config.training, QString());
    QCOMPARE(loaded->configFile, QString());
}

void TestConfigLoader::servesProgramsThatLinkTheLibrary()
{
    write(u"home/.cyberwave/.env"_s, "CYBERWAVE_API_TOKEN=from-home\n");
    write(u"work/cyberwave.yml"_s, "training: a\nmqtt_prot: 1\n");
    const QByteArray home = qgetenv("HOME");
    qputenv("HOME", path(u"home"_s).toUtf8());
    for (const char *own : {"CYBERWAVE_API_TOKEN", "CYBERWAVE_API_KEY", "CYBERWAVE_EDGE_CONFIG_DIR"})
        qunsetenv(own);
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"unknown key mqtt_prot"_s));
    const auto fromFile = NodeConfig::fromConfigFile(path(u"work/cyberwave.yml"_s));
    const auto missing = NodeConfig::fromConfigFile(path(u"work/none.yml"_s));
    const auto fromEnv = NodeConfig::fromEnv();
    qputenv("HOME", home);
    QVERIFY(fromFile);
    QCOMPARE(fromFile->training, u"a"_s);
    QCOMPARE(fromFile->apiToken, u"from-home"_s);
    QCOMPARE(fromFile->workingDirectory, path(u"work"_s));
    QVERIFY(!missing);
    QVERIFY(fromEnv);
    QCOMPARE(fromEnv->stateDir, path(u"home/.cyberwave"_s));
}

void TestConfigLoader::knowsItsHomeWithoutHOME()
{
    const QByteArray home = qgetenv("HOME");
    qunsetenv("HOME");
    const QString found = ConfigRequest::ofThisProcess().homeFolder;
    qputenv("HOME", "/elsewhere");
    const QString given = ConfigRequest::ofThisProcess().homeFolder;
    qputenv("HOME", home);
    QVERIFY(QDir(found).exists());
    QVERIFY(found != u"/"_s || QDir::rootPath() == QDir::homePath());
    QCOMPARE(given, u"/elsewhere"_s);
}

QTEST_GUILESS_MAIN(TestConfigLoader)
#include "tst_configloader.moc"
