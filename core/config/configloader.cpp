#include "config/configloader.h"

#include "config/commandtemplate.h"
#include "config/configsources.h"
#include "config/setting.h"
#include "config/statepaths.h"
#include "platform/account.h"

#include <QDir>
#include <QFileInfo>

#include <algorithm>
#include <array>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

namespace {

constexpr quint16 tlsPort = 8883;

struct TlsFile {
    const char *key;
    QString NodeConfig::*path;
};

constexpr std::array tlsFiles = {
    TlsFile{"api_tls_ca_certs", &NodeConfig::apiTlsCaCerts},
    TlsFile{"api_tls_certfile", &NodeConfig::apiTlsCertificate},
    TlsFile{"api_tls_keyfile", &NodeConfig::apiTlsKey},
    TlsFile{"mqtt_tls_ca_certs", &NodeConfig::mqttTlsCaCerts},
    TlsFile{"mqtt_tls_certfile", &NodeConfig::mqttTlsCertificate},
    TlsFile{"mqtt_tls_keyfile", &NodeConfig::mqttTlsKey},
};

Error misplaced(const RawValue &raw, const Error &problem)
{
    return {raw.name + u' ' + problem.what, raw.place, problem.remedy};
}

/// Refuses what YAML makes of a value that was not meant as one word or text.
Result<void> checkShape(const Setting &setting, const FileValue &value)
{
    if (value.shape == FileValue::Shape::List || value.shape == FileValue::Shape::Mapping) {
        const bool list = value.shape == FileValue::Shape::List;
        return fail(u"is a %1, expected %2"_s.arg(list ? u"list"_s : u"mapping"_s, setting.expected()));
    }
    static const QStringList truthValues = {u"true"_s, u"false"_s, u"yes"_s, u"no"_s, u"on"_s, u"off"_s};
    if (setting.kind == ValueKind::Command && !value.quoted && truthValues.contains(value.text.toLower()))
        return fail(u"is %1, expected a shell command"_s.arg(value.text), {},
                    u"Leave the key out if there is none, or put the command in quotes."_s);
    return {};
}

Result<void> checkTemplate(const Setting &setting, const QString &text)
{
    const bool hasPlaceholders = setting.key != "install_script"_L1;
    if (setting.kind != ValueKind::Command || !hasPlaceholders)
        return {};
    return CommandTemplate::parse(text).map([](const CommandTemplate &) {}).map_error([](const Error &e) {
        return Error{u"cannot be used: "_s + e.what, e.where, e.remedy};
    });
}

/// Works out one LoadedConfig. The first Error ends it.
class Loader {
public:
    Loader(const ConfigRequest &request, const ConfigSources &sources)
        : m_request(request),
          m_sources(sources)
    {
    }

    Result<LoadedConfig> run()
    {
        m_result.warnings = m_sources.warnings();
        m_result.notes = m_sources.notes();
        m_result.configFile = m_sources.configFile();
        m_result.config.configFile = m_result.configFile;
        m_result.credentialsFolder = m_sources.folders().state;
        for (const Setting &setting : allSettings()) {
            if (auto resolved = resolve(setting); !resolved)
                return tl::make_unexpected(resolved.error());
        }
        settleFolders();
        settleTls();
        if (auto checked = checkTlsFiles(); !checked)
            return tl::make_unexpected(checked.error());
        settleIdentity();
        listSettings();
        hideSecrets(m_result.warnings);
        hideSecrets(m_result.notes);
        return m_result;
    }

private:
    Result<void> resolve(const Setting &setting)
    {
        const auto raw = m_sources.find(setting);
        if (!raw)
            return {};
        m_found.insert(setting.key, *raw);
        const FileValue &value = raw->value;
        return checkShape(setting, value)
            .and_then([&] { return setting.assign(value.text, m_result.config); })
            .and_then([&] { return checkTemplate(setting, value.text); })
            .map_error([&](const Error &problem) { return misplaced(*raw, problem); });
    }

    void settleFolders()
    {
        NodeConfig &config = m_result.config;
        config.workingDirectory = m_sources.folders().working;
        config.stateDir = m_sources.folders().state;
        config.dotEnv = m_sources.dotEnv();
        config.resultsFolder = inWorkingDirectory(config.resultsFolder);
        for (const TlsFile &file : tlsFiles)
            config.*file.path = inWorkingDirectory(config.*file.path);
    }

    QString inWorkingDirectory(const QString &path) const
    {
        return path.isEmpty() ? path
                              : absolutePath(path, m_result.config.workingDirectory, m_request.homeFolder);
    }

    void settleTls()
    {
        if (!m_found.contains(u"mqtt_use_tls"_s))
            m_result.config.mqttUseTls = m_result.config.mqttPort == tlsPort;
        for (const QString &key : {u"mqtt_tls_ca_certs"_s, u"mqtt_tls_certfile"_s, u"mqtt_tls_keyfile"_s}) {
            // Who gives one may think the connection is encrypted.
            if (!m_result.config.mqttUseTls && m_found.contains(key))
                m_result.warnings.append({u"%1 has no effect: the broker is spoken to without TLS"_s.arg(key),
                                          m_found[key].place, u"Set mqtt_use_tls: true."_s});
        }
    }

    /// What stands in them is read by who needs it.
    Result<void> checkTlsFiles() const
    {
        for (const TlsFile &known : tlsFiles) {
            const QString key = QLatin1StringView(known.key);
            const QString &path = m_result.config.*known.path;
            const QFileInfo file(path);
            if (!path.isEmpty() && !(file.isFile() && file.isReadable()))
                return fail(u"%1 is \"%2\", expected a file that can be read"_s.arg(key, path),
                            m_found[key].place);
        }
        return {};
    }

