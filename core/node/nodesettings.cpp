#include "node/nodesettings.h"

#include "base/version.h"
#include "config/statepaths.h"
#include "node/workloadenvironment.h"

#include <QCoreApplication>
#include <QHostAddress>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode::nodesettings {

namespace {

RetentionLimits retentionLimits(const NodeConfig &config)
{
    return {.count = config.keepFinishedWorkloads,
            .age = std::chrono::hours(24) * config.keepFinishedDays,
            .bytes = qint64{config.keepFinishedMegabytes} * 1'000'000};
}

bool isLoopback(const QString &host)
{
    return host == u"localhost" || QHostAddress(host).isLoopback();
}

} // namespace

SecretMask mask(const NodeConfig &config)
{
    return SecretMask({config.apiToken.toUtf8(), config.mqttPassword.toUtf8()});
}

NodeFacts facts(const NodeConfig &config)
{
    return {
        .workspaceSlug = config.workspaceSlug,
        .profileSlug = config.profileSlug,
        .apiUrl = config.apiUrl.toString(QUrl::RemoveUserInfo),
        .hasInference = !config.inference.trimmed().isEmpty(),
        .hasTraining = !config.training.trimmed().isEmpty(),
        .hasSimulate = !config.simulate.trimmed().isEmpty(),
        .maxConcurrentWorkloads = config.maxConcurrentWorkloads,
        .pid = QCoreApplication::applicationPid(),
        .stateDir = config.stateDir,
        .configFile = config.configFile,
        .version = QString::fromLatin1(version()),
    };
}

LinkPatience linkPatience(const NodeConfig &config)
{
    LinkPatience patience;
    patience.longestRetry = config.mqttReconnectMax;
    return patience;
}

WorkloadPoolSettings pool(const NodeConfig &config, const SecretMask &mask, const QString &runner,
                          const QString &cgroups)
{
    const StatePaths paths(config.stateDir);
    return {
        .workloadsFolder = paths.workloads(),
        .logsFolder = paths.workloadLogs(),
        .runnerProgram = runner,
        .cgroupsFolder = cgroups,
        .environment = workloadEnvironment(config, mask, QProcessEnvironment::systemEnvironment()),
        .keep = retentionLimits(config),
    };
}

InstallScriptSettings installScript(const NodeConfig &config, const SecretMask &mask)
{
    const QString logs = StatePaths(config.stateDir).workloadLogs();
    return {
        .script = config.installScript,
        .workingDirectory = config.workingDirectory,
        .environment = workloadEnvironment(config, mask, QProcessEnvironment::systemEnvironment()),
        .stdoutPath = logs + u"/install.stdout.log"_s,
        .stderrPath = logs + u"/install.stderr.log"_s,
        .mask = mask,
    };
}

QList<Error> unencrypted(const NodeConfig &config, const LinkSettings &link)
{
    QList<Error> found;
    if (!link.useTls && !isLoopback(link.host))
        found << Error{u"the connection to %1 is not encrypted"_s.arg(link.host),
                       {},
                       u"Set mqtt_use_tls: true if the broker offers TLS."_s};
    if (config.apiUrl.scheme() == u"http" && !isLoopback(config.apiUrl.host()))
        found << Error{u"the API token travels to %1 without encryption"_s.arg(config.apiUrl.host()),
                       {},
                       u"Use an https:// URL if the backend offers it."_s};
    return found;
}

} // namespace cloudnode::nodesettings
