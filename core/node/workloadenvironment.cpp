#include "node/workloadenvironment.h"

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

namespace {

const QStringList secretNames = {u"CYBERWAVE_API_TOKEN"_s, u"CYBERWAVE_API_KEY"_s,
                                 u"CYBERWAVE_MQTT_PASSWORD"_s};

} // namespace

QProcessEnvironment workloadEnvironment(const NodeConfig &config, const SecretMask &mask,
                                        const QProcessEnvironment &own)
{
    QProcessEnvironment environment;
    for (const auto &[name, value] : config.dotEnv.asKeyValueRange())
        environment.insert(name, value);
    environment.insert(own); // a variable that is really set beats a .env file's

    for (const QString &name : environment.keys()) {
        const QByteArray value = environment.value(name).toUtf8();
        if (secretNames.contains(name) || mask.mask(value) != value)
            environment.remove(name);
    }
    if (config.exposeApiToken) {
        environment.insert(u"CYBERWAVE_API_TOKEN"_s, config.apiToken);
        environment.insert(u"CYBERWAVE_API_KEY"_s, config.apiToken);
    }
    return environment;
}

} // namespace cloudnode
