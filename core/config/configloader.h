#pragma once

#include "base/error.h"
#include "base/secretmask.h"
#include "config/instanceidentity.h"
#include "config/nodeconfig.h"

#include <QJsonValue>
#include <QList>
#include <QProcessEnvironment>
#include <QString>

#include <optional>

namespace cloudnode {

/// What loadConfig() is to look at. Everything it would otherwise take from the process is in here.
struct ConfigRequest {
    QString configFile;        ///< --config; empty: cyberwave.yml of the current directory, if there is one
    bool useConfigFile = true; ///< false: no file at all, not even one that is there
    QString slug;              ///< --slug; empty flags are flags not given
    QString profile;           ///< --profile
    QString mqttHost;          ///< --mqtt-host
    QString mqttPort;          ///< --mqtt-port
    QString stateDir;          ///< --state-dir
    QString currentDirectory;  ///< absolute
    QString homeFolder;        ///< absolute
    QString systemFolder = QStringLiteral("/etc/cyberwave"); ///< read where the user's folder has nothing
    QProcessEnvironment environment;

    /// No flags; directory, home and environment of this process. Home is that of the password database if
    /// HOME is not set, as in a system service.
    static ConfigRequest ofThisProcess();
};

/// One setting as it has come out.
struct EffectiveSetting {
    QString key;
    QJsonValue value;    ///< null: there is none
    QString origin;      ///< "cyberwave.yml:7", "environment CYBERWAVE_MQTT_HOST", "default", …
    bool secret = false; ///< `value` must not be shown
};

/// A configuration and how it came about.
struct LoadedConfig {
    NodeConfig config;
    QList<EffectiveSetting> settings;         ///< in the order in which people should read them
    QString configFile;                       ///< absolute path of the file that was used; empty: none
    QString credentialsFolder;                ///< where credentials.json is looked for first
    std::optional<InstanceIdentity> identity; ///< as stored in the state directory
    QList<Error> warnings;                    ///< to be shown, free of secrets; none stops the node
    QList<Error> notes;                       ///< of interest to the curious only

    /// Where the setting came from; empty if there is no such setting.
    QString origin(QStringView key) const;
    /// Blacks out every secret among the settings.
    SecretMask secretMask() const;
};

/// Reads all that says something about the node, in the specification's order. For each setting the first
/// that has a value: command line, cyberwave.yml, environment, .env of the working directory, .env of the
/// state directory, credentials.json, default. A missing token is no error here, see requireToken().
/// Errors: file, line, key and what was expected.
Result<LoadedConfig> loadConfig(const ConfigRequest &request);

/// Errors: there is no token; the remedy lists the four ways to give one.
Result<void> requireToken(const NodeConfig &config);

} // namespace cloudnode
