#pragma once

#include "base/error.h"
#include "base/workloadlimits.h"

#include <QMap>
#include <QString>
#include <QUrl>

#include <chrono>

namespace cloudnode {

/// How a workload gets its parameters for {body}: as JSON text, or as the path of a file that holds it.
enum class BodyMode { Inline, File };

/// Everything a node needs to know before it starts, as plain values with the specification's defaults.
/// Fill it by hand, or with fromConfigFile() or fromEnv(), which also read credentials and .env files.
struct NodeConfig {
    // Account
    QString apiToken;
    QUrl apiUrl{QStringLiteral("https://api.cyberwave.com")};
    /// How the backend is spoken to: "rest", "mqtt", or "auto" for whichever of them it answers.
    QString controlPlane = QStringLiteral("auto");
    QString workspaceSlug;
    QString instanceUuid; ///< preset by provisioned machines; empty: the stored identity, or a new instance
    QString slugHint;     ///< the slug we would like
    QString profileSlug = QStringLiteral("default");
    QString environment; ///< topic prefix, put in front as it is; empty for production

    // Commands, run by a shell in workingDirectory
    QString installScript;
    QString inference; ///< templates; {body}, {body_file} and {request_id} are replaced, shell-quoted
    QString training;
    QString simulate;
    QString workingDirectory; ///< absolute
    BodyMode bodyMode = BodyMode::Inline;
    bool exposeApiToken = false; ///< whether workloads may see the node's own token

    // Broker
    QString mqttHost = QStringLiteral("mqtt.cyberwave.com");
    quint16 mqttPort = 1883;
    QString mqttUsername;
    QString mqttPassword;
    bool mqttUseTls = false;
    QString mqttTlsCaCerts;     ///< path of a PEM bundle; empty: the system's
    QString mqttTlsCertificate; ///< path of the client certificate, PEM; empty: none is presented
    QString mqttTlsKey;         ///< path of its key, PEM; given if, and only if, the certificate is
    std::chrono::seconds mqttReconnectMax{60}; ///< longest pause between two attempts to reach it

    // The same for the backend
    QString apiTlsCaCerts;
    QString apiTlsCertificate;
    QString apiTlsKey;

    // Limits
    std::chrono::seconds heartbeatInterval{30};
    int maxConcurrentWorkloads = 1;
    std::chrono::seconds cancelGrace{10};
    std::chrono::seconds workloadTimeout{0}; ///< 0: none
    WorkloadLimits inferenceLimits;          ///< a timeout given here counts instead of workloadTimeout
    WorkloadLimits trainingLimits;
    WorkloadLimits simulateLimits;
    int keepFinishedWorkloads = 1000;   ///< of those that are over, reported and shipped; 0: all of them
    int keepFinishedDays = 90;          ///< the same; 0: for ever
    int keepFinishedMegabytes = 10'000; ///< of disk, their logs included; 0: no limit
    bool uploadResults = true;
    QString resultsFolder = QStringLiteral("/results");

    QMap<QString, QString>
        dotEnv;         ///< what the .env files say, secrets too; workloads inherit it without those
    QString stateDir;   ///< absolute; ~/.cyberwave unless told otherwise
    QString configFile; ///< absolute path of the file that was read; empty: none

    /// From this file, the environment, .env files and credentials.json, in the specification's order.
    /// Errors: file, line, key and what was expected.
    static Result<NodeConfig> fromConfigFile(const QString &path);
    /// The same without a configuration file.
    static Result<NodeConfig> fromEnv();
};

} // namespace cloudnode
