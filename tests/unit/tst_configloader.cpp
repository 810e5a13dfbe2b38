#include "config/setting.h"
#include "unit/configtest.h"

#include <QDir>
#include <QRegularExpression>
#include <QTest>

#include <sys/stat.h>

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;
using namespace cloudnode;
using namespace cloudnode::test;

/// Where each setting comes from, and which of several places counts. What the file may say: tst_configfile.
class TestConfigLoader : public ConfigTest {
    Q_OBJECT

private slots:
    void theTableHasNoGaps();
    void defaultsAreTheSpecifications();
    void precedence_data();
    void precedence();
    void neverShowsASecretInAnError();
    void closesFilesThatHoldSecrets_data();
    void closesFilesThatHoldSecrets();

    void choosesTheStateDirectory_data();
    void choosesTheStateDirectory();
    void anotherStateDirectoryIsAnotherNode();
    void fallsBackToTheSystemFolder();
    void goesOnWithoutUnusableFiles();
    void missingTokenIsToldWithTheFourWays();
    void fromEnvLeavesTheFileAlone();
    void servesProgramsThatLinkTheLibrary();
    void knowsItsHomeWithoutHOME();
};

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

void TestConfigLoader::neverShowsASecretInAnError()
{
    const auto token = load({.environment = {u"CYBERWAVE_API_TOKEN=very secret"_s}});
    QVERIFY(!token);
    QVERIFY2(!token.error().text().contains(u"secret"_s), qPrintable(token.error().text()));
    const auto url = load({.environment = {u"CYBERWAVE_API_URL=https://ada:secret@host"_s}});
    QVERIFY(!url);
    QVERIFY2(!url.error().text().contains(u"secret"_s), qPrintable(url.error().text()));
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
        places << warning.where.mid(path(QString()).size());
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
