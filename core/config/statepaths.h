#pragma once

#include <QString>

namespace cloudnode {

/// Where things lie below one state directory. Names only: nothing is made or looked at.
class StatePaths {
public:
    /// `stateDir` is absolute.
    explicit StatePaths(QString stateDir) : m_stateDir(std::move(stateDir)) {}

    const QString &stateDir() const { return m_stateDir; }
    QString workloads() const { return below(QStringLiteral("workloads")); } ///< one directory a workload
    QString workloadLogs() const { return below(QStringLiteral("workload_logs")); }
    QString outbox() const { return below(QStringLiteral("outbox")); }     ///< responses not yet acknowledged
    QString refusals() const { return below(QStringLiteral("refusals")); } ///< not yet known to the backend
    QString events() const { return below(QStringLiteral("events.jsonl")); }
    QString paused() const
    {
        return below(QStringLiteral("paused"));
    } ///< there while the owner's pause lasts
    QString nodeLock() const { return below(QStringLiteral("node.lock")); } ///< held by the running node
    QString instanceIdentity() const { return below(QStringLiteral("instance_identity.json")); }
    QString controlPlane() const { return below(QStringLiteral("control_plane.json")); }
    QString credentials() const { return below(QStringLiteral("credentials.json")); }
    QString desktopSettings() const { return below(QStringLiteral("desktop.json")); }
    QString dotEnv() const { return below(QStringLiteral(".env")); }

    bool operator==(const StatePaths &other) const = default;

private:
    QString below(const QString &name) const { return m_stateDir + u'/' + name; }

    QString m_stateDir;
};

} // namespace cloudnode
