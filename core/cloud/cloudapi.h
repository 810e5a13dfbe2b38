#pragma once

#include "cloud/restclient.h"

#include <QHash>

namespace cloudnode {

struct CloudApiSettings {
    RestSettings rest;
    QString workspaceSlug; ///< empty: the token's own workspace
};

/// The backend's REST API as a ControlPlane: endpoints, bodies, and where the workspace goes.
/// Logs and last words go to the instance's own path; a backend that does not have it yet (404, 405) gets
/// them at the older common path. Which of the two worked is remembered, for each of the three apart.
class CloudApi final : public ControlPlane {
    Q_OBJECT

public:
    explicit CloudApi(CloudApiSettings settings, QObject *parent = nullptr);

    QString name() const override { return QStringLiteral("rest"); }

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
    /// What is not over is a PUT of the status; each end has a call of its own.
    void updateWorkload(const QString &workloadUuid, const QString &instanceUuid,
                        const WorkloadUpdate &update, QObject *context, CloudCallback<void> done) override;
    void fetchWorkload(const QString &workloadUuid, QObject *context,
                       CloudCallback<CloudWorkload> done) override;
    void requestUpload(const QString &workloadUuid, const QString &filename, QObject *context,
                       CloudCallback<UploadTarget> done) override;
    void confirmUploads(const QString &workloadUuid, const QList<UploadedFile> &files, QObject *context,
                        CloudCallback<void> done) override;

private:
    enum class PathStyle { OfInstance, Common };
    struct Report;

    QUrlQuery workspaceQuery() const;
    QJsonObject bodyOf(const Instance &instance) const;
    void send(const Report &report);
    void sendTo(PathStyle style, const Report &report, RestClient::Done done);
    void sendToOther(PathStyle tried, const CloudError &firstError, const Report &report);

    QString m_workspaceSlug;
    QHash<QString, PathStyle> m_worked; ///< by the last part of the path
    RestClient m_rest;
};

} // namespace cloudnode
