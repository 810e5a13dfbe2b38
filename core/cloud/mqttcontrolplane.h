#pragma once

#include "cloud/cloudapi.h"
#include "cloud/linksettings.h"
#include "cloud/mqttrequests.h"
#include "wire/topics.h"

namespace cloudnode {

class CommandLink;

struct MqttControlPlaneSettings {
    Topics topics;
    QString token;
    /// How to come in while the link is closed: a node without an instance has no reason yet to open it.
    LinkSettings wayIn;
};

/// The backend as a ControlPlane over MQTT 5 request/response, on the node's own link ("generation 2").
/// What that generation still has over REST alone goes there: fetchWorkload(), and what concerns result files
/// when nothing answers over MQTT.
/// Source: WIRE contract, "MQTT 5 request/response control plane".
class MqttControlPlane final : public ControlPlane {
    Q_OBJECT

public:
    /// Link and REST API must outlive this.
    MqttControlPlane(MqttControlPlaneSettings settings, CommandLink &link, CloudApi &rest,
                     QObject *parent = nullptr);

    QString name() const override { return QStringLiteral("mqtt"); }
    void createInstance(const QString &profileSlug, const QString &slugHint, QObject *context,
                        CloudCallback<Instance> done) override;
    void registerInstance(const QString &uuid, const QString &profileSlug, QObject *context,
                          CloudCallback<Instance> done) override;
    void heartbeat(const QString &uuid, QObject *context, CloudCallback<void> done) override;
    void sendLog(const Instance &instance, LogStream stream, const QByteArray &content, QObject *context,
                 CloudCallback<void> done) override;
    void reportTerminated(const Instance &instance, QObject *context, CloudCallback<void> done) override;
    void reportFailed(const Instance &instance, const QString &reason, QObject *context,
                      CloudCallback<void> done) override;
    void updateWorkload(const QString &workloadUuid, const QString &instanceUuid,
                        const WorkloadUpdate &update, QObject *context, CloudCallback<void> done) override;
    void fetchWorkload(const QString &workloadUuid, QObject *context,
                       CloudCallback<CloudWorkload> done) override;
    void requestUpload(const QString &workloadUuid, const QString &filename, QObject *context,
                       CloudCallback<UploadTarget> done) override;
    void confirmUploads(const QString &workloadUuid, const QList<UploadedFile> &files, QObject *context,
                        CloudCallback<void> done) override;

private:
    MqttRequest aboutInstance(const QString &uuid, const QString &action, const QJsonObject &payload) const;
    MqttRequest aboutWorkload(const QString &uuid, const QString &action, const QJsonObject &payload) const;
    void ask(const MqttRequest &request, QObject *context, MqttRequests::Done done);

    MqttControlPlaneSettings m_settings;
    CommandLink &m_link;
    CloudApi &m_rest;
    MqttRequests m_requests;
};

} // namespace cloudnode
