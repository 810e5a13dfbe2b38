#include "cloud/controlplanefactory.h"

#include "cloud/autocontrolplane.h"
#include "cloud/controlplanememory.h"
#include "cloud/mqttcontrolplane.h"

#include <QLoggingCategory>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

namespace {

Q_LOGGING_CATEGORY(logCloud, "cloudnode.cloud")

std::unique_ptr<CloudApi> makeRest(const NodeConfig &config)
{
    return std::make_unique<CloudApi>(CloudApiSettings{
        .rest = {.apiUrl = config.apiUrl, .token = config.apiToken, .tls = TlsSettings::ofBackend(config)},
        .workspaceSlug = config.workspaceSlug});
}

/// `rest` must outlive it.
std::unique_ptr<MqttControlPlane> makeMqtt(const NodeConfig &config, CommandLink &link, CloudApi &rest)
{
    return std::make_unique<MqttControlPlane>(
        MqttControlPlaneSettings{.topics = Topics(config.environment),
                                 .token = config.apiToken,
                                 .wayIn = LinkSettings::ofStranger(config)},
        link, rest);
}

} // namespace

std::unique_ptr<ControlPlane> makeControlPlane(const NodeConfig &config, const QString &memoryPath,
                                               CommandLink &link)
{
    auto rest = makeRest(config);
    if (config.controlPlane == u"rest")
        return rest;
    auto mqtt = makeMqtt(config, link, *rest);
    if (config.controlPlane == u"mqtt") {
        rest.release()->setParent(mqtt.get());
        return mqtt;
    }
    const ControlPlaneMemory memory(memoryPath);
    const auto note = [memory, apiUrl = config.apiUrl](const QString &plane) {
        if (const auto noted = memory.note(apiUrl, plane); !noted)
            qCWarning(logCloud).noquote() << noted.error().text();
    };
    return std::make_unique<AutoControlPlane>(std::move(rest), std::move(mqtt), memory.recall(config.apiUrl),
                                              note);
}

} // namespace cloudnode
