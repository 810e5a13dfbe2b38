#pragma once

#include "sandbox/workloadmodel.h"

namespace cloudnode::sandbox {

enum class InstanceState { Provisioning, Ready, Terminated, Failed };

/// One cloud node as the backend sees it.
struct CloudInstance {
    QString uuid; ///< version 4
    QString slug; ///< unique in its workspace
    QString profileSlug;
    QString workspaceSlug; ///< empty: the token's own
    QString provider;
    InstanceState state = InstanceState::Provisioning;
    int heartbeats = 0;
    QString failure; ///< what the last "failed" said
    QByteArray stdoutLog;
    QByteArray stderrLog;
};

/// The backend's memory: instances, what was said about them, and their workloads. Pure: no network.
///
/// Its own choices, where the contract leaves them to the backend: a slug that is taken in its workspace is
/// refused with 400, also if its owner has been terminated; without a hint slugs are node-1, node-2, ...;
/// a heartbeat of an instance that is not ready is refused with 400.
class CloudModel {
public:
    static constexpr qsizetype largestLog = 16 * 1024 * 1024; ///< bytes a stream; more is refused with 413

    CloudReply apply(const ApiCall &call);

    const CloudInstance *find(const QString &uuid) const;
    /// As if the backend had lost it. False if there is none.
    bool forget(const QString &uuid);
    /// As if its owner had ended it there. False if there is none.
    bool terminate(const QString &uuid);
    /// All of them, logs as their sizes only.
    QJsonArray describe() const;

    WorkloadModel &workloads() { return m_workloads; }

private:
    CloudReply create(const ApiCall &call);
    CloudReply registerInstance(const ApiCall &call);
    CloudReply heartbeat(const ApiCall &call);
    CloudReply log(const ApiCall &call);
    CloudReply terminated(const ApiCall &call);
    CloudReply failed(const ApiCall &call);
    CloudReply list(const ApiCall &call) const;

    CloudInstance *meant(const ApiCall &call);
    const CloudInstance *findSlug(const QString &workspaceSlug, const QString &slug) const;
    QString freeSlug(const QString &workspaceSlug) const;

    QList<CloudInstance> m_instances; // in the order of their creation
    WorkloadModel m_workloads;
};

} // namespace cloudnode::sandbox
