#include "node/workloadenvironment.h"

#include "base/secretmask.h"

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

namespace {

const QStringList secretNames = {u"CYBERWAVE_API_TOKEN"_s, u"CYBERWAVE_API_KEY"_s,
                                 u"CYBERWAVE_MQTT_PASSWORD"_s};

bool holds(const QString &value, const QString &secret)
{
    return secret.size() >= SecretMask::minLength && value.contains(secret);
}

} // namespace

QProcessEnvironment workloadEnvironment(const NodeConfig &config, const QProcessEnvironment &own)
{
    QProcessEnvironment environment;
    for (const auto &[name, value] : config.dotEnv.asKeyValueRange())
        environment.insert(name, value);
    environment.insert(own); // a variable that is really set beats a .env file's

    for (const QString &name : environment.keys()) {
        const QString value = environment.value(name);
        if (secretNames.contains(name) || holds(value, config.apiToken) || holds(value, config.mqttPassword))
            environment.remove(name);
    }
    if (config.exposeApiToken) {
        environment.insert(u"CYBERWAVE_API_TOKEN"_s, config.apiToken);
        environment.insert(u"CYBERWAVE_API_KEY"_s, config.apiToken);
    }
    return environment;
}

} // namespace cloudnode
