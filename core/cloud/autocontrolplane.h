#pragma once

#include "cloud/controlplane.h"

#include <functional>

namespace cloudnode {

/// Two generations of the cloud behind one ControlPlane: finds out by which of them the backend speaks, and
/// stays with it.
///
/// Decided is by what creates or registers an instance. REST is asked first, because a broker of that
/// generation must not see the token in a topic: creating over MQTT is tried only at a backend whose REST API
/// has no such path. A decision is given up again when its plane says that it has no such call, or has not
/// answered `patience` registrations in a row while the other one takes it.
class AutoControlPlane final : public ControlPlane {
    Q_OBJECT

public:
    static constexpr int patience = 3;

    /// `remembered`: the name of the plane that worked the last time; empty if none is known. `decided` is
    /// called with the name of the plane whenever it has changed.
    AutoControlPlane(std::unique_ptr<ControlPlane> rest, std::unique_ptr<ControlPlane> mqtt,
                     const QString &remembered, std::function<void(const QString &name)> decided,
                     QObject *parent = nullptr);

    /// Empty until it is decided or remembered.
    QString name() const override { return m_decided ? m_decided->name() : QString(); }
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
    /// One way to ask for an instance, whichever plane it is put to.
    using Question = std::function<void(ControlPlane &plane, QObject *context, CloudCallback<Instance> done)>;

    ControlPlane &current() const { return m_decided ? *m_decided : *m_rest; }
    ControlPlane &other() const { return &current() == m_rest.get() ? *m_mqtt : *m_rest; }
    enum class Missing { IsTheInstance, MayBeTheCall };
    /// `missing`: what a NotFound of a plane that is believed in says.
    void ask(const Question &question, Missing missing, QObject *context, CloudCallback<Instance> done);
    void askOther(const Question &question, const CloudError &firstError, QObject *context,
                  CloudCallback<Instance> done);
    bool isWorthAskingOther(const CloudError &error, Missing missing);
    void decide(ControlPlane &plane);

    std::unique_ptr<ControlPlane> m_rest;
    std::unique_ptr<ControlPlane> m_mqtt;
    std::function<void(const QString &name)> m_tellDecided;
    ControlPlane *m_decided = nullptr;
    int m_unanswered = 0; ///< registrations in a row
};

} // namespace cloudnode
