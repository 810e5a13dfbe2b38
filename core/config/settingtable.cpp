// The one table of settings. Whoever adds a setting adds it here, and a field to NodeConfig.
#include "config/setting.h"

#include <algorithm>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

namespace {

constexpr qint64 day = 86'400;
constexpr qint64 year = 365 * day;

/// What one type of workload may use.
QList<Setting> limitsOf(const QString &type, WorkloadLimits NodeConfig::*limits)
{
    using Kind = ValueKind;
    using Limits = WorkloadLimits;
    const auto named = [&type](const QString &name, Setting setting) {
        setting.key = u"limits.%1.%2"_s.arg(type, name);
        setting.fileKeys = QStringList{setting.key};
        setting.variables = {u"CYBERWAVE_LIMITS_%1_%2"_s.arg(type.toUpper(), name.toUpper())};
        return setting;
    };
    return {
        named(u"memory_mb"_s,
              {.kind = Kind::Number,
               .field = LimitField<int>{limits, &Limits::memoryMiB},
               .meaning = u"mebibytes of memory, of the whole workload or each process; 0: any"_s,
               .max = 1 << 30}),
        named(u"cpu_percent"_s, {.kind = Kind::Number,
                                 .field = LimitField<int>{limits, &Limits::cpuPercent},
                                 .meaning = u"share of the processors, 100 is one; 0: any; takes a cgroup"_s,
                                 .max = 1'000'000}),
        named(u"processes"_s, {.kind = Kind::Number,
                               .field = LimitField<int>{limits, &Limits::processes},
                               .meaning = u"processes and threads at once; 0: any; takes a cgroup"_s,
                               .max = 1 << 22}),
        named(u"nice"_s, {.kind = Kind::Number,
                          .field = LimitField<int>{limits, &Limits::niceness},
                          .meaning = u"how much it steps back for other programs"_s,
                          .max = 19}),
        named(u"io_class"_s, {.kind = Kind::Choice,
                              .field = LimitField<QString>{limits, &Limits::ioClass},
                              .meaning = u"how its disk accesses rank"_s,
                              .choices = {u"best-effort"_s, u"idle"_s}}),
        named(u"timeout_seconds"_s,
              {.kind = Kind::Seconds,
               .field = LimitField<std::chrono::seconds>{limits, &Limits::timeout},
               .meaning = u"time after which it is ended; 0: as workload_timeout_seconds says"_s,
               .max = year}),
        named(u"no_new_privileges"_s,
              {.kind = Kind::Flag,
               .field = LimitField<bool>{limits, &Limits::noNewPrivileges},
               .meaning = u"whether sudo and other set-user-id programs lose their effect"_s}),
    };
}

QList<Setting> makeTable()
{
    using Kind = ValueKind;
    using Config = NodeConfig;
    return {
        {.key = u"api_token"_s,
         .kind = Kind::Token,
         .field = &Config::apiToken,
         .variables = {u"CYBERWAVE_API_TOKEN"_s, u"CYBERWAVE_API_KEY"_s},
         .credential = u"token"_s,
         .meaning = u"the account's API token"_s,
         .secret = true},
        {.key = u"api_url"_s,
         .kind = Kind::Url,
         .field = &Config::apiUrl,
         .variables = {u"CYBERWAVE_API_URL"_s, u"CYBERWAVE_BASE_URL"_s},
         .credential = u"CYBERWAVE_BASE_URL"_s,
         .meaning = u"where the Cyberwave backend is"_s},
        {.key = u"api_tls_ca_certs"_s,
         .kind = Kind::Path,
         .field = &Config::apiTlsCaCerts,
         .fileKeys = {u"api_tls_ca_certs"_s},
         .variables = {u"CYBERWAVE_API_TLS_CA_CERTS"_s},
         .meaning = u"a PEM file of certificates to trust instead of the system's"_s},
        {.key = u"api_tls_certfile"_s,
         .kind = Kind::Path,
         .field = &Config::apiTlsCertificate,
         .fileKeys = {u"api_tls_certfile"_s},
         .variables = {u"CYBERWAVE_API_TLS_CERTFILE"_s},
         .meaning = u"a PEM file with the certificate to show the backend"_s},
        {.key = u"api_tls_keyfile"_s,
         .kind = Kind::Path,
         .field = &Config::apiTlsKey,
         .fileKeys = {u"api_tls_keyfile"_s},
         .variables = {u"CYBERWAVE_API_TLS_KEYFILE"_s},
         .meaning = u"a PEM file with its private key"_s},
        {.key = u"control_plane"_s,
         .kind = Kind::Choice,
         .field = &Config::controlPlane,
         .fileKeys = {u"control_plane"_s},
         .variables = {u"CYBERWAVE_CONTROL_PLANE"_s},
         .meaning = u"how the backend is spoken to; auto: by whichever of the two it answers"_s,
         .choices = {u"auto"_s, u"rest"_s, u"mqtt"_s}},
        {.key = u"workspace_slug"_s,
         .kind = Kind::Name,
         .field = &Config::workspaceSlug,
         .variables = {u"CYBERWAVE_WORKSPACE_SLUG"_s},
         .credential = u"workspace_slug"_s,
         .meaning = u"the workspace the node belongs to"_s},
        {.key = u"instance_uuid"_s,
         .kind = Kind::Name,
         .field = &Config::instanceUuid,
         .variables = {u"CYBERWAVE_CLOUD_NODE_INSTANCE_UUID"_s},
         .meaning = u"a preset instance, on provisioned machines"_s},
        {.key = u"slug"_s,
         .kind = Kind::Name,
         .field = &Config::slugHint,
         .variables = {u"CYBERWAVE_INSTANCE_SLUG"_s},
         .flag = u"--slug"_s,
         .meaning = u"the name the node would like to have"_s},
        {.key = u"profile_slug"_s,
         .kind = Kind::Text,
         .field = &Config::profileSlug,
         .fileKeys = {u"profile_slug"_s},
         .variables = {u"CYBERWAVE_PROFILE_SLUG"_s},
         .flag = u"--profile"_s,
         .meaning = u"the profile to register with"_s},
        {.key = u"environment"_s,
         .kind = Kind::Prefix,
         .field = &Config::environment,
         .variables = {u"CYBERWAVE_ENVIRONMENT"_s},
         .credential = u"CYBERWAVE_ENVIRONMENT"_s,
         .meaning = u"put in front of every topic as it is; none for production"_s},

        {.key = u"install_script"_s,
         .kind = Kind::Command,
         .field = &Config::installScript,
         .fileKeys = {u"install"_s, u"install_script"_s},
         .variables = {u"CYBERWAVE_INSTALL_SCRIPT"_s},
         .meaning = u"run once at every start, before anything else"_s},
        {.key = u"inference"_s,
         .kind = Kind::Command,
         .field = &Config::inference,
         .fileKeys = {u"inference"_s},
         .variables = {u"CYBERWAVE_INFERENCE_CMD"_s},
         .meaning = u"the command of an inference"_s},
        {.key = u"training"_s,
         .kind = Kind::Command,
         .field = &Config::training,
         .fileKeys = {u"training"_s},
         .variables = {u"CYBERWAVE_TRAINING_CMD"_s},
         .meaning = u"the command of a training"_s},
        {.key = u"simulate"_s,
         .kind = Kind::Command,
         .field = &Config::simulate,
         .fileKeys = {u"simulate"_s},
         .variables = {u"CYBERWAVE_SIMULATE_CMD"_s},
         .meaning = u"the command of a simulation"_s},
        {.key = u"body_mode"_s,
         .kind = Kind::Mode,
         .field = &Config::bodyMode,
         .fileKeys = {u"body_mode"_s},
         .variables = {u"CYBERWAVE_BODY_MODE"_s},
         .meaning = u"whether {body} is the parameters as JSON or the path of a file that holds them"_s},
        {.key = u"expose_api_token"_s,
         .kind = Kind::Flag,
         .field = &Config::exposeApiToken,
         .fileKeys = {u"expose_api_token"_s},
         .variables = {u"CYBERWAVE_EXPOSE_API_TOKEN"_s},
         .meaning = u"whether workloads may see the node's own token"_s},
        {.key = u"upload_results"_s,
         .kind = Kind::Flag,
         .field = &Config::uploadResults,
         .fileKeys = {u"upload_results"_s},
         .variables = {u"CYBERWAVE_UPLOAD_RESULTS"_s},
         .meaning = u"whether the result files of a workload are uploaded after its success"_s},
        {.key = u"results_folder"_s,
         .kind = Kind::Path,
         .field = &Config::resultsFolder,
         .fileKeys = {u"results_folder"_s},
         .variables = {u"CYBERWAVE_RESULTS_FOLDER"_s},
         .meaning = u"where result files are looked for besides CYBERWAVE_RESULTS_DIR"_s},

        {.key = u"max_concurrent_workloads"_s,
         .kind = Kind::Number,
         .field = &Config::maxConcurrentWorkloads,
         .fileKeys = {u"max_concurrent_workloads"_s},
         .variables = {u"CYBERWAVE_MAX_CONCURRENT_WORKLOADS"_s},
         .meaning = u"how many workloads may run at once"_s,
         .min = 1,
         .max = 10'000},
        {.key = u"cancel_grace_seconds"_s,
         .kind = Kind::Seconds,
         .field = &Config::cancelGrace,
         .fileKeys = {u"cancel_grace_seconds"_s},
         .variables = {u"CYBERWAVE_CANCEL_GRACE_SECONDS"_s},
         .meaning = u"time a cancelled workload has to end by itself"_s,
         .min = 0,
         .max = day},
        {.key = u"workload_timeout_seconds"_s,
         .kind = Kind::Seconds,
         .field = &Config::workloadTimeout,
         .fileKeys = {u"workload_timeout_seconds"_s},
         .variables = {u"CYBERWAVE_WORKLOAD_TIMEOUT_SECONDS"_s},
         .meaning = u"time after which a workload is ended; 0: never"_s,
         .min = 0,
         .max = year},
        {.key = u"keep_finished_workloads"_s,
         .kind = Kind::Number,
         .field = &Config::keepFinishedWorkloads,
         .fileKeys = {u"keep_finished_workloads"_s},
         .variables = {u"CYBERWAVE_KEEP_FINISHED_WORKLOADS"_s},
         .meaning = u"how many finished workloads are kept, with their logs; 0: all"_s,
         .min = 0,
         .max = 1'000'000},
        {.key = u"keep_finished_days"_s,
         .kind = Kind::Number,
         .field = &Config::keepFinishedDays,
         .fileKeys = {u"keep_finished_days"_s},
         .variables = {u"CYBERWAVE_KEEP_FINISHED_DAYS"_s},
         .meaning = u"how long they are kept; 0: for ever"_s,
         .min = 0,
         .max = 36'500},
        {.key = u"keep_finished_megabytes"_s,
         .kind = Kind::Number,
         .field = &Config::keepFinishedMegabytes,
         .fileKeys = {u"keep_finished_megabytes"_s},
         .variables = {u"CYBERWAVE_KEEP_FINISHED_MEGABYTES"_s},
         .meaning = u"how much of the disk they may take, with their logs; 0: any amount"_s,
         .min = 0,
         .max = 1'000'000'000},
        {.key = u"heartbeat_interval"_s,
         .kind = Kind::Seconds,
         .field = &Config::heartbeatInterval,
         .fileKeys = {u"heartbeat_interval"_s},
         .variables = {u"CYBERWAVE_HEARTBEAT_INTERVAL"_s},
         .meaning = u"time between two heartbeats"_s,
         .min = 1,
         .max = day},

        {.key = u"mqtt_host"_s,
         .kind = Kind::Host,
         .field = &Config::mqttHost,
         .fileKeys = {u"mqtt_host"_s},
         .variables = {u"CYBERWAVE_MQTT_HOST"_s},
         .credential = u"CYBERWAVE_MQTT_HOST"_s,
         .flag = u"--mqtt-host"_s,
         .meaning = u"the MQTT broker"_s},
        {.key = u"mqtt_port"_s,
         .kind = Kind::Number,
         .field = &Config::mqttPort,
         .fileKeys = {u"mqtt_port"_s},
         .variables = {u"CYBERWAVE_MQTT_PORT"_s},
         .credential = u"CYBERWAVE_MQTT_PORT"_s,
         .flag = u"--mqtt-port"_s,
         .meaning = u"its port"_s,
         .min = 1,
         .max = 65'535},
        {.key = u"mqtt_reconnect_max_seconds"_s,
         .kind = Kind::Seconds,
         .field = &Config::mqttReconnectMax,
         .fileKeys = {u"mqtt_reconnect_max_seconds"_s},
         .variables = {u"CYBERWAVE_MQTT_RECONNECT_MAX_SECONDS"_s},
         .meaning = u"the longest pause between two attempts to reach the broker"_s,
         .min = 1,
         .max = day},
        {.key = u"mqtt_use_tls"_s,
         .kind = Kind::Flag,
         .field = &Config::mqttUseTls,
         .fileKeys = {u"mqtt_use_tls"_s},
         .variables = {u"CYBERWAVE_MQTT_USE_TLS"_s},
         .meaning = u"whether to encrypt; by default on port 8883 only"_s},
        {.key = u"mqtt_tls_ca_certs"_s,
         .kind = Kind::Path,
         .field = &Config::mqttTlsCaCerts,
         .fileKeys = {u"mqtt_tls_ca_certs"_s},
         .variables = {u"CYBERWAVE_MQTT_TLS_CA_CERTS"_s},
         .meaning = u"a PEM file of certificates to trust instead of the system's"_s},
        {.key = u"mqtt_tls_certfile"_s,
         .kind = Kind::Path,
         .field = &Config::mqttTlsCertificate,
         .fileKeys = {u"mqtt_tls_certfile"_s},
         .variables = {u"CYBERWAVE_MQTT_TLS_CERTFILE"_s},
         .meaning = u"a PEM file with the certificate to show the broker"_s},
        {.key = u"mqtt_tls_keyfile"_s,
         .kind = Kind::Path,
         .field = &Config::mqttTlsKey,
         .fileKeys = {u"mqtt_tls_keyfile"_s},
         .variables = {u"CYBERWAVE_MQTT_TLS_KEYFILE"_s},
         .meaning = u"a PEM file with its private key"_s},
        {.key = u"mqtt_username"_s,
         .kind = Kind::Text,
         .field = &Config::mqttUsername,
         .fileKeys = {u"mqtt_username"_s},
         .variables = {u"CYBERWAVE_MQTT_USERNAME"_s},
         .meaning = u"by default the instance's uuid"_s},
        {.key = u"mqtt_password"_s,
         .kind = Kind::Text,
         .field = &Config::mqttPassword,
         .fileKeys = {u"mqtt_password"_s},
         .variables = {u"CYBERWAVE_MQTT_PASSWORD"_s},
         .meaning = u"by default the API token"_s,
         .secret = true},
    };
}

} // namespace

const QList<Setting> &allSettings()
{
    static const QList<Setting> table = makeTable() + limitsOf(u"inference"_s, &NodeConfig::inferenceLimits) +
                                        limitsOf(u"training"_s, &NodeConfig::trainingLimits) +
                                        limitsOf(u"simulate"_s, &NodeConfig::simulateLimits);
    return table;
}

const Setting *findSetting(QStringView key)
{
    const QList<Setting> &table = allSettings();
    const auto found =
        std::find_if(table.cbegin(), table.cend(), [key](const Setting &s) { return s.key == key; });
    return found == table.cend() ? nullptr : &*found;
}

const QStringList &knownFileKeys()
{
    static const QStringList known = [] {
        QStringList keys;
        for (const Setting &setting : allSettings())
            keys += setting.fileKeys;
        return keys;
    }();
    return known;
}

bool isFileKeyGroup(const QString &key)
{
    const QStringList &keys = knownFileKeys();
    return std::any_of(keys.cbegin(), keys.cend(),
                       [prefix = key + u'.'](const QString &known) { return known.startsWith(prefix); });
}

const QStringList &foreignFileKeys()
{
    static const QStringList keys = {u"version"_s, u"name"_s, u"requirements"_s, u"models"_s, u"workers"_s,
                                     u"input"_s,   u"gpu"_s,  u"runtime"_s,      u"model"_s,  u"resources"_s};
    return keys;
}

} // namespace cloudnode
