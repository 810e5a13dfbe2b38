#pragma once

#include <QMap>
#include <QProcessEnvironment>
#include <QString>
#include <QTemporaryDir>

namespace cloudnode::faults {

/// Has the programs of a node killed at chosen steps, by the library cloudnode-steps (see steps.cpp).
class KillOrder {
public:
    /// Puts the library into what a node and all it starts inherit.
    void addTo(QProcessEnvironment &environment) const;

    /// The next process to be started, or to be given a workload, obeys: it dies before its `count`th such
    /// step.
    void give(const QString &step, int count) const;
    void withdraw() const;
    /// Whether nobody has obeyed yet.
    bool isPending() const;

    /// Every step taken since the last call, and how often the one process did that took it most often.
    QMap<QString, int> takeTrace() const;
    /// Whether steps are written down, which takes time; from the next start on.
    void setTracing(bool on) { m_tracing = on; }
    /// Has the node call the runner for each workload, as where no runner can wait for orders; from the next
    /// start on.
    void refuseService() { m_withoutService = true; }

private:
    QString orderPath() const { return m_folder.filePath(QStringLiteral("order")); }
    QString tracePath() const { return m_folder.filePath(QStringLiteral("trace")); }

    QTemporaryDir m_folder;
    bool m_tracing = false;
    bool m_withoutService = false;
};

} // namespace cloudnode::faults