    void settleIdentity()
    {
        const StatePaths paths(m_result.config.stateDir);
        m_result.identity = loadIdentity(paths.instanceIdentity());
        m_identityOrigin = u"instance_identity.json"_s;
        if (m_result.identity || m_sources.folders().systemIdentity.isEmpty())
            return;
        // What a machine was provisioned with is a preset; the node writes its own file next.
        const StatePaths system(m_sources.folders().systemIdentity);
        if (const auto preset = loadIdentity(system.instanceIdentity()))
            usePreset(*preset, u"instance_identity.json (%1)"_s.arg(system.stateDir()));
    }

    std::optional<InstanceIdentity> loadIdentity(const QString &path)
    {
        const InstanceIdentity::Loaded loaded = InstanceIdentity::load(path);
        if (loaded.warning)
            m_result.warnings.append(*loaded.warning);
        return loaded.identity;
    }

    void usePreset(const InstanceIdentity &preset, const QString &origin)
    {
        NodeConfig &config = m_result.config;
        if (config.instanceUuid.isEmpty()) {
            config.instanceUuid = preset.uuid;
            m_found.insert(u"instance_uuid"_s, {{}, {}, origin, {}});
        }
        if (config.slugHint.isEmpty()) {
            config.slugHint = preset.slug;
            m_found.insert(u"slug"_s, {{}, {}, origin, {}});
        }
    }

    void listSettings()
    {
        for (const Setting &setting : allSettings()) {
            const bool none = setting.text(m_result.config).isEmpty();
            m_result.settings.append({setting.key, none ? QJsonValue() : setting.value(m_result.config),
                                      originOf(setting.key), setting.secret});
        }
        const ConfigFolders &folders = m_sources.folders();
        m_result.settings.append({u"working_directory"_s, folders.working, folders.workingOrigin});
        m_result.settings.append({u"state_dir"_s, folders.state, folders.stateOrigin});
        if (m_result.identity) {
            listIdentity(u"instance_uuid"_s, m_result.identity->uuid);
            listIdentity(u"slug"_s, m_result.identity->slug);
        }
    }

    QString originOf(const QString &key) const
    {
        const auto found = m_found.constFind(key);
        return found == m_found.cend() ? u"default"_s : found->origin;
    }

    /// Shows what the node will take from its identity; the configuration itself stays without.
    void listIdentity(const QString &key, const QString &value)
    {
        for (EffectiveSetting &setting : m_result.settings) {
            if (setting.key == key && setting.value.isNull() && !value.isEmpty())
                setting = {key, value, m_identityOrigin, false};
        }
    }

    /// A secret may have been written where a key belongs.
    void hideSecrets(QList<Error> &errors) const
    {
        if (errors.isEmpty())
            return;
        const SecretMask mask = m_result.secretMask();
        const auto masked = [&mask](const QString &text) {
            return QString::fromUtf8(mask.mask(text.toUtf8()));
        };
        for (Error &error : errors)
            error = {masked(error.what), masked(error.where), masked(error.remedy)};
    }

    const ConfigRequest &m_request;
    const ConfigSources &m_sources;
    LoadedConfig m_result;
    QHash<QString, RawValue> m_found;
    QString m_identityOrigin;
};

Result<NodeConfig> loadForLibrary(const ConfigRequest &request)
{
    return loadConfig(request).map([](const LoadedConfig &loaded) {
        for (const Error &warning : loaded.warnings)
            qWarning().noquote() << warning.text();
        return loaded.config;
    });
}

} // namespace

ConfigRequest ConfigRequest::ofThisProcess()
{
    ConfigRequest request;
    request.currentDirectory = QDir::currentPath();
    request.environment = QProcessEnvironment::systemEnvironment();
    request.homeFolder = request.environment.value(u"HOME"_s);
    if (request.homeFolder.isEmpty())
        request.homeFolder = account::homeFolder();
    return request;
}

QString LoadedConfig::origin(QStringView key) const
{
    const auto found = std::find_if(settings.cbegin(), settings.cend(),
                                    [key](const EffectiveSetting &setting) { return setting.key == key; });
    return found == settings.cend() ? QString() : found->origin;
}

SecretMask LoadedConfig::secretMask() const
{
    QList<QByteArray> secrets;
    for (const EffectiveSetting &setting : settings) {
        if (setting.secret)
            secrets << setting.value.toString().toUtf8();
    }
    return SecretMask(secrets);
}

Result<LoadedConfig> loadConfig(const ConfigRequest &request)
{
    return ConfigSources::open(request).and_then(
        [&request](const ConfigSources &sources) { return Loader(request, sources).run(); });
}

Result<void> requireToken(const NodeConfig &config)
{
    if (!config.apiToken.isEmpty())
        return {};
    return fail(u"there is no API token"_s, {},
                u"Give it in one of four ways:\n"
                "  1. in the environment:  export CYBERWAVE_API_TOKEN=…\n"
                "  2. in %1/.env:  CYBERWAVE_API_TOKEN=…\n"
                "  3. in %2/.env:  CYBERWAVE_API_TOKEN=…\n"
                "  4. by logging in:  cyberwave login  (it writes %2/credentials.json)"_s.arg(
                    config.workingDirectory, config.stateDir));
}

Result<NodeConfig> NodeConfig::fromConfigFile(const QString &path)
{
    ConfigRequest request = ConfigRequest::ofThisProcess();
    request.configFile = path;
    return loadForLibrary(request);
}

Result<NodeConfig> NodeConfig::fromEnv()
{
    ConfigRequest request = ConfigRequest::ofThisProcess();
    request.useConfigFile = false;
    return loadForLibrary(request);
}

} // namespace cloudnode
