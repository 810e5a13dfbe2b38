#include "cloud/linksettings.h"

#include "wire/topics.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QRandomGenerator>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

namespace {

QString firstOf(const QStringList &candidates)
{
    for (const QString &candidate : candidates) {
        if (!candidate.isEmpty())
            return candidate;
    }
    return {};
}

LinkSettings wayIn(const NodeConfig &config)
{
    return {
        .host = config.mqttHost,
        .port = config.mqttPort,
        .useTls = config.mqttUseTls,
        .tls = TlsSettings::ofBroker(config),
        .password = firstOf({config.mqttPassword, config.apiToken}),
    };
}

QByteArray lastWill(const Instance &instance)
{
    const QString farewell = u"The node has lost its connection to the broker"_s;
    const QJsonObject will{{u"status"_s, u"error"_s},
                           {u"request_id"_s, QJsonValue(QJsonValue::Null)},
                           {u"slug"_s, instance.slug},
                           {u"instance_uuid"_s, instance.uuid},
                           {u"error"_s, farewell}};
    return QJsonDocument(will).toJson(QJsonDocument::Compact);
}

} // namespace

LinkSettings LinkSettings::of(const NodeConfig &config, const Instance &instance)
{
    const Topics topics(config.environment);
    LinkSettings settings = wayIn(config);
    settings.username = firstOf({config.mqttUsername, instance.uuid});
    settings.clientId = u"cloudnode-"_s + instance.uuid;
    settings.commandTopics = {topics.command(instance.uuid)};
    if (Topics::isUsable(instance.slug))
        settings.commandTopics << topics.command(instance.slug);
    settings.willTopic = topics.response(instance.uuid);
    settings.willPayload = lastWill(instance);
    return settings;
}

LinkSettings LinkSettings::ofStranger(const NodeConfig &config)
{
    const QString suffix =
        QString::number(QRandomGenerator::global()->generate(), 16).rightJustified(8, u'0');
    LinkSettings settings = wayIn(config);
    settings.username = firstOf({config.mqttUsername, config.slugHint, u"cloud-node-bootstrap-"_s + suffix});
    settings.clientId = u"cloudnode-bootstrap-"_s + suffix;
    settings.sessionExpiry = std::chrono::seconds(0);
    return settings;
}

} // namespace cloudnode
